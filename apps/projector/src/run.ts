/** Opens what the projector needs, runs it, and closes everything in reverse. */
import { mkdir } from 'node:fs/promises';
import { openEventStoreDb, openPostgresEventStore, type EventStore } from '#libs/event-store';
import { startEmbeddedPostgres, type EmbeddedPostgres, type Logger, type TrajectConfig } from '#libs/platform';
import { openReadModels, startProjector } from '#libs/read-models';

/** What a parent process is told over IPC. `caught-up`: the end of the log was reached for the first time. */
export type ProjectorMessage = { readonly type: 'projecting' } | { readonly type: 'caught-up' };

export interface ProjectorRun {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly tell?: (message: ProjectorMessage) => void;
}

/** Name of the database in the embedded server. */
const DATABASE = 'traject';

/** Resolves when the signal is aborted; rejects on what does not pass by itself. */
export async function runProjector(config: TrajectConfig, { logger, signal, tell }: ProjectorRun): Promise<void> {
  const embedded = await embeddedServer(config);
  try {
    const url = config.database.kind === 'server' ? config.database.url : (embedded as EmbeddedPostgres).url(DATABASE);
    const store = await openStore(config, url);
    try {
      const dataSource = await openReadModels({ url, poolSize: 4 });
      try {
        tell?.({ type: 'projecting' });
        let wasCaughtUp = false;
        await startProjector({
          store,
          dataSource,
          logger,
          signal,
          onProgress: ({ isCaughtUp }) => {
            if (!isCaughtUp || wasCaughtUp) return;
            wasCaughtUp = true;
            tell?.({ type: 'caught-up' });
          },
        });
      } finally {
        await dataSource.destroy();
      }
    } finally {
      await store.close();
    }
  } finally {
    // A server that was running before stays; one that this process started goes with it.
    if (embedded?.adopted === false) await embedded.stop();
  }
}

async function embeddedServer(config: TrajectConfig): Promise<EmbeddedPostgres | null> {
  if (config.database.kind === 'server') return null;
  await mkdir(config.dataDirectory, { recursive: true });
  const embedded = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory });
  await embedded.createDatabaseIfMissing(DATABASE);
  return embedded;
}

const openStore = async (config: TrajectConfig, url: string): Promise<EventStore> =>
  config.eventStore.kind === 'postgres'
    ? openPostgresEventStore({ connectionString: url, applicationName: 'traject-projector', maxConnections: 2 })
    : openEventStoreDb({ connectionString: config.eventStore.connectionString });
