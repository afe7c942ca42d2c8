/**
 * An issuer of access tokens for trying things out: it gives anybody who asks a token of any role. Loopback only; its keys are made
 * when it starts and are nowhere else, so that its tokens are worth nothing after it has stopped.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { ROLES, type Role } from '#libs/sign-in';
import { answerer } from './answers';

export const DEVELOPMENT_AUDIENCE = 'traject-DEVELOPMENT';
/** Part of the issuer's name and of every address under it. */
const MARK = 'DEVELOPMENT';
const ALGORITHM = 'ES256';
const LIFETIME_SECONDS = 3_600;

/** What a token is to say; `claims` and `header` stand over what it would say otherwise. */
export interface TokenWish {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly claims?: JWTPayload;
  readonly header?: { readonly typ?: string; readonly kid?: string };
}

export interface DevelopmentIssuer {
  /** `http://127.0.0.1:<port>/DEVELOPMENT`, as its tokens name it. */
  readonly issuer: string;
  readonly audience: string;
  /** A token of the user that has this one role; its subject is `DEVELOPMENT-<role>`. */
  tokenOf(role: Role): Promise<string>;
  sign(wish: TokenWish): Promise<string>;
  /** Signs with a new key from now on, and forgets the old one. */
  rotateKeys(): Promise<void>;
  stop(): Promise<void>;
}

interface Key {
  readonly private: CryptoKey;
  readonly public: JWK;
}

/** `port` 0: any free one. */
export async function startDevelopmentIssuer(port = 0): Promise<DevelopmentIssuer> {
  let key = await makeKey();
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${MARK}`;

  const sign = ({ subject, roles, claims, header }: TokenWish): Promise<string> =>
    new SignJWT({
      client_id: MARK,
      roles: [...roles],
      jti: randomUUID(),
      ...times(),
      ...{ iss: issuer, aud: DEVELOPMENT_AUDIENCE, sub: subject },
      ...claims,
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid: key.public.kid, ...header })
      .sign(key.private);
  const tokenOf = (role: Role): Promise<string> => sign({ subject: `${MARK}-${role}`, roles: [role] });
  server.on('request', answerer({ issuer, lifetimeSeconds: LIFETIME_SECONDS, users: ROLES, keys: () => [key.public], tokenOf }));
  return {
    issuer,
    audience: DEVELOPMENT_AUDIENCE,
    tokenOf,
    sign,
    rotateKeys: async () => {
      key = await makeKey();
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function times(): { readonly iat: number; readonly exp: number } {
  const now = Math.floor(Date.now() / 1_000);
  return { iat: now, exp: now + LIFETIME_SECONDS };
}

async function makeKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM);
  const jwk = await exportJWK(publicKey);
  return { private: privateKey, public: { ...jwk, kid: `${MARK}-${randomUUID()}`, alg: ALGORITHM, use: 'sig' } };
}
