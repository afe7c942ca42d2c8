import { checkAgainstReceipt, type FieldProblem, type PerformanceRecord } from '#libs/claims';
import type { ClaimFileId } from '#libs/trajectory';
import type { ClaimLine } from '../declare-claim-lines/claim-line';

/** A return message has room for three codes. */
const MAX_CODES = 3;

/** Why a record cannot be read or attributed: its own problems, and the insured record's failed BSN. */
export function readingProblems(record: PerformanceRecord, receivedOn: string): FieldProblem[] {
  const person = record.insured?.problems.filter((problem) => problem.code === '0435') ?? [];
  const own = record.problems.length > 0 ? record.problems : checkAgainstReceipt(record, receivedOn);
  return [...person.map((problem) => ({ ...problem, record: record.record })), ...own];
}

/** The codes of problems, ascending, each once, at most three; 8072 where no code names the problem. */
export const codesOf = (problems: readonly FieldProblem[]): string[] =>
  [...new Set(problems.map((problem) => problem.code ?? '8072'))].sort().slice(0, MAX_CODES);

/** The line as the domain takes it; only for a record without problems. */
export function toClaimLine(record: PerformanceRecord, file: ClaimFileId): ClaimLine {
  const { practice, reference, date, declaredCents, invoice } = record;
  const common = { source: { file, record: record.record }, practice, reference, date, declaredCents, invoice };
  if (record.debitCredit === 'C') return { ...common, kind: 'credit', debitReference: record.relatedReference ?? '' };
  return {
    ...common,
    kind: 'debit',
    list: record.list,
    performance: record.performance,
    quantity: record.quantity,
    diagnosis: record.diagnosis,
    csi: record.csi,
    tariffCents: record.tariffCents,
    calculatedCents: record.calculatedCents,
    insurer: record.insurer,
    ...(record.therapist === undefined ? {} : { therapist: record.therapist }),
    ...(record.authorisation === undefined ? {} : { authorisation: record.authorisation }),
    ...(record.referralDate === undefined ? {} : { referralDate: record.referralDate }),
  };
}
