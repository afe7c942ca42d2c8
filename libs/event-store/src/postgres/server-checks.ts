import type { Pool } from 'pg';
import { EventStoreSetupError } from '../errors';
import { SESSION_SETTINGS } from './connection';
import { MAX_STREAMS_PER_TRANSACTION } from './transactions';

/** Locks left to everybody else: relations of running statements, migrations, other processes' short transactions. */
const LOCK_MARGIN = 1_000;

/**
 * Whether the server can carry this store; throws EventStoreSetupError. The lock table is shared by the whole cluster: it has
 * max_locks_per_transaction × (max_connections + max_prepared_transactions) entries, and each of this store's connections may hold
 * 256 of them.
 */
export async function checkServer(pool: Pool, maxConnections: number): Promise<void> {
  const { rows } = await pool.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1)',
    [
      [
        'server_version_num',
        'server_encoding',
        'max_connections',
        'max_prepared_transactions',
        'max_locks_per_transaction',
        ...Object.keys(SESSION_SETTINGS),
      ],
    ],
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const number = (name: string) => Number(settings.get(name));
  if (number('server_version_num') < 140_000) {
    throw new EventStoreSetupError(`PostgreSQL ${settings.get('server_version_num')}: version 14 or later is needed`);
  }
  if (settings.get('server_encoding') !== 'UTF8') {
    throw new EventStoreSetupError(
      `The database is encoded in ${settings.get('server_encoding')}: create it with ENCODING 'UTF8' (initdb --encoding=UTF8)`,
    );
  }
  for (const [name, wanted] of Object.entries(SESSION_SETTINGS)) {
    if (settings.get(name) !== wanted) {
      throw new EventStoreSetupError(
        `Session setting ${name} is ${settings.get(name)} instead of ${wanted}: leave "options" out of the connection string, and connect without a pooler that drops it`,
      );
    }
  }
  const entries = number('max_locks_per_transaction') * (number('max_connections') + number('max_prepared_transactions'));
  const needed = MAX_STREAMS_PER_TRANSACTION * maxConnections + LOCK_MARGIN;
  if (entries < needed) {
    throw new EventStoreSetupError(
      `The server's lock table has room for ${entries} locks (max_locks_per_transaction ${number('max_locks_per_transaction')}, ` +
        `max_connections ${number('max_connections')}); ${maxConnections} connections of this store need ${needed}. ` +
        `Set max_locks_per_transaction to at least ${Math.ceil(needed / (number('max_connections') + number('max_prepared_transactions')))} ` +
        'and restart the server, or open the store with fewer connections.',
    );
  }
}

/** Events with transaction ids that the server has not given out yet come from a logical restore; throws EventStoreSetupError. */
export async function checkTransactionIds(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ xid: string }>(
    `select xid::text from (select xid from eventstore.events order by xid desc, pos desc limit 1) last
     where xid >= pg_snapshot_xmax(pg_current_snapshot())`,
  );
  if (rows[0] !== undefined) {
    throw new EventStoreSetupError(
      `Events carry transaction id ${rows[0].xid}, which this server has not given out: the database was restored from a dump. ` +
        'Stop all writers, run restampPostgresEventStore once, and rebuild the read models: older checkpoints are void.',
    );
  }
}
