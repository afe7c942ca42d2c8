import type { KeyObject } from 'node:crypto';
import type { Pool } from '#libs/platform';
import { IdentityVaultError } from '../errors';
import type { KeyEncryptionKey } from '../key-encryption-key';
import { erase, erasedPersons, knownAmong } from './erasure';
import { identities, resolve } from './lookups';
import type { Identity, PersonToRegister, ResolvedPerson, VaultAnswer } from './person';
import { registerPersons } from './registration';
import { PostgresSealedObjects, type SealedObjects } from './sealed-objects';
import { LookupHash, seal, unseal } from './sealing';

/** The one place that knows who a person is. Everything else knows a random person id. */
export interface IdentityVault extends SealedObjects {
  /**
   * Registers persons and answers their ids by BSN. Idempotent, and safe in parallel: one new BSN gets one person. A changed
   * birth date or name replaces the old one, relation numbers are added. The BSN of somebody who was erased is that of a new
   * person. Atomic per 2,000 persons.
   * @throws IdentityVaultError `bad-input` (before anything is written) or `relation-number-taken`, with the place in the batch
   */
  registerPersons(persons: readonly PersonToRegister[]): Promise<Map<string, string>>;
  /** Person id and birth date by BSN: ask once for a whole batch, it is one round trip. What is no BSN is unknown. */
  resolveByBsn(bsns: readonly string[]): Promise<ReadonlyMap<string, ResolvedPerson>>;
  /** The same by the numbers that one insurer gave. */
  resolveByRelationNumber(insurer: string, numbers: readonly string[]): Promise<ReadonlyMap<string, ResolvedPerson>>;
  /** Identities by person id, for what is returned to who may see it. */
  identityOf(personIds: readonly string[]): Promise<VaultAnswer<Identity>>;
  /**
   * Erases a person: key and ciphertexts are destroyed, notes and documents among them, and no number is known any more. The person
   * id stays, with its totals. Older back-ups of the database must be expired apart.
   * @returns false when there is no such person, or it was erased before
   */
  destroyKey(personId: string): Promise<boolean>;
  /** Of these person ids, those who were registered and not erased. */
  knownAmong(personIds: readonly string[]): Promise<readonly string[]>;
  /** Everybody who was erased, with the moment (ISO 8601 in UTC). */
  erasedPersons(): Promise<ReadonlyMap<string, string>>;
}

/**
 * Opens the vault in `pool`'s database (see installIdentityVault). The first key that opens it is its key for good.
 * @throws IdentityVaultError `wrong-key`: another key than it was made with; `not-installed`: no tables
 */
export async function openIdentityVault({ pool, kek }: { pool: Pool; kek: KeyEncryptionKey }): Promise<IdentityVault> {
  const { key } = kek;
  await checkKey(pool, key);
  const lookup = new LookupHash(key);
  const sealed = new PostgresSealedObjects(pool, key);
  const distinct = (texts: readonly string[], shape: RegExp): string[] => [...new Set(texts)].filter((text) => shape.test(text));
  return {
    registerPersons: (persons) => registerPersons(pool, key, lookup, persons),
    resolveByBsn: (bsns) => resolve(pool, key, 'bsn', distinct(bsns, /^\d{9}$/), (bsn) => lookup.ofBsn(bsn)),
    resolveByRelationNumber: (insurer, numbers) =>
      resolve(pool, key, 'relation-number', distinct(numbers, /^.{1,15}$/), (number) => lookup.ofRelationNumber(insurer, number)),
    identityOf: (personIds) => identities(pool, key, distinct(personIds, UUID)),
    destroyKey: (personId) => (UUID.test(personId) ? erase(pool, personId) : Promise.resolve(false)),
    knownAmong: (personIds) => knownAmong(pool, distinct(personIds, UUID)),
    erasedPersons: () => erasedPersons(pool),
    sealNote: (personId, text, noteId) => sealed.sealNote(personId, text, noteId),
    readNote: (personId, noteId) => sealed.readNote(personId, noteId),
    sealDocument: (personId, document) => sealed.sealDocument(personId, document),
    readDocument: (personId, documentId) => sealed.readDocument(personId, documentId),
    sealedOf: (personId) => sealed.sealedOf(personId),
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const CHECK_TEXT = 'traject identity vault';

async function checkKey(pool: Pool, key: KeyObject): Promise<void> {
  let sealed: Buffer | undefined;
  try {
    await pool.query('insert into identity.key_check (sealed) values ($1) on conflict do nothing', [
      seal(key, 'check', '', CHECK_TEXT),
    ]);
    sealed = (await pool.query<{ sealed: Buffer }>('select sealed from identity.key_check')).rows[0]?.sealed;
  } catch (error) {
    if ((error as { code?: string }).code !== '42P01' && (error as { code?: string }).code !== '3F000') throw error;
    throw new IdentityVaultError(
      'not-installed',
      'the database has no identity vault: run installIdentityVault first',
      undefined,
      { cause: error },
    );
  }
  try {
    if (sealed !== undefined && unseal(key, 'check', '', sealed).toString('utf8') === CHECK_TEXT) return;
  } catch {
    // the tag does not fit: said below
  }
  throw new IdentityVaultError(
    'wrong-key',
    'this is not the key-encryption key that the identity vault was made with: restore that key (TRAJECT_KEK_FILE, TRAJECT_KEK, ' +
      'or the file traject-development-key in the data folder), or use the database that belongs to this key',
  );
}
