/** Opens what the projector needs, runs it, and closes everything in reverse. */
import { holdToErasureList } from '#libs/dossiers';
import { openEventStore } from '#libs/event-store';
import { openDatabase, type Logger, type TrajectConfig } from '#libs/platform';
import { openReadModels, startProjector } from '#libs/read-models';

/** What a parent process is told over IPC. `caught-up`: the end of the log was reached for the first time. */
export type ProjectorMessage = { readonly type: 'projecting' } | { readonly type: 'caught-up' };

export interface ProjectorRun {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly tell?: (message: ProjectorMessage) => void;
}

/** Resolves when the signal is aborted; rejects on what does not pass by itself. */
export async function runProjector(config: TrajectConfig, { logger, signal, tell }: ProjectorRun): Promise<void> {
  const database = await openDatabase(config);
  try {
    const { url } = database;
    await holdToErasureList(config, url, 'projector');
    const store = await openEventStore(config, url, { applicationName: 'traject projector events', maxConnections: 2 });
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
    await database.close();
  }
}
