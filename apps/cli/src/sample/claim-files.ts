/** The claim files: one per period and practice, each written while its persons are made, so that nothing grows with the sample. */
import { fieldOf, formatPm304, PM304_LAYOUT, writePm304, type Pm304HeaderInput, type Pm304InsuredInput } from '#libs/claims';
import { CLAIM_PERIODS, type ClaimPeriod } from './calendar';
import { practiceCode, seedLabel, type SampleIdentity } from './identity';
import { LineWriter } from './line-writer';
import type { SampleLine, SamplePerson } from './person';
import type { Population } from './population';
import { OWN_INSURER } from './proportions';

export interface PlannedClaimFile {
  readonly name: string;
  /** Index in CLAIM_PERIODS. */
  readonly period: number;
  readonly practice: number;
}

/** Every file there may be, in the order of their names, in which they are to be ingested. A file without lines is not written. */
export function plannedClaimFiles(practices: number): PlannedClaimFile[] {
  return CLAIM_PERIODS.flatMap(({ label }, period) =>
    Array.from({ length: practices }, (_, practice) => ({
      name: `claims-${label}-${practiceCode(practice)}.pm304`,
      period,
      practice,
    })),
  );
}

function insuredInput(identity: SampleIdentity, insurer: string, lines: readonly SampleLine[]): Pm304InsuredInput {
  return { ...identity, insurer, lines: lines.map((each) => each.line) };
}

const insurerOf = (person: SamplePerson): string => person.insurance[person.insurance.length - 1]?.insurer ?? OWN_INSURER;

/** The insured persons of a file with their lines; `onLines` sees the lines as they are taken. */
export function* insuredOf(
  population: Population,
  file: PlannedClaimFile,
  onLines: (lines: readonly SampleLine[]) => void,
): Generator<Pm304InsuredInput> {
  const isInFile = (each: SampleLine): boolean => each.period === file.period;
  for (const person of population.members(file.practice)) {
    const lines = person.lines.filter(isInFile);
    if (lines.length > 0) {
      onLines(lines);
      yield insuredInput(person.identity, insurerOf(person), lines);
    }
    for (const stranger of person.strangers.filter(isInFile)) {
      onLines([stranger]);
      yield insuredInput(stranger.identity, OWN_INSURER, [stranger]);
    }
  }
}

function headerOf(period: ClaimPeriod, practice: number): Pm304HeaderInput {
  return {
    insurer: OWN_INSURER,
    practice: practiceCode(practice),
    softwareVersion: 'sample',
    periodStart: period.from,
    periodEnd: period.through,
    invoice: `${period.label}-${String(practice + 1).padStart(4, '0')}`,
    invoiceDate: period.invoiceDate,
  };
}

/** The bytes of a file, or null when nobody has a line in it. */
export function claimFileBytes(
  population: Population,
  file: PlannedClaimFile,
  onLines: (lines: readonly SampleLine[]) => void,
): Iterable<Uint8Array> | null {
  const insured = insuredOf(population, file, onLines);
  const first = insured.next();
  if (first.done === true) return null;
  const all = function* (): Generator<Pm304InsuredInput> {
    yield first.value;
    yield* insured;
  };
  return writePm304(headerOf(CLAIM_PERIODS[file.period] as ClaimPeriod, file.practice), all());
}

/** A good file but for its trailer, which counts one performance too many: it must be refused whole. */
export function badTrailerFile(population: Population): Uint8Array {
  const [person] = population.members();
  if (person === undefined) throw new RangeError('a sample has at least one person');
  const writer = new LineWriter(`${seedLabel(population.seed)}-BAD`, '04880000');
  const lines = ['2024-02-05', '2024-02-12', '2024-02-19'].map((date) =>
    writer.session(date, { performance: '1000', diagnosis: '7022', csi: '009' }),
  );
  const bytes = Buffer.from(
    formatPm304({
      header: { ...headerOf(CLAIM_PERIODS[4] as ClaimPeriod, person.practice), invoice: '2024-03-BAD' },
      insured: [insuredInput(person.identity, insurerOf(person), lines)],
    }),
  );
  const { start, length } = fieldOf(PM304_LAYOUT['99'], '9904');
  const trailer = bytes.length - RECORD_BYTES;
  bytes.write(String(lines.length + 1).padStart(length, '0'), trailer + start - 1, 'latin1');
  return bytes;
}

/** A record and its CR LF. */
const RECORD_BYTES = 312;
