import { randomUUID, type KeyObject } from 'node:crypto';
import type { Pool, PoolClient } from '#libs/platform';
import { IdentityVaultError } from '../errors';
import { storedPersons } from './lookups';
import { checkPerson, identityOfNew, merge, sameIdentity, type Identity, type PersonToRegister } from './person';
import { withRegistrationLock } from './registration-lock';
import { KEY_BYTES, randomBlock, seal, sealSecret, type LookupHash } from './sealing';

/** Most persons that one transaction registers. */
const TRANSACTION = 2_000;

interface Asked {
  readonly index: number;
  readonly hash: Buffer;
  readonly told: readonly PersonToRegister[];
}

interface Written {
  readonly index: number;
  readonly personId: string;
  readonly hash: Buffer;
  readonly key: Buffer;
  readonly identity: Identity;
}

interface Plan {
  readonly personIds: ReadonlyMap<string, string>;
  readonly written: readonly Written[];
}

/** Registers persons, or updates what has changed. See IdentityVault.registerPersons. */
export async function registerPersons(
  pool: Pool,
  kek: KeyObject,
  lookup: LookupHash,
  persons: readonly PersonToRegister[],
): Promise<Map<string, string>> {
  persons.forEach(checkPerson);
  const byBsn = new Map<string, Asked>();
  for (const [index, person] of persons.entries()) {
    const earlier = byBsn.get(person.bsn);
    byBsn.set(person.bsn, {
      index: earlier?.index ?? index,
      hash: earlier?.hash ?? lookup.ofBsn(person.bsn),
      told: [...(earlier?.told ?? []), person],
    });
  }
  const answer = new Map<string, string>();
  const asked = [...byBsn.values()];
  for (let from = 0; from < asked.length; from += TRANSACTION) {
    const part = asked.slice(from, from + TRANSACTION);
    // most registrations say nothing new, and those wait for nobody
    let plan = await planOf(pool, kek, part);
    if (plan.written.length > 0) plan = await write(pool, kek, lookup, part);
    for (const [bsn, personId] of plan.personIds) answer.set(bsn, personId);
  }
  return answer;
}

async function planOf(client: Pool | PoolClient, kek: KeyObject, asked: readonly Asked[]): Promise<Plan> {
  const found = await storedPersons(
    client,
    kek,
    asked.map(({ hash }) => hash),
  );
  const personIds = new Map<string, string>();
  const written: Written[] = [];
  for (const { index, hash, told } of asked) {
    const [first, ...later] = told as [PersonToRegister, ...PersonToRegister[]];
    const stored = found.get(hash.toString('hex'));
    const start = stored === undefined ? identityOfNew(first) : merge(stored.identity, first);
    const identity = later.reduce(merge, start);
    const personId = stored?.personId ?? randomUUID();
    personIds.set(first.bsn, personId);
    if (stored !== undefined && sameIdentity(stored.identity, identity)) continue;
    written.push({ index, personId, hash, key: stored?.key ?? randomBlock(KEY_BYTES), identity });
  }
  return { personIds, written };
}

async function write(pool: Pool, kek: KeyObject, lookup: LookupHash, asked: readonly Asked[]): Promise<Plan> {
  return withRegistrationLock(pool, async (client) => {
    // what was planned before the lock may have been done by another process meanwhile
    const plan = await planOf(client, kek, asked);
    await writePersons(client, kek, plan.written);
    await writeRelationNumbers(client, lookup, plan.written);
    return plan;
  });
}

async function writePersons(client: PoolClient, kek: KeyObject, written: readonly Written[]): Promise<void> {
  const personIds = written.map(({ personId }) => personId);
  const { rowCount } = await client.query(
    `insert into identity.person (person_id, bsn_hash, identity_sealed)
     select * from unnest($1::uuid[], $2::bytea[], $3::bytea[])
     on conflict (person_id) do update set identity_sealed = excluded.identity_sealed`,
    [
      personIds,
      written.map(({ hash }) => hash),
      written.map(({ personId, key, identity }) => seal(key, 'identity', personId, JSON.stringify(identity))),
    ],
  );
  if (rowCount !== written.length) throw new Error(`the vault wrote ${rowCount ?? 0} of ${written.length} persons`);
  await client.query(
    `insert into identity.person_key (person_id, wrapped_key) select * from unnest($1::uuid[], $2::bytea[])
     on conflict (person_id) do update set wrapped_key = excluded.wrapped_key`,
    [personIds, written.map(({ personId, key, identity }) => sealSecret(kek, personId, { key, birthDate: identity.birthDate }))],
  );
}

async function writeRelationNumbers(client: PoolClient, lookup: LookupHash, written: readonly Written[]): Promise<void> {
  const numbers = written.flatMap(({ index, personId, identity }) =>
    identity.relationNumbers.map(({ insurer, number }) => ({ index, personId, hash: lookup.ofRelationNumber(insurer, number) })),
  );
  if (numbers.length === 0) return;
  const hashes = numbers.map(({ hash }) => hash);
  await client.query(
    `insert into identity.relation_number (number_hash, person_id)
     select * from unnest($1::bytea[], $2::uuid[]) on conflict (number_hash) do nothing`,
    [hashes, numbers.map(({ personId }) => personId)],
  );
  const { rows } = await client.query<{ number_hash: Buffer; person_id: string }>(
    'select number_hash, person_id from identity.relation_number where number_hash = any($1::bytea[])',
    [hashes],
  );
  const holders = new Map(rows.map((row) => [row.number_hash.toString('hex'), row.person_id]));
  const taken = numbers.find(({ hash, personId }) => holders.get(hash.toString('hex')) !== personId);
  if (taken === undefined) return;
  throw new IdentityVaultError(
    'relation-number-taken',
    `person ${taken.index} of the batch: a relation number belongs to another person already; nothing of this part of the batch was registered`,
    taken.index,
  );
}
