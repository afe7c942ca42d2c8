import { fieldOf, PM304_LAYOUT } from '../layouts';
import { FieldReader } from '../records/field-reader';
import { fieldProblem, type FieldProblem } from '../problems';
import type { TrailerRecord } from '../records/records';

const F = (number: string) => fieldOf(PM304_LAYOUT['99'], number);
const INSURED = F('9902');
const DEBTORS = F('9903');
const PERFORMANCES = F('9904');
const COMMENTS = F('9905');
const DETAILS = F('9906');
const TOTAL = F('9907');
const FLAG = F('9908');

/** Records counted, and amounts added up, while a message was read. */
export interface MessageCounts {
  insured: number;
  debtors: number;
  performances: number;
  comments: number;
  /** Sums of the declared amounts of debit and credit lines, cents. */
  debitCents: number;
  creditCents: number;
  /** Performance records whose declared amount or its flag could not be read: the total cannot be checked then. */
  unreadableAmounts: number;
}

/** Record 99. */
export function parseTrailer(text: string, raw: Uint8Array, record: number): TrailerRecord {
  const fields = new FieldReader(text, record);
  const insuredRecords = fields.number(INSURED, '0151', 'The number of insured records');
  const debtorRecords = fields.number(DEBTORS, '0157', 'The number of debtor records');
  const performanceRecords = fields.number(PERFORMANCES, '0158', 'The number of performance records');
  const commentRecords = fields.number(COMMENTS, '0153', 'The number of comment records');
  const detailRecords = fields.number(DETAILS, '0156', 'The number of detail records');
  const total = fields.number(TOTAL, '0150', 'The total, in cents,');
  const flag = fields.debitCredit(FLAG, '0150');
  return {
    kind: 'trailer',
    record,
    raw,
    insuredRecords,
    debtorRecords,
    performanceRecords,
    commentRecords,
    detailRecords,
    declaredCents: flag === 'C' && total !== 0 ? -total : total,
    problems: fields.problems,
  };
}

/** Counts and total of the trailer against what was read. Only record counts are told: an amount may be the digits of a shifted field. */
export function compareTrailer(trailer: TrailerRecord, counts: MessageCounts): FieldProblem[] {
  const details = counts.insured + counts.debtors + counts.performances + counts.comments;
  const rows = [
    [INSURED, '0151', trailer.insuredRecords, counts.insured, 'insured records (02)'],
    [DEBTORS, '0157', trailer.debtorRecords, counts.debtors, 'debtor records (03)'],
    [PERFORMANCES, '0158', trailer.performanceRecords, counts.performances, 'performance records (04)'],
    [COMMENTS, '0153', trailer.commentRecords, counts.comments, 'comment records (98)'],
    [DETAILS, '0156', trailer.detailRecords, details, 'detail records'],
  ] as const;
  const unreadable = new Set(trailer.problems.map((problem) => problem.field?.slice(0, 4)));
  const problems = rows
    .filter(([layout, , stated, counted]) => stated !== counted && !unreadable.has(layout.number))
    .map(([layout, code, , counted, what]) =>
      fieldProblem(
        code,
        trailer.record,
        layout,
        `The file holds ${counted} ${what}, the trailer says another number; was it cut?`,
      ),
    );
  const total = counts.debitCents - counts.creditCents;
  const checked = counts.unreadableAmounts === 0 && !unreadable.has(TOTAL.number) && !unreadable.has(FLAG.number);
  if (checked && trailer.declaredCents !== total) {
    const problem =
      'The declared amounts (0432), debits less credits, do not add up to this total; correct it, or send every line.';
    problems.push(fieldProblem('0150', trailer.record, TOTAL, problem));
  }
  return problems;
}
