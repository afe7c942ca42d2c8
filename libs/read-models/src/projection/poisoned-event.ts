import { UnknownEventTypeError } from '#libs/trajectory';

/** An event that contradicts what its streams hold so far. The message names fields and never a value. */
export class PoisonedEventError extends Error {
  override readonly name = 'PoisonedEventError';
}

export const wrongStream = (event: { readonly type: string }): PoisonedEventError =>
  new PoisonedEventError(`${event.type} does not belong in a stream of this kind`);

/** A stream of the log skips or repeats a revision: events were lost before they came here. The projector stops. */
export class StreamGapError extends Error {
  override readonly name = 'StreamGapError';
  constructor(stream: string, known: number, revision: number) {
    super(`${stream}: revision ${revision} follows ${known}; events are missing from the log, so nothing more is projected`);
  }
}

/** Why an event was parked, in words that hold no value of the event: what a database or parser says may quote one. */
export function parkedReason(error: unknown): string {
  if (error instanceof PoisonedEventError || error instanceof UnknownEventTypeError) return error.message;
  const code = sqlStateOf(error);
  if (code !== null) return `the database refuses the rows of it (SQLSTATE ${code})`;
  return `its data is not of the expected shape (${error instanceof Error ? error.name : 'not an error'})`;
}

/** Whether the database refused the data itself: such a write fails again however often it is tried. */
export const isDataError = (error: unknown): boolean => /^2[23]/.test(sqlStateOf(error) ?? '');

/** SQLSTATE of a database error, or null. */
export function sqlStateOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
