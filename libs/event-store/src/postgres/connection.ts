/** Connections of the store: their session settings, and which failures mean that an outcome is unknown. */
import { DatabaseError, Pool, type PoolConfig } from 'pg';

export interface PostgresConnectionSettings {
  readonly connectionString?: string;
  /** Instead of, or beside, a connection string. */
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly ssl?: PoolConfig['ssl'];
  /** Largest number of connections of this store; default 8. Each may hold 256 stream locks. */
  readonly maxConnections?: number;
  /** Shown in pg_stat_activity; default `traject-event-store`. */
  readonly applicationName?: string;
  /** The server ends a statement after so long; default 30 s. */
  readonly statementTimeoutMs?: number;
  /** The server ends a wait for a lock after so long; default 10 s. */
  readonly lockTimeoutMs?: number;
  /** The server ends a session that idles inside a transaction, which would hold every subscriber back; default 10 s. */
  readonly idleInTransactionTimeoutMs?: number;
  /** How long to wait for a connection; default 10 s. */
  readonly connectTimeoutMs?: number;
}

export const DEFAULT_MAX_CONNECTIONS = 8;

/** Settings of every session, verified at open: the store's statements are all answered from an index. */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  TimeZone: 'UTC',
  enable_seqscan: 'off', // a plan made while the table was empty would otherwise stay a scan of the whole table
  enable_bitmapscan: 'off',
  plan_cache_mode: 'force_generic_plan',
  jit: 'off',
};

export function connect(settings: PostgresConnectionSettings): Pool {
  const statementTimeoutMs = settings.statementTimeoutMs ?? 30_000;
  const config: PoolConfig = {
    max: settings.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
    application_name: settings.applicationName ?? 'traject-event-store',
    connectionTimeoutMillis: settings.connectTimeoutMs ?? 10_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    // our own deadline, for a server that no longer answers at all
    query_timeout: statementTimeoutMs + 5_000,
    lock_timeout: settings.lockTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: settings.idleInTransactionTimeoutMs ?? 10_000,
    keepAlive: true,
    options: [...Object.entries(SESSION_SETTINGS), ['DateStyle', 'ISO']].map(([name, value]) => `-c ${name}=${value}`).join(' '),
  };
  const { connectionString, host, port, user, password, database, ssl } = settings;
  for (const [key, value] of Object.entries({ connectionString, host, port, user, password, database, ssl })) {
    if (value !== undefined) Object.assign(config, { [key]: value });
  }
  const pool = new Pool(config);
  // a lost idle connection is replaced at the next use; without a listener it would end the process
  pool.on('error', () => undefined);
  return pool;
}

/** SQLSTATE of an error that the server reported; null when it comes from the connection or the driver. */
export function sqlStateOf(error: unknown): string | null {
  return error instanceof DatabaseError && typeof error.code === 'string' ? error.code : null;
}

/** Connection exceptions, rolled back by conflict, out of resources, lock timeout, cancelled or shut down, I/O. */
const PASSING_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);

/** Whether the same call may succeed later: the connection was lost or refused, or the server was too busy or shut down. */
export function isPassing(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === null) return true; // everything sent is text: what is not the server's answer is the connection's failure
  return PASSING_CLASSES.has(state.slice(0, 2)) || state === '25P02' || state === '25P03';
}
