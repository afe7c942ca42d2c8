import { IdentityVaultError } from '../errors';

export interface RelationNumber {
  /** Insurer's code (UZOVI), 4 digits. */
  readonly insurer: string;
  /** The insurer's own number of the person, 1 to 15 characters. */
  readonly number: string;
}

export interface PersonToRegister {
  /** Citizen service number, 9 digits. */
  readonly bsn: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  readonly name?: string;
  readonly relationNumbers?: readonly RelationNumber[];
}

/** What the vault holds of a person. */
export interface Identity {
  readonly bsn: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  /** Null when none was ever given. */
  readonly name: string | null;
  readonly relationNumbers: readonly RelationNumber[];
}

export interface ResolvedPerson {
  readonly personId: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
}

/** What was found, by person id. Who is in neither `this` nor `erased` is unknown. */
export class VaultAnswer<T> extends Map<string, T> {
  /** Of the persons asked for: those whose identity was erased for good. */
  readonly erased = new Set<string>();
}

const NAME_LIMIT = 200;
const RELATION_NUMBERS_LIMIT = 50;

/** @throws IdentityVaultError `bad-input` with the person's place in the batch and the field, without the value */
export function checkPerson(person: PersonToRegister, index: number): void {
  const refuse = (what: string): never => {
    throw new IdentityVaultError('bad-input', `person ${index} of the batch: ${what}`, index);
  };
  if (!/^\d{9}$/.test(person.bsn)) refuse('bsn must be 9 digits');
  if (!isDate(person.birthDate)) refuse('birthDate must be a date YYYY-MM-DD that exists');
  if (person.name !== undefined && (person.name.trim() === '' || person.name.length > NAME_LIMIT)) {
    refuse(`name must have 1 to ${NAME_LIMIT} characters`);
  }
  const numbers = person.relationNumbers ?? [];
  if (numbers.length > RELATION_NUMBERS_LIMIT) refuse(`has more than ${RELATION_NUMBERS_LIMIT} relation numbers`);
  for (const { insurer, number } of numbers) {
    if (!/^\d{4}$/.test(insurer)) refuse('insurer of a relation number must be 4 digits');
    if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,13}[\x21-\x7e])?$/.test(number))
      refuse('a relation number must have 1 to 15 printable characters');
  }
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Two registrations of one person: the later one says what it says, relation numbers add up. */
export function merge(known: Identity, told: PersonToRegister): Identity {
  const numbers = [...known.relationNumbers];
  for (const { insurer, number } of told.relationNumbers ?? []) {
    if (!numbers.some((other) => other.insurer === insurer && other.number === number)) numbers.push({ insurer, number });
  }
  return { bsn: known.bsn, birthDate: told.birthDate, name: told.name ?? known.name, relationNumbers: numbers };
}

export function identityOfNew(told: PersonToRegister): Identity {
  return merge({ bsn: told.bsn, birthDate: told.birthDate, name: null, relationNumbers: [] }, told);
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  // numbers are only ever added, in order
  return a.birthDate === b.birthDate && a.name === b.name && a.relationNumbers.length === b.relationNumbers.length;
}
