import type { Pool } from 'pg';

/**
 * Runs statements that create tables if they are not there. Sent together they are one transaction, and the lock is held to its end:
 * what one process creates is visible to the next only then.
 */
export async function installSchema(pool: Pool, name: string, statements: string): Promise<void> {
  if (!/^[a-z ]+$/.test(name)) throw new TypeError('the name of a schema part is lower-case words');
  await pool.query(`select pg_advisory_xact_lock(hashtext('traject ${name}')); ${statements}`);
}
