/** An access log in a database of its own, and a connection that may do to it what an attacker would. */
import { Client } from 'pg';
import { openPool, type Pool } from '#libs/platform';
import { createTestDatabase } from '../../../../test/postgres/database';
import { openAccessLog, type AccessLog, type AccessLogOptions } from '../log';

export interface Laboratory {
  readonly url: string;
  readonly pool: Pool;
  /** A log of another process, as far as the database can tell. */
  readonly open: (options?: Partial<AccessLogOptions>) => Promise<AccessLog>;
  /** Runs statements as the owner with the guards of the tables taken off. */
  readonly tamper: (...statements: readonly string[]) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

export async function laboratory(): Promise<Laboratory> {
  const database = await createTestDatabase();
  const pool = openPool(database.url, { max: 4, applicationName: 'access log test' });
  const opened: AccessLog[] = [];
  return {
    url: database.url,
    pool,
    open: async (options = {}) => {
      const log = await openAccessLog(database.url, 'test', { headsFile: null, ...options });
      opened.push(log);
      return log;
    },
    tamper: async (...statements) => {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      try {
        for (const table of ['entry', 'head']) await client.query(`alter table access.${table} disable trigger all`);
        for (const statement of statements) await client.query(statement);
      } finally {
        await client.end();
      }
    },
    dispose: async () => {
      for (const log of opened) await log.close();
      await pool.end();
      await database.drop();
    },
  };
}
