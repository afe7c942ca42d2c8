/** Messages and small tools for the tests of this library. Persons are made up. */
import {
  ClaimFileError,
  formatPm304,
  readPm304,
  type FieldProblem,
  type Pm304HeaderInput,
  type Pm304InsuredInput,
} from '../index';
import { fieldOf, layouts, type PerformanceRecord, type Pm304Record, type RecordType } from '../index';

export const HEADER: Pm304HeaderInput = {
  insurer: '3343',
  practice: '04123456',
  periodStart: '2024-01-01',
  periodEnd: '2024-01-31',
  invoice: '2024-0001',
  invoiceDate: '2024-02-01',
};

export const PERSON: Pm304InsuredInput = {
  bsn: '957136171',
  birthDate: '1961-05-17',
  sex: '2',
  name: 'Müller-Ågren',
  namePrefix: 'van der',
  initials: 'J',
  postcode: '1234AB',
  houseNumber: 12,
  relationNumber: 'R0001',
  lines: [
    {
      date: '2024-01-15',
      performance: '1000',
      diagnosis: '3176',
      csi: '008',
      therapist: '04654321',
      tariffCents: 3550,
      reference: 'REF-1',
    },
    { date: '2024-01-22', performance: '1000', diagnosis: '3176', csi: '008', tariffCents: 3550, reference: 'REF-2' },
  ],
};

export const MESSAGE = formatPm304({ header: HEADER, insured: [PERSON] });

export async function* chunks(bytes: Uint8Array, size = bytes.length || 1): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) {
    await Promise.resolve();
    yield bytes.slice(from, from + size);
  }
}

export async function readAll(bytes: Uint8Array, size?: number): Promise<Pm304Record[]> {
  const records: Pm304Record[] = [];
  for await (const record of readPm304(chunks(bytes, size))) records.push(record);
  return records;
}

export async function readLines(bytes: Uint8Array): Promise<PerformanceRecord[]> {
  return (await readAll(bytes)).filter((record): record is PerformanceRecord => record.kind === 'performance');
}

/** The error with which the file is refused; fails when it is accepted. */
export async function refusalOf(read: Promise<unknown>): Promise<ClaimFileError> {
  try {
    await read;
  } catch (error) {
    if (error instanceof ClaimFileError) return error;
    throw error;
  }
  throw new Error('The file was accepted');
}

/** Without the place, for short assertions. */
export function saying(problems: readonly FieldProblem[]): [string | null, string][] {
  return problems.map((problem) => [problem.code, problem.problem]);
}

const LENGTH = 312;

/** The text of record `record` (from 1), without CR LF. */
export function recordText(bytes: Uint8Array, record: number): string {
  return Buffer.from(bytes).toString('latin1', (record - 1) * LENGTH, record * LENGTH - 2);
}

/** A copy in which one field of one record (from 1) is overwritten, byte for byte, from its first position. */
export function overwrite(bytes: Uint8Array, record: number, number: string, text: string): Uint8Array {
  const layout = fieldOf(layouts.pm304[number.slice(0, 2) as RecordType], number);
  if (text.length > layout.length) throw new Error(`${text.length} characters do not fit field ${number}`);
  const copy = Buffer.from(bytes);
  copy.write(text, (record - 1) * LENGTH + layout.start - 1, 'latin1');
  return new Uint8Array(copy);
}

/** A copy whose records (without CR LF) are changed by `change`; joined again with CR LF. */
export function rewrite(bytes: Uint8Array, change: (records: string[]) => string[]): Uint8Array {
  const records = Buffer.from(bytes).toString('latin1').split('\r\n').slice(0, -1);
  return new Uint8Array(
    Buffer.from(
      change(records)
        .map((record) => `${record}\r\n`)
        .join(''),
      'latin1',
    ),
  );
}
