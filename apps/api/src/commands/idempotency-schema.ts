import { installSchema, type Pool } from '#libs/platform';

/** How long the answer to a key is kept. */
export const KEPT_DAYS = 30;
const PURGE_AT_ONCE = 10_000;

/** Makes the API's own table if it is not there. Safe in parallel and again. Keyed hashes only: neither key nor request can be read back. */
export const installIdempotency = (pool: Pool): Promise<void> =>
  installSchema(
    pool,
    'idempotency',
    `
    create schema if not exists api;
    create table if not exists api.idempotency (
      key_hash bytea primary key,
      request_hash bytea not null,
      answer json,
      first_asked_at timestamptz not null default now());
    create index if not exists idempotency_first_asked on api.idempotency (first_asked_at)`,
  );

/** Forgets keys of more than 30 days ago, at most ten thousand at a time. Answers how many. */
export async function purgeIdempotency(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from api.idempotency where key_hash in (
       select key_hash from api.idempotency where first_asked_at < now() - make_interval(days => $1) limit $2)`,
    [KEPT_DAYS, PURGE_AT_ONCE],
  );
  return rowCount ?? 0;
}
