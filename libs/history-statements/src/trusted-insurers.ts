/** The insurers whose statements are taken in, by the public keys they have published. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { publicKeySet, type PublicJwk } from './signing-key';

/** UZOVI to keys. An insurer that changes its key has the old and the new one for a while. */
export type TrustedInsurers = ReadonlyMap<string, readonly PublicJwk[]>;

const trusted = z.record(z.string().regex(/^\d{4}$/, 'an insurer is a UZOVI number of four digits'), publicKeySet);

/** The file cannot be used; the message says where and what to do. */
export class TrustedInsurersError extends Error {
  override readonly name = 'TrustedInsurersError';
}

/**
 * Reads `{"7095": {"keys": [ … ]}}`: per insurer the key set as that insurer publishes it. No file: nobody is trusted.
 * @throws TrustedInsurersError
 */
export async function loadTrustedInsurers(file: string | null): Promise<TrustedInsurers> {
  if (file === null) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new TrustedInsurersError(`The keys of trusted insurers cannot be read from ${file}: ${why}.`);
  }
  const parsed = trusted.safeParse(content);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new TrustedInsurersError(
      `${file} is not as it should be, {"UZOVI": {"keys": [ the published key ]}}:\n${faults.join('\n')}`,
    );
  }
  return new Map(Object.entries(parsed.data).map(([insurer, { keys }]) => [insurer, keys]));
}
