import { Pool, types, type CustomTypesConfig } from 'pg';

export type { Pool, PoolClient } from 'pg';

export interface PoolOptions {
  /** At most so many connections. */
  readonly max: number;
  /** Shown in pg_stat_activity, e.g. `traject projector`. */
  readonly applicationName: string;
  /** How long a query waits for a connection; default 10,000. */
  readonly connectionTimeoutMs?: number;
  /** Longest statement; default none. */
  readonly statementTimeoutMs?: number;
  /** Told of a connection that broke while idle; the pool replaces it. */
  readonly onIdleError?: (error: Error) => void;
}

const DATE_OID = 1082;

/** A `date` stays the text YYYY-MM-DD: as a JavaScript Date it would move with the machine's time zone. */
const DATES_AS_TEXT: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) =>
    oid === DATE_OID && format !== 'binary' ? (text) => text : (types.getTypeParser(oid, format) as (value: string) => unknown),
};

/** A pool of connections. bigint and numeric come back as text, date as text YYYY-MM-DD. Nothing connects before the first query. */
export function openPool(url: string, options: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: DATES_AS_TEXT,
    ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
  });
  // without a listener a server that is killed would take this process with it
  pool.on('error', (error) => options.onIdleError?.(error));
  return pool;
}
