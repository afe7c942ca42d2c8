import type { KeyObject } from 'node:crypto';
import type { Pool } from '#libs/platform';
import { identities } from './lookups';
import type { LookupHash } from './sealing';

/** Erases a person. See IdentityVault.destroyKey. */
export async function erase(pool: Pool, kek: KeyObject, lookup: LookupHash, personId: string): Promise<boolean> {
  const identity = (await identities(pool, kek, [personId])).get(personId);
  if (identity === undefined) return false;
  // so that a later question is answered "erased" rather than "unknown"; nothing joins these to the person id
  const hashes = [
    lookup.ofBsn(identity.bsn),
    ...identity.relationNumbers.map(({ insurer, number }) => lookup.ofRelationNumber(insurer, number)),
  ];
  const { rowCount } = await pool.query(
    `with erased as (
       update identity.person set bsn_hash = null, birth_date_sealed = null, identity_sealed = null, erased_at = now()
        where person_id = $1 and erased_at is null returning person_id),
     keys as (delete from identity.person_key where person_id in (select person_id from erased)),
     numbers as (delete from identity.relation_number where person_id in (select person_id from erased)),
     marks as (
       insert into identity.erased_lookup (lookup_hash)
       select hash from unnest($2::bytea[]) hash where exists (select from erased) on conflict do nothing)
     select from erased`,
    [personId, hashes],
  );
  // the old row versions go now, not when autovacuum comes by
  await pool.query('vacuum identity.person_key, identity.person, identity.relation_number');
  return rowCount === 1;
}
