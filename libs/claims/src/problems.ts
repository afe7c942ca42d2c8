/** What is wrong with a claim file, in words that never repeat what a field holds. */
import type { FieldLayout } from './layouts';

/**
 * One problem. `problem` is a plain sentence: what is wrong and what to do. It never holds the content of a field, so that no
 * BSN, name or birth date can reach a log, also not from a record whose fields have shifted.
 */
export interface FieldProblem {
  /** Return code (Vektis COD954), four digits, or null when none fits. */
  readonly code: string | null;
  /** Record in the file, from 1 over all records; null when the problem is not of one record. */
  readonly record: number | null;
  /** Number and name, e.g. `0408 Datum prestatie`; null when it is not of one field. */
  readonly field: string | null;
  /** First and last position in the record, e.g. `59-66`. */
  readonly position: string | null;
  readonly problem: string;
}

/** Most problems of a whole file that are collected before reading stops. */
export const MAX_FILE_PROBLEMS = 20;

/** `59-66`, or `58` for a field of one character. */
export function positionOf(layout: FieldLayout): string {
  const end = layout.start + layout.length - 1;
  return end === layout.start ? String(end) : `${layout.start}-${end}`;
}

/** A problem of one field of one record. */
export function fieldProblem(code: string | null, record: number, layout: FieldLayout, problem: string): FieldProblem {
  return { code, record, field: `${layout.number} ${layout.name}`, position: positionOf(layout), problem };
}

/** A problem of a record or of the whole file. */
export function fileProblem(code: string | null, record: number | null, problem: string): FieldProblem {
  return { code, record, field: null, position: null, problem };
}

/** A problem on one line, for a terminal: `record 3, field 0408 Datum prestatie (59-66): … [8007]`. */
export function describeProblem(problem: FieldProblem): string {
  const record = problem.record === null ? [] : [`record ${problem.record}`];
  const field = problem.field === null ? [] : [`field ${problem.field} (${problem.position ?? '?'})`];
  const place = [...record, ...field].join(', ');
  return `${place === '' ? '' : `${place}: `}${problem.problem}${problem.code === null ? '' : ` [${problem.code}]`}`;
}
