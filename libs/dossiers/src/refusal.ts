/** The business says no: a value, never an exception. `field` is a path in the command's own input; '' is the whole of it. */
export interface Refusal {
  /** Stable code for programs, e.g. `history-overlaps`. */
  readonly code: string;
  readonly field: string;
  /** What is wrong and what to do, without personal data. */
  readonly problem: string;
}
