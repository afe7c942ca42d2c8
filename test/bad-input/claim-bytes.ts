/** Claim files as bytes, and ways to spoil them. Persons are made up. */
import { fieldOf, formatPm304, layouts, type Pm304InsuredInput, type Pm304LineInput, type RecordType } from '#libs/claims';
import { PRACTICE } from '../stories/story';

export type SpoiltLine = Partial<Pm304LineInput> & Pick<Pm304LineInput, 'date' | 'reference'>;

export interface SpoiltGroup {
  readonly bsn: string;
  readonly birthDate?: string;
  readonly lines: readonly SpoiltLine[];
}

/** A claim file of 40-euro sessions under code 1000; `invoice` keeps files apart that are otherwise alike. */
export function claimBytes(invoice: string, groups: readonly SpoiltGroup[], invoiceDate = '2025-01-02'): Buffer {
  const insured = groups.map(({ bsn, birthDate = '1970-05-05', lines }): Pm304InsuredInput => ({
    bsn,
    birthDate,
    sex: '2',
    name: 'Müller-Voorbeeld',
    initials: 'V',
    houseNumber: 1,
    lines: lines.map((line) => ({
      performance: '1000',
      tariffCents: 4000,
      csi: '008',
      diagnosis: '9373',
      therapist: '04054321',
      ...line,
    })),
  }));
  const header = {
    insurer: '3343',
    practice: PRACTICE,
    periodStart: '2023-01-01',
    periodEnd: '2024-12-31',
    invoice,
    invoiceDate,
  };
  return Buffer.from(formatPm304({ header, insured }));
}

const LENGTH = 312;

/** Overwrites one field of one record (from 1), byte for byte, from its first position. */
export function overwrite(bytes: Buffer, record: number, number: string, text: string): Buffer {
  const layout = fieldOf(layouts.pm304[number.slice(0, 2) as RecordType], number);
  if (text.length > layout.length) throw new Error(`${text.length} characters do not fit field ${number}`);
  const copy = Buffer.from(bytes);
  copy.write(text, (record - 1) * LENGTH + layout.start - 1, 'latin1');
  return copy;
}

/** The records without CR LF, changed and joined again. */
export function rewrite(bytes: Buffer, change: (records: string[]) => string[]): Buffer {
  const records = bytes.toString('latin1').split('\r\n').slice(0, -1);
  return Buffer.from(
    change(records)
      .map((record) => `${record}\r\n`)
      .join(''),
    'latin1',
  );
}

/** Number of the trailer, which is the last record. */
export const lastRecord = (bytes: Buffer): number => bytes.length / LENGTH;
