/** What a sample holds and how the system should answer it, counted while it is written. */
import { FIRST_DATE, LAST_DATE } from './calendar';
import type { Expectation, SampleLine, SamplePerson } from './person';
import type { Course, Mishap } from './proportions';

export const MANIFEST_FILE = 'manifest.json';
export const MEMBERS_FILE = 'members.csv';
export const CORRECTIONS_FILE = 'corrections.jsonl';
export const README_FILE = 'README.txt';
export const BAD_TRAILER_FILE = 'bad/bad-trailer.pm304';

export const NOTICE =
  'Everybody and everything in this folder is made up: names, numbers (BSN, AGB), addresses, claims. Any resemblance to a real number is chance.';

export interface ManifestClaimFile {
  readonly file: string;
  readonly persons: number;
  readonly lines: number;
}

export interface SampleManifest {
  readonly format: 1;
  readonly notice: string;
  readonly seed: number;
  readonly persons: number;
  /** First and last day on which sessions of the sample may lie, mistakes aside. */
  readonly sessionsFrom: string;
  readonly sessionsThrough: string;
  readonly members: {
    readonly file: string;
    readonly rows: number;
    readonly byCourse: Readonly<Partial<Record<Course, number>>>;
    readonly switchesWithCode: number;
    readonly switchesWithoutCode: number;
    readonly deceased: number;
    readonly withPackage: number;
  };
  /** In the order in which they are to be ingested, which is that of their names. */
  readonly claimFiles: readonly ManifestClaimFile[];
  readonly lines: {
    readonly total: number;
    /** In a later file than the sessions around them. */
    readonly late: number;
    readonly credits: number;
    readonly underClosedCode: number;
    readonly byMishap: Readonly<Partial<Record<Mishap, number>>>;
  };
  /** Answers to the lines when the files are ingested in order, before the corrections. */
  readonly expected: {
    readonly byOutcome: Readonly<Record<Expectation['outcome'], number>>;
    /** Lines refused or invalid, by return code. */
    readonly byCode: Readonly<Record<string, number>>;
    /** Lines that are still held after the corrections: nobody answers for those persons. */
    readonly heldAfterCorrections: number;
  };
  readonly badFiles: readonly { readonly file: string; readonly expected: string }[];
  readonly corrections: { readonly file: string; readonly byCommand: Readonly<Record<string, number>> };
}

const increase = <K extends string>(counts: Partial<Record<K, number>>, key: K): void => {
  counts[key] = (counts[key] ?? 0) + 1;
};
/** Keys in order, so that the text of the manifest does not depend on what came first. */
const sorted = <T>(counts: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

export class ManifestTally {
  #persons = 0;
  #rows = 0;
  #switchesWithCode = 0;
  #switchesWithoutCode = 0;
  #deceased = 0;
  #withPackage = 0;
  #late = 0;
  #credits = 0;
  #closed = 0;
  #lines = 0;
  #heldAfter = 0;
  readonly #byCourse: Partial<Record<Course, number>> = {};
  readonly #byMishap: Partial<Record<Mishap, number>> = {};
  readonly #byOutcome: Record<Expectation['outcome'], number> = { refused: 0, invalid: 0, held: 0, decided: 0, credited: 0 };
  readonly #byCode: Record<string, number> = {};
  readonly #byCommand: Record<string, number> = {};
  readonly #files: ManifestClaimFile[] = [];

  constructor(
    private readonly seed: number,
    private readonly closedCode: string,
  ) {}

  person(person: SamplePerson, rows: number): void {
    this.#persons += 1;
    this.#rows += rows;
    increase(this.#byCourse, person.card.course);
    if (person.card.mishap !== undefined) increase(this.#byMishap, person.card.mishap);
    for (const { dcsph } of person.switches) {
      if (dcsph === '') this.#switchesWithoutCode += 1;
      else this.#switchesWithCode += 1;
    }
    if (person.diedOn !== null) this.#deceased += 1;
    if (person.packages.length > 0) this.#withPackage += 1;
    if (person.corrections.length === 0)
      this.#heldAfter += person.lines.filter(({ expected }) => expected.outcome === 'held').length;
    for (const { command } of person.corrections) increase(this.#byCommand, command);
  }

  lines(lines: readonly SampleLine[]): void {
    this.#lines += lines.length;
    for (const { expected, line, late } of lines) {
      increase(this.#byOutcome, expected.outcome);
      if ('codes' in expected) for (const code of expected.codes) increase(this.#byCode, code);
      if (late === true) this.#late += 1;
      if (line.debitCredit === 'C') this.#credits += 1;
      if (line.diagnosis === this.closedCode) this.#closed += 1;
    }
  }

  file(file: ManifestClaimFile): void {
    this.#files.push(file);
  }

  manifest(): SampleManifest {
    return {
      format: 1,
      notice: NOTICE,
      seed: this.seed,
      persons: this.#persons,
      sessionsFrom: FIRST_DATE,
      sessionsThrough: LAST_DATE,
      members: {
        file: MEMBERS_FILE,
        rows: this.#rows,
        byCourse: sorted(this.#byCourse),
        switchesWithCode: this.#switchesWithCode,
        switchesWithoutCode: this.#switchesWithoutCode,
        deceased: this.#deceased,
        withPackage: this.#withPackage,
      },
      claimFiles: this.#files,
      lines: {
        total: this.#lines,
        late: this.#late,
        credits: this.#credits,
        underClosedCode: this.#closed,
        byMishap: sorted(this.#byMishap),
      },
      expected: { byOutcome: this.#byOutcome, byCode: sorted(this.#byCode), heldAfterCorrections: this.#heldAfter },
      badFiles: [{ file: BAD_TRAILER_FILE, expected: 'refused whole: its trailer counts one performance too many' }],
      corrections: { file: CORRECTIONS_FILE, byCommand: sorted(this.#byCommand) },
    };
  }
}

/** The manifest for people. */
export function readmeText(manifest: SampleManifest): string {
  const { members, lines, expected, claimFiles, corrections } = manifest;
  const list = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `  ${name.padEnd(24)} ${count}`);
  return [
    NOTICE,
    '',
    `Made from seed ${manifest.seed}: ${manifest.persons} persons, sessions from ${manifest.sessionsFrom} through ${manifest.sessionsThrough}.`,
    '',
    `1. ${MEMBERS_FILE}: import it first. ${members.rows} rows; ${members.switchesWithCode} switches with a diagnosis code, ${members.switchesWithoutCode} without, ${members.deceased} deceased.`,
    `2. claims-*.pm304: ${claimFiles.length} files, ${lines.total} lines; ingest them in the order of their names. ${lines.late} lines come late, ${lines.credits} are credits, ${lines.underClosedCode} stand under the closed code.`,
    `3. ${CORRECTIONS_FILE}: what the back office does afterwards, one command a line.`,
    `4. ${BAD_TRAILER_FILE}: must be refused whole.`,
    '',
    'Persons by course of treatment:',
    ...list(members.byCourse),
    '',
    'Persons with something going wrong:',
    ...list(lines.byMishap),
    '',
    'How the lines should be answered, before the corrections:',
    ...list(expected.byOutcome),
    `  ${'held after them'.padEnd(24)} ${expected.heldAfterCorrections}`,
    '',
    'Lines refused or invalid, by return code:',
    ...list(expected.byCode),
    '',
    'Corrections:',
    ...list(corrections.byCommand),
    '',
  ].join('\n');
}
