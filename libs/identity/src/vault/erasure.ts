import type { Pool, PoolClient } from '#libs/platform';
import { withRegistrationLock } from './registration-lock';

/** Erases a person. See IdentityVault.destroyKey. */
export async function erase(pool: Pool, personId: string): Promise<boolean> {
  const erased = await withRegistrationLock(pool, (client) => eraseLocked(client, personId));
  // the old row versions, with key and ciphertexts, go now and not when autovacuum comes by
  if (erased) await pool.query('vacuum identity.person_key, identity.person, identity.relation_number, identity.sealed_object');
  return erased;
}

/** Nothing is opened for it: a record that is damaged is erased all the same. */
async function eraseLocked(client: PoolClient, personId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update identity.person set bsn_hash = null, identity_sealed = null, erased_at = now()
      where person_id = $1 and erased_at is null`,
    [personId],
  );
  if (rowCount === 0) return false;
  await client.query('delete from identity.relation_number where person_id = $1', [personId]);
  // notes and documents go with it
  await client.query('delete from identity.person_key where person_id = $1', [personId]);
  return true;
}

/** See IdentityVault.erasedPersons. */
export async function erasedPersons(pool: Pool): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ person_id: string; erased_at: Date }>(
    'select person_id, erased_at from identity.person where erased_at is not null order by erased_at, person_id',
  );
  return new Map(rows.map((row) => [row.person_id, row.erased_at.toISOString()]));
}

/** See IdentityVault.knownAmong. */
export async function knownAmong(pool: Pool, personIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await pool.query<{ person_id: string }>(
    'select person_id from identity.person where person_id = any($1::uuid[]) and erased_at is null',
    [personIds],
  );
  return rows.map(({ person_id }) => person_id);
}
