import type { HeaderRecord, Pm304Record, PerformanceRecord } from '#libs/claims';

/** Most lines that are processed and recorded together. */
export const LINES_PER_CHUNK = 500;

/** Consecutive records of a file with at most LINES_PER_CHUNK lines among them; the same file always falls into the same chunks. */
export interface Chunk {
  readonly index: number;
  /** Every record, in file order: they are repeated in the return message. */
  readonly records: readonly Pm304Record[];
  readonly lines: readonly PerformanceRecord[];
}

/** Cuts a message into chunks. The header is handed to `onHeader` and is part of the first chunk, the trailer of the last. */
export async function* chunksOf(
  records: AsyncIterable<Pm304Record>,
  onHeader: (header: HeaderRecord) => void,
): AsyncGenerator<Chunk> {
  let index = 0;
  let held: Pm304Record[] = [];
  let lines: PerformanceRecord[] = [];
  for await (const record of records) {
    if (record.kind === 'header') onHeader(record);
    if (record.kind === 'performance' && lines.length === LINES_PER_CHUNK) {
      yield { index, records: held, lines };
      index += 1;
      held = [];
      lines = [];
    }
    held.push(record);
    if (record.kind === 'performance') lines.push(record);
  }
  yield { index, records: held, lines };
}
