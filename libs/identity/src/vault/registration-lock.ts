import { inTransaction, type Pool, type PoolClient } from '#libs/platform';

// any fixed number: registrations and erasures of all processes take turns, so that a new number gets one person
const REGISTRATION_LOCK = 7_415_300_902;

/** Runs `work` in a transaction that no other registration or erasure runs beside; commits, or rolls back when it throws. */
export function withRegistrationLock<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [REGISTRATION_LOCK]);
    return work(client);
  });
}
