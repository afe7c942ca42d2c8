/** Persons and claim files for the bench, made from a seed. */
import { open } from 'node:fs/promises';
import { generateBsn, writePm304, type Pm304InsuredInput } from '#libs/claims';

/** A small seeded generator (mulberry32): the same seed gives the same persons and files. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export interface BenchPerson {
  readonly bsn: string;
  readonly birthDate: string;
  readonly diagnosis: string;
}
const DIAGNOSES = ['9372', '9373', '9374', '3176', '4028', '9394'];

export function persons(count: number, seed: number): BenchPerson[] {
  const random = seeded(seed);
  const known = new Set<string>();
  const list: BenchPerson[] = [];
  while (list.length < count) {
    const bsn = generateBsn(random);
    if (known.has(bsn)) continue;
    known.add(bsn);
    list.push({
      bsn,
      birthDate: `19${30 + Math.floor(random() * 65)}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`,
      diagnosis: DIAGNOSES[list.length % DIAGNOSES.length] ?? '9373',
    });
  }
  return list;
}

const day = (start: string, n: number): string =>
  new Date(Date.parse(`${start}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);

/** The lines of a person: `count` sessions from the `first`-th on, `everyDays` apart, from `start`. */
export function insured(
  person: BenchPerson,
  prefix: string,
  first: number,
  count: number,
  start: string,
  everyDays: number,
): Pm304InsuredInput {
  return {
    bsn: person.bsn,
    birthDate: person.birthDate,
    sex: '2',
    name: 'Bench',
    initials: 'B',
    houseNumber: 1,
    lines: Array.from({ length: count }, (_, i) => ({
      date: day(start, (first + i) * everyDays),
      performance: '1000',
      tariffCents: 4000 + ((first + i) % 7) * 10,
      diagnosis: person.diagnosis,
      csi: first + i < 20 ? '008' : '001',
      therapist: '04054321',
      reference: `${prefix}${first + i}`,
    })),
  };
}

export async function writeClaimFile(
  path: string,
  practice: string,
  invoice: string,
  groups: Iterable<Pm304InsuredInput>,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    let held: Uint8Array[] = [];
    const header = {
      insurer: '3343',
      practice,
      periodStart: '2023-01-01',
      periodEnd: '2024-12-31',
      invoice,
      invoiceDate: '2025-01-02',
    };
    for (const part of writePm304(header, groups)) {
      held.push(part);
      if (held.length >= 1000) {
        await file.write(Buffer.concat(held));
        held = [];
      }
    }
    await file.write(Buffer.concat(held));
  } finally {
    await file.close();
  }
}

/** A shuffled copy (Fisher-Yates). */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seeded(seed);
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}
