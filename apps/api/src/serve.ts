import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { isLoopback, type TrajectConfig } from '#libs/platform';
import type { ApiRuntime } from './api-runtime';
import { purgeIdempotency } from './commands/idempotency-schema';
import { createApi } from './server';

/** Requests under way get so long to end. */
const GRACE_MS = 3_000;
const PURGE_EVERY_MS = 6 * 3_600_000;

export interface ListeningApi {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  readonly app: NestFastifyApplication;
  /** Refuses new requests and lets those under way end, for three seconds at most. The runtime stays open. */
  close(): Promise<void>;
}

/** Serves the API. Throws when the address can be reached from elsewhere: nobody signs in yet, so nobody else may ask. */
export async function serve(runtime: ApiRuntime, { host, port }: Pick<TrajectConfig, 'host' | 'port'>): Promise<ListeningApi> {
  if (!isLoopback(host))
    throw new Error(
      `the API has no sign-in yet and binds addresses of this machine itself only, not ${host}; set TRAJECT_HOST to 127.0.0.1`,
    );
  const app = await createApi(runtime);
  await app.listen(port, host);
  const bound = app.getHttpServer().address() as { address: string; port: number; family: string };
  const address = `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
  if (!isLoopback(bound.address)) {
    await app.close();
    throw new Error(`the API was bound to ${bound.address}, which can be reached from elsewhere`);
  }
  const purge = (): void =>
    void purgeIdempotency(runtime.pool).catch((error: unknown) =>
      runtime.logger.warn({ err: error }, 'old keys were not purged'),
    );
  purge();
  const timer = setInterval(purge, PURGE_EVERY_MS).unref();
  return {
    address,
    app,
    close: async () => {
      clearInterval(timer);
      // a connection that never asked anything would hold the server open for as long as it pleases
      const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS);
      await app.close();
      clearTimeout(cut);
    },
  };
}
