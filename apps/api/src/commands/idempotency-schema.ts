import type { Pool } from '#libs/platform';

/** Advisory lock under which one process at a time makes the table. */
const INSTALL_LOCK = [0x61706900, 1];
/** How long the answer to a key is kept. */
export const KEPT_DAYS = 30;
const PURGE_AT_ONCE = 10_000;

/** Makes the API's own table if it is not there. Safe in parallel and again. */
export async function installIdempotency(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1, $2)', INSTALL_LOCK);
    await client.query('create schema if not exists api');
    // keyed hashes only: neither key nor request can be read back
    await client.query(`
      create table if not exists api.idempotency (
        key_hash bytea primary key,
        request_hash bytea not null,
        answer json,
        first_asked_at timestamptz not null default now())`);
    await client.query('create index if not exists idempotency_first_asked on api.idempotency (first_asked_at)');
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** Forgets keys of more than 30 days ago, at most ten thousand at a time. Answers how many. */
export async function purgeIdempotency(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from api.idempotency where key_hash in (
       select key_hash from api.idempotency where first_asked_at < now() - make_interval(days => $1) limit $2)`,
    [KEPT_DAYS, PURGE_AT_ONCE],
  );
  return rowCount ?? 0;
}
