import { fieldOf, PM304_LAYOUT } from './layouts';
import { fieldProblem, type FieldProblem } from './problems';
import type { Pm304Record } from './records/records';

const INVOICE_DATE = fieldOf(PM304_LAYOUT['01'], '0117');
const BIRTH_DATE = fieldOf(PM304_LAYOUT['02'], '0207');
const SESSION_DATE = fieldOf(PM304_LAYOUT['04'], '0408');

/**
 * Dates of a record that lie after the day on which the file came in. Apart from the reader, which knows no clock.
 *
 * @param receivedOn `YYYY-MM-DD`
 * @returns no problem, or one: 0025 (header), 8004 (insured) or 8007 (performance)
 */
export function checkAgainstReceipt(record: Pm304Record, receivedOn: string): FieldProblem[] {
  const later = 'The date lies after the day on which the file was received; correct it.';
  if (record.kind === 'performance' && record.date > receivedOn)
    return [fieldProblem('8007', record.record, SESSION_DATE, later)];
  if (record.kind === 'insured' && record.birthDate > receivedOn) return [fieldProblem('8004', record.record, BIRTH_DATE, later)];
  if (record.kind === 'header' && record.invoiceDate > receivedOn)
    return [fieldProblem('0025', record.record, INVOICE_DATE, later)];
  return [];
}
