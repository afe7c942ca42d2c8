/** The key that our statements are signed with, and its public half as other insurers take it. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import { z } from 'zod';
import { makePrivateFile, PrivateFileError, readPrivateFile } from '#libs/platform';

/** The one algorithm in use: Ed25519 (RFC 8037). What a statement's own header says is compared with it and never followed. */
export const ALGORITHM = 'EdDSA';

export interface SigningKey {
  /** Thumbprint of the public key (RFC 7638): the same key has the same id everywhere. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: PublicJwk;
}

export const publicJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().min(1).max(200),
  alg: z.literal(ALGORITHM).optional(),
  use: z.literal('sig').optional(),
});
export type PublicJwk = z.infer<typeof publicJwk>;

export const publicKeySet = z.object({ keys: z.array(publicJwk) });
/** Public keys as they are published (RFC 7517). */
export type PublicKeySet = z.infer<typeof publicKeySet>;

/**
 * The configured key; made, for its owner alone, when `create` is set and there is none.
 * @throws PrivateFileError when there is no key, or none that can be used
 */
export async function loadSigningKey({ file, create }: { readonly file: string; readonly create: boolean }): Promise<SigningKey> {
  let pem = await readPrivateFile(file);
  if (pem === null && create) {
    const { privateKey } = generateKeyPairSync('ed25519');
    await makePrivateFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    pem = await readPrivateFile(file);
  }
  if (pem === null)
    throw new PrivateFileError(`There is no signing key in ${file}. Make one (openssl genpkey -algorithm ed25519), mode 0600.`);
  return signingKeyFrom(pem, file);
}

async function signingKeyFrom(pem: string, file: string): Promise<SigningKey> {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    // what the library says may quote the file
    throw new PrivateFileError(`${file} holds no private key in PEM. Make one (openssl genpkey -algorithm ed25519).`);
  }
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new PrivateFileError(`${file} holds a key of another kind; statements are signed with Ed25519.`);
  const { x } = await exportJWK(createPublicKey(privateKey));
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  const keyId = await calculateJwkThumbprint(jwk);
  return { keyId, privateKey, publicJwk: publicJwk.parse({ ...jwk, kid: keyId, alg: ALGORITHM, use: 'sig' }) };
}
