/** Cursors of paged lists: opaque to the caller, and checked when they come back. */

/** The cursor was not made by an earlier page of the same list. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  constructor() {
    super('the cursor is not one that an earlier page gave; start again without it');
  }
}

/** Longest cursor that is looked at. */
const MAX_LENGTH = 500;

export const encodeCursor = (parts: readonly string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** The parts of a cursor. Throws CursorError unless it holds exactly `count` texts. */
export function decodeCursor(cursor: string, count: number): string[] {
  try {
    if (cursor.length > MAX_LENGTH) throw new CursorError();
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || parts.length !== count || !parts.every((part) => typeof part === 'string'))
      throw new CursorError();
    return parts;
  } catch {
    throw new CursorError();
  }
}
