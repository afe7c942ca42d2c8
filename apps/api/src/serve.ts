import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigurationError, isLoopback, type TrajectConfig } from '#libs/platform';
import type { ApiRuntime } from './api-runtime';
import { startCampaignWorker } from './campaigns/background';
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

/**
 * Serves the API. Throws without an issuer to trust, and when an address that can be reached from elsewhere is asked for while the
 * issuer is one for development: whoever reached it could call anything.
 */
export async function serve(
  runtime: ApiRuntime,
  { host, port, signIn, limits }: Pick<TrajectConfig, 'host' | 'port' | 'signIn' | 'limits'>,
): Promise<ListeningApi> {
  if (signIn === null)
    throw new ConfigurationError([
      {
        variable: 'TRAJECT_OIDC_ISSUER',
        fault: 'is missing: the API serves nobody without an issuer of access tokens; to try it out, "traject start" brings one',
      },
    ]);
  if (signIn.development && !isLoopback(host))
    throw new Error(
      `the issuer is one for development, so the API binds addresses of this machine itself only, not ${host}; set TRAJECT_HOST to 127.0.0.1`,
    );
  const app = await createApi(runtime, { signIn, limits });
  await app.listen(port, host);
  const bound = app.getHttpServer().address() as { address: string; port: number; family: string };
  const address = `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`;
  if (signIn.development && !isLoopback(bound.address)) {
    await app.close();
    throw new Error(`the API was bound to ${bound.address}, which can be reached from elsewhere`);
  }
  const purge = (): void =>
    void purgeIdempotency(runtime.pool).catch((error: unknown) =>
      runtime.logger.warn({ err: error }, 'old keys were not purged'),
    );
  purge();
  const timer = setInterval(purge, PURGE_EVERY_MS).unref();
  const stopWorking = startCampaignWorker(runtime);
  return {
    address,
    app,
    close: async () => {
      clearInterval(timer);
      const stopped = stopWorking();
      // a connection that never asked anything would hold the server open for as long as it pleases
      const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), GRACE_MS);
      await app.close();
      clearTimeout(cut);
      await stopped;
    },
  };
}
