/** Checks everything about the units of an append before anything is sent: the client would hang on, or die of, what JSON cannot hold. */
import { NO_STREAM as CLIENT_NO_STREAM, jsonEvent, type JSONEventData } from '@eventstore/db-client';
import { NO_STREAM, type AppendUnit, type NewEvent, type StreamAppend } from '../port';

export interface CheckedStream {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly expected: bigint | typeof CLIENT_NO_STREAM;
  readonly ids: readonly string[];
  readonly events: JSONEventData[];
}

export type CheckedUnit = readonly CheckedStream[];

/** Servers refuse 1 MiB; this leaves room for what they count besides data and metadata. */
export const MAX_STREAM_BLOCK_BYTES = 900 * 1024;
const EVENT_OVERHEAD_BYTES = 256;
const MAX_NAME_LENGTH = 200;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Escapes of NUL and of lone surrogates after an even number of backslashes; not every store can hold them, so none takes them. */
const UNSTORABLE_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;
const UNFIT_FOR_NAME = /\p{Cc}|\p{Surrogate}/u;

/** Throws a TypeError that names the unit, stream and event at fault. */
export function checkedUnits(units: readonly AppendUnit[]): CheckedUnit[] {
  return units.map((unit, index) => {
    if (unit.streams.length === 0) throw new TypeError(`Unit ${index}: names no stream`);
    const names = new Set<string>();
    return unit.streams.map((append) => {
      if (names.has(append.stream)) throw new TypeError(`Unit ${index}: stream ${append.stream} occurs twice`);
      names.add(append.stream);
      return checkedStream(append, `Unit ${index}`);
    });
  });
}

function checkedStream({ stream, expectedRevision, events }: StreamAppend, where: string): CheckedStream {
  checkName(stream, `${where}: stream name`);
  if (!Number.isSafeInteger(expectedRevision) || expectedRevision < NO_STREAM) {
    throw new TypeError(`Stream ${stream}: expected revision ${expectedRevision} is neither a revision nor NO_STREAM`);
  }
  if (events.length === 0) throw new TypeError(`Stream ${stream}: nothing to append; leave the stream out`);
  let bytes = 0;
  const prepared = events.map((event, index) => {
    const at = `Stream ${stream}, event ${index}`;
    if (!UUID.test(event.id)) throw new TypeError(`${at}: id ${JSON.stringify(event.id)} is not a UUID`);
    checkName(event.type, `${at}: type`);
    bytes += EVENT_OVERHEAD_BYTES + Buffer.byteLength(json(event.data, `${at} (${event.type}): data`));
    bytes += Buffer.byteLength(json(event.metadata, `${at} (${event.type}): metadata`));
    return clientEvent(event);
  });
  if (bytes > MAX_STREAM_BLOCK_BYTES) {
    throw new TypeError(
      `Stream ${stream}: ${bytes} bytes in ${events.length} events; EventStoreDB takes at most ${MAX_STREAM_BLOCK_BYTES} at once: append fewer events per unit`,
    );
  }
  return {
    stream,
    expectedRevision,
    expected: expectedRevision === NO_STREAM ? CLIENT_NO_STREAM : BigInt(expectedRevision),
    ids: events.map((event) => event.id.toLowerCase()),
    events: prepared,
  };
}

function clientEvent({ id, type, data, metadata }: NewEvent): JSONEventData {
  return jsonEvent({ id: id.toLowerCase(), type, data: data as JSONEventData['data'], metadata: { ...metadata } });
}

function checkName(name: string, what: string): void {
  if (typeof name !== 'string' || name.length === 0 || name.length > MAX_NAME_LENGTH || UNFIT_FOR_NAME.test(name)) {
    throw new TypeError(
      `${what} ${JSON.stringify(name)}: must have 1 to ${MAX_NAME_LENGTH} characters, none of them a control character or half a surrogate pair`,
    );
  }
  if (name.startsWith('$')) throw new TypeError(`${what} ${name}: names that begin with $ are the server's own`);
}

function json(value: unknown, what: string): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new TypeError(`${what} cannot be written as JSON: ${(error as Error).message}`, { cause: error });
  }
  if (text === undefined) throw new TypeError(`${what} cannot be written as JSON: it is ${typeof value}`);
  if (text.includes('\\u') && UNSTORABLE_ESCAPE.test(text))
    throw new TypeError(`${what} holds a NUL character or half a surrogate pair`);
  return text;
}
