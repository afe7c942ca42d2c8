import type { TrajectConfig } from '#libs/platform';
import { openEventStoreDb } from './eventstoredb';
import type { EventStore } from './port';
import { openPostgresEventStore } from './postgres';

/** The event store that the configuration names. In PostgreSQL it lies in the database at `databaseUrl` and is installed there. */
export async function openEventStore(
  config: Pick<TrajectConfig, 'eventStore'>,
  databaseUrl: string,
  options: { readonly applicationName: string; readonly maxConnections?: number },
): Promise<EventStore> {
  return config.eventStore.kind === 'postgres'
    ? openPostgresEventStore({ connectionString: databaseUrl, ...options })
    : openEventStoreDb({ connectionString: config.eventStore.connectionString });
}
