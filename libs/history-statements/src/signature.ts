/** A statement signed as compact JWS (RFC 7515), and read back from one that somebody else signed. */
import { createHash } from 'node:crypto';
import { compactVerify, CompactSign, decodeProtectedHeader, errors, importJWK } from 'jose';
import type { Refusal } from '#libs/dossiers';
import { ALGORITHM, type SigningKey } from './signing-key';
import { historyStatement, STATEMENT_TYPE, type HistoryStatement } from './statement';
import type { TrustedInsurers } from './trusted-insurers';

/** Far above any statement. */
const LIMIT_CHARACTERS = 100_000;

/** Signs; the same statement under the same key gives the same characters. */
export function signStatement(statement: HistoryStatement, key: SigningKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(statement)))
    .setProtectedHeader({ alg: ALGORITHM, kid: key.keyId, typ: STATEMENT_TYPE })
    .sign(key.privateKey);
}

/** SHA-256 of the signed statement, hex: what an import records as the digest of its document. */
export const digestOf = (signed: string): string => createHash('sha256').update(signed.trim()).digest('hex');

export type Verified =
  | { readonly outcome: 'verified'; readonly statement: HistoryStatement; readonly digest: string }
  | { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] };

const refused = (code: string, problem: string): Verified => ({
  outcome: 'refused',
  refusals: [{ code, field: 'statement', problem }],
});

/**
 * Whether a trusted insurer signed just this, and it has not expired. What it says is looked at only then; before, nothing but the name
 * of the insurer and of the key is read, to find the key.
 * @param nowMs milliseconds since 1970
 */
export async function verifyStatement(given: string, trusted: TrustedInsurers, nowMs: number): Promise<Verified> {
  const signed = given.trim();
  const named = namesOf(signed);
  if (named === null)
    return refused(
      'statement-unreadable',
      'this is not a signed history statement; take the file as it came, without changing or re-saving it',
    );
  const keys = trusted.get(named.insurer);
  if (keys === undefined)
    return refused(
      'insurer-not-trusted',
      `no key of insurer ${named.insurer} is configured; check who sent it, and add the key that the insurer publishes`,
    );
  const key = keys.find(({ kid }) => kid === named.keyId);
  if (key === undefined)
    return refused(
      'key-unknown',
      `it is signed with a key that is not among those configured of insurer ${named.insurer}; ask that insurer whether the key is new`,
    );
  let payload: Uint8Array;
  try {
    payload = (await compactVerify(signed, await importJWK(key, ALGORITHM), { algorithms: [ALGORITHM] })).payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    return refused('signature-invalid', 'its content was altered after it was signed, or another signed it; ask for it anew');
  }
  const parsed = historyStatement.safeParse(jsonOf(payload));
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    return refused('statement-unreadable', `the insurer signed something that cannot be read as a statement: ${fields}`);
  }
  const statement = parsed.data;
  if (statement.exp * 1000 <= nowMs)
    return refused('statement-expired', `it expired on ${dayOf(statement.exp)}; ask the insurer for a new one`);
  return { outcome: 'verified', statement, digest: digestOf(signed) };
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

/** Whose statement it says it is, and which key it says it was signed with; nothing of it is believed yet. */
function namesOf(signed: string): { readonly insurer: string; readonly keyId: string } | null {
  if (signed.length > LIMIT_CHARACTERS || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(signed)) return null;
  try {
    const { kid, typ } = decodeProtectedHeader(signed);
    const { iss } = jsonOf(Buffer.from(signed.split('.')[1] ?? '', 'base64url')) as { iss?: unknown };
    if (typ !== STATEMENT_TYPE || kid === undefined || typeof iss !== 'string' || !/^\d{4}$/.test(iss)) return null;
    return { insurer: iss, keyId: kid };
  } catch {
    return null;
  }
}

/** Null when it is not JSON. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    return null;
  }
}
