import type { Pool } from 'pg';
import { EventStoreInvariantError, UnknownCheckpointError } from '../errors';
import type { LogPage, LogPosition, RecordedEvent, StreamHead, StreamRead } from '../port';
import { EventParser, TEXT_COLUMNS } from './rows';

const READ_STREAMS = {
  name: 'eventstore.read_streams',
  text: 'select * from eventstore.read_streams($1, $2)',
  rowMode: 'array',
  types: TEXT_COLUMNS,
} as const;
const READ_LOG = {
  name: 'eventstore.read_log',
  text: 'select * from eventstore.read_log($1, $2, $3)',
  rowMode: 'array',
  types: TEXT_COLUMNS,
} as const;
const LIST_STREAMS = {
  name: 'eventstore.list_streams',
  text: 'select stream, revision from eventstore.list_streams($1, $2, $3)',
  rowMode: 'array',
  types: TEXT_COLUMNS,
} as const;

/** One round trip however many streams; answers in the order asked. */
export async function readStreams(pool: Pool, reads: readonly StreamRead[]): Promise<RecordedEvent[][]> {
  const answers: RecordedEvent[][] = reads.map(() => []);
  if (reads.length === 0) return answers;
  const names = reads.map((read) => read.stream);
  const from = reads.map((read) => checkedCount(read.fromRevision ?? 0, 'fromRevision'));
  const { rows } = await pool.query<string[]>({ ...READ_STREAMS, values: [names, `{${from.join(',')}}`] });
  const parser = new EventParser();
  for (const row of rows) {
    const request = Number(row[0]) - 1;
    const answer = answers[request]!;
    const event = parser.parse(names[request]!, row, 1);
    if (event.revision !== from[request]! + answer.length) {
      throw new EventStoreInvariantError(`Stream ${event.stream}: revision ${from[request]! + answer.length} is missing`);
    }
    answer.push(event);
  }
  return answers;
}

/** Null stands for the beginning of the log. Throws UnknownCheckpointError for what is not a position. */
export function pairOf(position: LogPosition | null): [xid: string, pos: string] {
  if (position === null) return ['0', '0'];
  const match = /^(\d{1,20})-(\d{1,19})$/.exec(position);
  if (match === null) throw new UnknownCheckpointError(position, 'not a position of this store');
  return [match[1]!, match[2]!];
}

export async function readLog(pool: Pool, after: LogPosition | null, limit: number): Promise<LogPage> {
  checkedLimit(limit);
  const { rows } = await pool.query<string[]>({ ...READ_LOG, values: [...pairOf(after), limit] });
  const parser = new EventParser();
  const events = rows.map((row) => parser.parse(row[0]!, row, 1));
  return { events, checkpoint: events.at(-1)?.position ?? after };
}

export async function listStreams(
  pool: Pool,
  category: string,
  afterStream: string | null,
  limit: number,
): Promise<readonly StreamHead[]> {
  checkedLimit(limit);
  const { rows } = await pool.query<[string, string]>({ ...LIST_STREAMS, values: [category, afterStream, limit] });
  return rows.map(([stream, revision]) => ({ stream, revision: Number(revision) }));
}

function checkedCount(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${what} ${value}: must be a whole number from 0`);
  return value;
}

/** Largest page of the log or of a list of streams. */
export const MAX_PAGE = 100_000;

function checkedLimit(limit: number): void {
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new TypeError(`limit ${limit}: must be a whole number from 1 to ${MAX_PAGE}`);
  }
}
