import type { KeyObject } from 'node:crypto';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Pool, PoolClient } from '#libs/platform';
import { IdentityVaultError } from '../errors';
import { VaultAnswer, type Identity, type ResolvedPerson } from './person';
import { unseal, unsealSecret, type PersonSecret } from './sealing';

/** Most numbers that one round trip asks for. */
const ROUND_TRIP = 50_000;
/** So many are opened before other work of this process has its turn. */
const OPEN_AT_ONCE = 2_000;

interface LookupRow {
  readonly n: number;
  readonly person_id: string;
  readonly wrapped_key: Buffer | null;
}

const BY_BSN = `
  select h.n::int, p.person_id, k.wrapped_key
    from unnest($1::bytea[]) with ordinality h(hash, n)
    join identity.person p on p.bsn_hash = h.hash
    left join identity.person_key k on k.person_id = p.person_id`;

const BY_RELATION_NUMBER = `
  select h.n::int, p.person_id, k.wrapped_key
    from unnest($1::bytea[]) with ordinality h(hash, n)
    join identity.relation_number r on r.number_hash = h.hash
    join identity.person p on p.person_id = r.person_id
    left join identity.person_key k on k.person_id = p.person_id`;

/** Finds persons by keyed hash: one round trip for up to 50,000. `asked` must be without repeats. */
export async function resolve(
  pool: Pool,
  kek: KeyObject,
  by: 'bsn' | 'relation-number',
  asked: readonly string[],
  hashOf: (text: string) => Buffer,
): Promise<Map<string, ResolvedPerson>> {
  const answer = new Map<string, ResolvedPerson>();
  for (let from = 0; from < asked.length; from += ROUND_TRIP) {
    const part = asked.slice(from, from + ROUND_TRIP);
    const { rows } = await pool.query<LookupRow>(by === 'bsn' ? BY_BSN : BY_RELATION_NUMBER, [part.map(hashOf)]);
    for (const [index, row] of rows.entries()) {
      const text = part[row.n - 1] as string;
      answer.set(text, { personId: row.person_id, birthDate: openSecret(kek, row.person_id, row.wrapped_key).birthDate });
      if (index % OPEN_AT_ONCE === OPEN_AT_ONCE - 1) await yieldToOthers();
    }
  }
  return answer;
}

export function openSecret(kek: KeyObject, personId: string, wrappedKey: Buffer | null): PersonSecret {
  return opening(personId, () => unsealSecret(kek, personId, present(wrappedKey)));
}

function present(sealed: Buffer | null): Buffer {
  if (sealed === null) throw new Error('the ciphertext is missing');
  return sealed;
}

export function opening<T>(personId: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new IdentityVaultError(
      'damaged',
      `the vault's record of person ${personId} does not open: it was changed outside of the vault; restore the schema identity`,
      undefined,
      { cause: error },
    );
  }
}

export interface StoredPerson {
  readonly personId: string;
  readonly key: Buffer;
  readonly identity: Identity;
}

interface PersonRow {
  readonly person_id: string;
  readonly bsn_hash: Buffer | null;
  readonly wrapped_key: Buffer | null;
  readonly identity_sealed: Buffer | null;
}

function openPerson(kek: KeyObject, row: PersonRow): StoredPerson {
  return opening(row.person_id, () => {
    const { key } = openSecret(kek, row.person_id, row.wrapped_key);
    const text = unseal(key, 'identity', row.person_id, present(row.identity_sealed)).toString('utf8');
    return { personId: row.person_id, key, identity: JSON.parse(text) as Identity };
  });
}

/** Identities by person id; erased ones in `erased`. */
export async function identities(
  pool: Pool | PoolClient,
  kek: KeyObject,
  personIds: readonly string[],
): Promise<VaultAnswer<Identity>> {
  const answer = new VaultAnswer<Identity>();
  for (let from = 0; from < personIds.length; from += ROUND_TRIP) {
    const { rows } = await pool.query<PersonRow>(
      `select p.person_id, p.bsn_hash, k.wrapped_key, p.identity_sealed
         from identity.person p left join identity.person_key k using (person_id) where p.person_id = any($1::uuid[])`,
      [personIds.slice(from, from + ROUND_TRIP)],
    );
    for (const [index, row] of rows.entries()) {
      if (row.bsn_hash === null) answer.erased.add(row.person_id);
      else answer.set(row.person_id, openPerson(kek, row).identity);
      if (index % OPEN_AT_ONCE === OPEN_AT_ONCE - 1) await yieldToOthers();
    }
  }
  return answer;
}

/** Whole persons by hash of the BSN (hex); for registering. */
export async function storedPersons(
  client: Pool | PoolClient,
  kek: KeyObject,
  hashes: readonly Buffer[],
): Promise<ReadonlyMap<string, StoredPerson>> {
  const { rows } = await client.query<PersonRow & { bsn_hash: Buffer }>(
    `select p.person_id, p.bsn_hash, k.wrapped_key, p.identity_sealed
       from identity.person p left join identity.person_key k using (person_id) where p.bsn_hash = any($1::bytea[])`,
    [hashes],
  );
  return new Map(rows.map((row) => [row.bsn_hash.toString('hex'), openPerson(kek, row)]));
}
