import { Writable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger } from '#libs/platform';
import type { ApiRuntime } from '../api-runtime';
import { createApi, type ApiAccess } from '../server';
import { UNLIMITED } from './sign-in';

/** An issuer that nobody asks: for tests in which nobody signs in. */
const NO_ISSUER = {
  issuer: 'http://127.0.0.1:9/none',
  audience: 'none',
  rolesClaim: 'roles',
  tokenType: 'at+jwt',
  development: true,
} as const;

/**
 * The API over nothing: for what is answered before any of its parts is asked. Lines that are logged go to `logged`. Without `access`
 * nobody can sign in.
 */
export function apiWithoutStore(
  logged: string[] = [],
  access: ApiAccess = { signIn: NO_ISSUER, limits: UNLIMITED },
): Promise<NestFastifyApplication> {
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logged.push(chunk.toString('utf8'));
      done();
    },
  });
  const broken = new Proxy({}, { get: () => () => Promise.reject(new Error('a secret of our inside, BSN 123456782')) });
  const runtime = { logger: createLogger('api', 'info', sink), context: {}, queries: broken, store: broken, pool: broken };
  return createApi(runtime as unknown as ApiRuntime, access);
}
