import { mkdir } from 'node:fs/promises';
import { Client } from 'pg';
import type { TrajectConfig } from '../configuration/config';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded-postgres';

/** Name of the database in the embedded server. */
const EMBEDDED_DATABASE = 'traject';

export interface OpenDatabase {
  /** Connection string, with the password: never log it. */
  readonly url: string;
  /** The server that Traject brings; null when one is configured. */
  readonly embedded: EmbeddedPostgres | null;
  /** Stops the embedded server if this process started it and no other uses it; one that was running before stays. */
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
      if (!embedded.adopted && !(await isUsedByOthers(embedded.url('postgres')))) await embedded.stop();
    },
  };
}

/** Whether somebody is connected to the server: another command that adopted it while this one worked. */
async function isUsedByOthers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ others: string }>(
      `select count(*) as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return Number(rows[0]?.others ?? 0) > 0;
  } catch {
    return false; // a server that does not answer is used by nobody; stopping it says what is wrong
  } finally {
    await client.end().catch(() => undefined);
  }
}
