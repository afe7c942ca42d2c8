import type { FieldProblem } from '#libs/claims';
import type { LogPosition } from '#libs/event-store';
import type { ClaimFileId, ProcessedLine } from '#libs/trajectory';

/** What became of a claim file. */
export interface IngestReport {
  readonly file: string;
  readonly fileId: ClaimFileId;
  /** `already-processed`: the same bytes had been ingested before; nothing was done again. */
  readonly outcome: 'processed' | 'already-processed' | 'refused';
  readonly lines: number;
  readonly byOutcome: Readonly<Record<ProcessedLine['outcome'], number>>;
  readonly declaredCents: number;
  readonly grantedCents: number;
  /** The return message; null when the file could not even be answered. */
  readonly returnFile: string | null;
  /** Payment specifications of lines told of before that this file moved; null when it moved none. */
  readonly paymentFile: string | null;
  /** Problems of the file, or of its records, at most MAX_LISTED_PROBLEMS. */
  readonly problems: readonly FieldProblem[];
  readonly problemCount: number;
  /** Queries at least as fresh as this position see the file's effect; null when nothing was written now. */
  readonly position: LogPosition | null;
}

export const MAX_LISTED_PROBLEMS = 200;
