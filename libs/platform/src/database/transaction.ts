import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` on one connection in one transaction; commits, or rolls back when it throws, by closing the connection. `work` holds that connection all
 * the while: it must ask nothing of the same pool unless no more of its like run at once than leave one free.
 */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks fails the statement under way or the next one; without a listener it would end the process.
  client.on('error', ignore);
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    client.off('error', ignore);
    client.release();
    return result;
  } catch (error) {
    client.release(true); // closed: its transaction goes with it
    throw error;
  }
}

const ignore = (): void => undefined;
