import { mkdir } from 'node:fs/promises';
import type { TrajectConfig } from '../configuration/config';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded-postgres';

/** Name of the database in the embedded server. */
const EMBEDDED_DATABASE = 'traject';

export interface OpenDatabase {
  /** Connection string, with the password: never log it. */
  readonly url: string;
  /** The server that Traject brings; null when one is configured. */
  readonly embedded: EmbeddedPostgres | null;
  /** Stops the embedded server if this process started it; one that was running before stays. */
  close(): Promise<void>;
}

/** The configured database, or the embedded one, started or adopted. Throws EmbeddedPostgresError. */
export async function openDatabase(config: Pick<TrajectConfig, 'database' | 'dataDirectory'>): Promise<OpenDatabase> {
  if (config.database.kind === 'server') return { url: config.database.url, embedded: null, close: () => Promise.resolve() };
  await mkdir(config.dataDirectory, { recursive: true });
  const embedded = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory });
  await embedded.createDatabaseIfMissing(EMBEDDED_DATABASE);
  return {
    url: embedded.url(EMBEDDED_DATABASE),
    embedded,
    close: async () => {
      if (!embedded.adopted) await embedded.stop();
    },
  };
}
