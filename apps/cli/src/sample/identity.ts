/** Made-up persons and practices. Names are Dutch words for things that do not exist, with letters beyond ASCII among them. */
import { generateBsn } from '#libs/claims';
import { Random, seedFrom } from './random';

const SURNAMES: readonly (readonly [name: string, prefix?: string])[] = [
  ['Voorbeeld'],
  ['Verzonnen'],
  ['Bedachte', 'de'],
  ['Fabelaar'],
  ['Proefpersoon'],
  ['Nergens', 'van'],
  ['Fantasië', 'van der'],
  ['Ideeënhuis', 'van het'],
  ['Idéaal'],
  ['Poëet', 'de'],
  ['Maëstro'],
  ['Zeeën', 'van der'],
  ['Reünist'],
  ['Hypothése'],
  ['Schijnbaar'],
  ['Denkbeeld'],
  ['Sprookje', "van 't"],
  ['Coöper-Fabel'],
  ['Verzinsel', 'ter'],
  ['Illusië', 'de la'],
];
const INITIALS = ['A', 'B', 'C', 'D', 'É', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'P', 'R', 'S', 'T', 'W', 'Z'] as const;
/** Letters that Dutch postcodes leave out, so that no address is anybody's. */
const POSTCODE_LETTERS = ['SA', 'SD', 'SS'] as const;

export interface SampleIdentity {
  readonly bsn: string;
  readonly relationNumber: string;
  readonly birthDate: string;
  readonly sex: '1' | '2';
  readonly name: string;
  readonly namePrefix?: string;
  readonly initials: string;
  readonly postcode: string;
  readonly houseNumber: number;
}

/** Persons of one sample; the other half of the numbers is for people whom the member file does not know. */
export const MAX_PERSONS = 500_000;
const NUMBERS = 2 * MAX_PERSONS;
/** Odd and no multiple of 5, so that multiplying by it and taking the rest of the division by NUMBERS is one to one. */
const STEP = 618_033;

/**
 * A number that passes the eleven test; two indexes under NUMBERS never give the same one in a sample. It begins with 9, the next
 * six digits are the index, spread over the range, and `generateBsn` never changes the first seven.
 */
export function bsnOf(seed: number, index: number): string {
  const spread = (index * STEP + (seedFrom(seed, 7) % NUMBERS)) % NUMBERS;
  const digits = `9${String(spread).padStart(6, '0')}${seedFrom(seed, 11, index) % 10}`;
  let at = 0;
  return generateBsn(() => (Number(digits[at++]) + 0.5) / 10);
}

/** The same number with its last digit moved on: it fails the eleven test. */
export function spoiledBsn(bsn: string): string {
  return `${bsn.slice(0, 8)}${(Number(bsn[8]) + 1) % 10}`;
}

/** Short text of the seed, so that references and relation numbers of two samples differ. */
export const seedLabel = (seed: number): string => seed.toString(36).toUpperCase();

export function identityOf(seed: number, index: number, random: Random, birthDate: string): SampleIdentity {
  const [name, namePrefix] = random.pick(SURNAMES);
  return {
    bsn: bsnOf(seed, index),
    relationNumber: `${seedLabel(seed)}-${index}`,
    birthDate,
    sex: random.chance(0.55) ? '2' : '1',
    name,
    ...(namePrefix === undefined ? {} : { namePrefix }),
    initials: random.pick(INITIALS) + (random.chance(0.5) ? random.pick(INITIALS) : ''),
    postcode: `${random.whole(1000, 9999)}${random.pick(POSTCODE_LETTERS)}`,
    houseNumber: random.whole(1, 250),
  };
}

/** The AGB code of a practice of the sample, from 0; 04 = physiotherapy. */
export const practiceCode = (practice: number): string => `04990${String(practice + 1).padStart(3, '0')}`;
/** One of five therapists of a practice. */
export const therapistCode = (practice: number, which: number): string => `0488${String(practice * 5 + which).padStart(4, '0')}`;
