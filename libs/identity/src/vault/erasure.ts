import type { KeyObject } from 'node:crypto';
import type { Pool, PoolClient } from '#libs/platform';
import { identities } from './lookups';
import { withRegistrationLock } from './registration-lock';
import type { LookupHash } from './sealing';

/** Erases a person. See IdentityVault.destroyKey. */
export async function erase(pool: Pool, kek: KeyObject, lookup: LookupHash, personId: string): Promise<boolean> {
  const erased = await withRegistrationLock(pool, (client) => eraseLocked(client, kek, lookup, personId));
  // the old row versions, with key and ciphertexts, go now and not when autovacuum comes by
  if (erased) await pool.query('vacuum identity.person_key, identity.person, identity.relation_number');
  return erased;
}

async function eraseLocked(client: PoolClient, kek: KeyObject, lookup: LookupHash, personId: string): Promise<boolean> {
  const identity = (await identities(client, kek, [personId])).get(personId);
  if (identity === undefined) return false;
  await client.query('delete from identity.person_key where person_id = $1', [personId]);
  await client.query('delete from identity.relation_number where person_id = $1', [personId]);
  await client.query(
    `update identity.person set bsn_hash = null, identity_sealed = null, erased_at = now()
      where person_id = $1`,
    [personId],
  );
  // so that a later question is answered "erased" rather than "unknown"; nothing joins these to the person id
  await client.query(
    'insert into identity.erased_lookup (lookup_hash) select * from unnest($1::bytea[]) on conflict do nothing',
    [
      [
        lookup.ofBsn(identity.bsn),
        ...identity.relationNumbers.map(({ insurer, number }) => lookup.ofRelationNumber(insurer, number)),
      ],
    ],
  );
  return true;
}
