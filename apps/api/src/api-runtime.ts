import type { DataSource } from 'typeorm';
import {
  openDossierRuntime,
  type CampaignBook,
  type CampaignWorkBook,
  type DossierConfig,
  type DossierContext,
  type DossierRuntime,
} from '#libs/dossiers';
import type { EventStore } from '#libs/event-store';
import { loadKeyEncryptionKey } from '#libs/identity';
import { installOutbox } from '#libs/outbox';
import { openPool, type Logger, type Pool, type TrajectConfig } from '#libs/platform';
import { openReadModels, ReadModelQueries, takeInErasures } from '#libs/read-models';
import { installIdempotency } from './commands/idempotency-schema';
import { fingerprintKey } from './commands/fingerprint';

/** What the API works with; one per process. */
export class ApiRuntime {
  constructor(
    readonly context: DossierContext,
    readonly store: EventStore,
    readonly queries: ReadModelQueries,
    /** For the API's own table and the health checks. */
    readonly pool: Pool,
    /** Keys the fingerprints of requests; it leaves this process as little as the key it derives from. */
    readonly fingerprintKey: Buffer,
    readonly logger: Logger,
    readonly historyStatements: TrajectConfig['historyStatements'],
    readonly campaigns: CampaignBook,
    readonly campaignWorks: CampaignWorkBook,
    /** For whom a campaign may be about; everything else is asked of `queries`. */
    readonly readModels: DataSource,
    private readonly release: () => Promise<void>,
  ) {}

  /** Closes every connection; the API must have been closed before. */
  close(): Promise<void> {
    return this.release();
  }
}

/**
 * Opens store, vault, policies and read models in one database and brings their tables up to date; processes that start together
 * wait for each other there. Throws the libraries' own setup errors, which say what to change.
 */
export async function openApiRuntime(
  config: DossierConfig & Pick<TrajectConfig, 'historyStatements'>,
  databaseUrl: string,
  logger: Logger,
): Promise<ApiRuntime> {
  const opened: (() => Promise<unknown>)[] = [];
  const release = async (): Promise<void> => {
    for (const close of opened.reverse()) await close();
  };
  try {
    const pool = openPool(databaseUrl, {
      max: 4,
      applicationName: 'traject api',
      connectionTimeoutMs: 5_000,
      statementTimeoutMs: 10_000,
      onIdleError: (error) => logger.warn({ err: error }, 'an idle connection broke'),
    });
    opened.push(() => pool.end());
    await installOutbox(pool);
    const dossiers: DossierRuntime = await openDossierRuntime(config, databaseUrl, 'api', {
      onHeadsFault: (error) => logger.warn({ err: error }, 'where the access log ended could not be noted'),
    });
    opened.push(() => dossiers.close());
    const readModels: DataSource = await openReadModels({ url: databaseUrl });
    opened.push(() => readModels.destroy());
    // the log has every erasure of the list now; the rows that are answered from must have them too
    const erased = await dossiers.context.vault.erasedPersons();
    await takeInErasures({ store: dossiers.store, dataSource: readModels, logger }, [...erased.keys()]);
    await installIdempotency(pool);
    const kek = await loadKeyEncryptionKey(config.keyEncryptionKey);
    return new ApiRuntime(
      dossiers.context,
      dossiers.store,
      new ReadModelQueries(readModels),
      pool,
      fingerprintKey(kek.key),
      logger,
      config.historyStatements,
      dossiers.campaigns,
      dossiers.campaignWorks,
      readModels,
      release,
    );
  } catch (error) {
    await release();
    throw error;
  }
}
