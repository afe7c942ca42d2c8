import { Writable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessWriter, processAccessor, type AccessRecorder } from '#libs/access-log';
import { createLogger } from '#libs/platform';
import type { ApiRuntime } from '../api-runtime';
import { createApi } from '../server';

/** The API over nothing: for what is answered before any of its parts is asked. Lines that are logged go to `logged`. */
export function apiWithoutStore(logged: string[] = []): Promise<NestFastifyApplication> {
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      logged.push(chunk.toString('utf8'));
      done();
    },
  });
  const broken = new Proxy({}, { get: () => () => Promise.reject(new Error('a secret of our inside, BSN 123456782')) });
  const recorder: AccessRecorder = { record: () => Promise.resolve() };
  const context = { access: new AccessWriter(recorder, processAccessor('api', null)) };
  const runtime = { logger: createLogger('api', 'info', sink), context, queries: broken, store: broken, pool: broken };
  return createApi(runtime as unknown as ApiRuntime);
}
