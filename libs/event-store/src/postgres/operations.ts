import type { Pool } from 'pg';
import type { LogPosition } from '../port';
import { positionOf } from './rows';

/**
 * Age in milliseconds of the oldest open write transaction of the whole cluster, 0 when there is none: subscribers lag at least so
 * far behind. Only a role with pg_read_all_stats sees other roles' transactions.
 */
export async function oldestOpenWriteMs(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ age: number }>('select eventstore.oldest_open_write_ms() as age');
  return rows[0]!.age;
}

export interface Restamped {
  readonly events: number;
  /** Position of the last event; null when there is none. */
  readonly end: LogPosition | null;
}

/**
 * The step after a logical restore, run by the owner of the schema with all writers stopped: gives the events positions of this
 * cluster, in the order they had. All checkpoints handed out before are void: rebuild what reads the log.
 */
export async function restampPostgresEventStore(pool: Pool): Promise<Restamped> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('set statement_timeout = 0');
    const { rows } = await client.query<{ events: string; last_xid: string; last_pos: string }>(
      'select events, last_xid::text, last_pos from eventstore.restamp()',
    );
    const { events, last_xid, last_pos } = rows[0]!;
    return { events: Number(events), end: Number(events) === 0 ? null : positionOf(last_xid, last_pos) };
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    if (broken === undefined) await client.query('reset statement_timeout').catch((error: Error) => (broken = error));
    client.release(broken);
  }
}
