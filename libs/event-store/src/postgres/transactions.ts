/**
 * Turns units into the transactions that carry them: checks every unit before anything is sent, serialises its events, and splits
 * the call so that no transaction locks more streams, or carries more text, than it may.
 */
import type { AppendUnit, NewEvent } from '../port';

/** Distinct streams that one transaction locks. */
export const MAX_STREAMS_PER_TRANSACTION = 256;
/** UTF-16 length of event data and metadata after which a new transaction is begun. */
const FULL_TRANSACTION_LENGTH = 8 * 1024 * 1024;
/** A unit travels whole; beyond this it is refused. */
const MAX_UNIT_LENGTH = 64 * 1024 * 1024;
const MAX_NAME_LENGTH = 200;

/** Parameters of `eventstore.append`, column by column, and which unit of the call each of its units is. */
export interface AppendTransaction {
  /** Index in the call, per unit of the transaction. */
  readonly unitIndexes: number[];
  readonly streamUnits: number[];
  readonly streams: string[];
  readonly expected: number[];
  readonly unitTurns: number[];
  readonly unitEnds: number[];
  readonly eventSlots: number[];
  readonly eventRevisions: number[];
  readonly eventIds: string[];
  readonly eventTypes: string[];
  readonly eventData: string[];
  readonly eventMetadata: string[];
}

/** A unit that may be sent, with its events as JSON texts. */
export interface CheckedUnit {
  readonly unit: AppendUnit;
  /** Per event, in the order of streams and events. */
  readonly data: readonly string[];
  readonly metadata: readonly string[];
  readonly length: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
// eslint-disable-next-line no-control-regex -- names travel one to a line
const UNFIT_FOR_NAME = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
/** An odd number of backslashes, then the escape of NUL or of a lone surrogate (JSON.stringify writes pairs as themselves). */
const UNSTORABLE_ESCAPE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** Checks and serialises; throws a TypeError that names the unit, stream and event at fault. */
export function checkedUnits(units: readonly AppendUnit[]): CheckedUnit[] {
  return units.map((unit, index) => ({ unit, ...checkedAndSerialised(unit, index) }));
}

/** Splits between units, in order, only where a transaction is full; `unitIndexes` count from the first unit given. */
export function transactionsOf(units: readonly CheckedUnit[]): AppendTransaction[] {
  const transactions: AppendTransaction[] = [];
  let current = emptyTransaction();
  let names = new Set<string>();
  let lastTurns = new Map<string, number>();
  let length = 0;
  units.forEach((checked, index) => {
    const { unit, length: unitLength } = checked;
    let fresh = 0;
    for (const { stream } of unit.streams) if (!names.has(stream)) fresh += 1;
    const full = names.size + fresh > MAX_STREAMS_PER_TRANSACTION || length + unitLength > FULL_TRANSACTION_LENGTH;
    if (full && current.unitIndexes.length > 0) {
      transactions.push(current);
      current = emptyTransaction();
      names = new Set();
      lastTurns = new Map();
      length = 0;
    }
    length += unitLength;
    addUnit(current, checked, index, lastTurns);
    for (const { stream } of unit.streams) names.add(stream);
  });
  if (current.unitIndexes.length > 0) transactions.push(current);
  return transactions;
}

/** The values of the prepared statement: array literals of numbers and UUIDs, and texts with one line per entry. */
export function parametersOf(transaction: AppendTransaction, checkIds: boolean): (string | number | boolean)[] {
  const array = (values: readonly (number | string)[]) => `{${values.join(',')}}`;
  return [
    array(transaction.streamUnits),
    transaction.streams.join('\n'),
    array(transaction.expected),
    array(transaction.unitTurns),
    array(transaction.unitEnds),
    array(transaction.eventSlots),
    array(transaction.eventRevisions),
    array(transaction.eventIds),
    transaction.eventTypes.join('\n'),
    transaction.eventData.join('\n'), // JSON text never holds a raw line feed
    transaction.eventMetadata.join('\n'),
    transaction.unitTurns.reduce((most, turn) => Math.max(most, turn), 1),
    checkIds,
  ];
}

function emptyTransaction(): AppendTransaction {
  return {
    unitIndexes: [],
    streamUnits: [],
    streams: [],
    expected: [],
    unitTurns: [],
    unitEnds: [],
    eventSlots: [],
    eventRevisions: [],
    eventIds: [],
    eventTypes: [],
    eventData: [],
    eventMetadata: [],
  };
}

function addUnit(
  to: AppendTransaction,
  { unit, data, metadata }: CheckedUnit,
  index: number,
  lastTurns: Map<string, number>,
): void {
  const number = to.unitIndexes.push(index);
  let turn = 1;
  for (const { stream } of unit.streams) turn = Math.max(turn, (lastTurns.get(stream) ?? 0) + 1);
  to.unitTurns.push(turn);
  let next = 0;
  for (const { stream, expectedRevision, events } of unit.streams) {
    lastTurns.set(stream, turn);
    to.streamUnits.push(number);
    to.expected.push(expectedRevision);
    const slot = to.streams.push(stream);
    let revision = expectedRevision;
    for (const event of events) {
      revision += 1;
      to.eventSlots.push(slot);
      to.eventRevisions.push(revision);
      to.eventIds.push(event.id);
      to.eventTypes.push(event.type);
      to.eventData.push(data[next]!);
      to.eventMetadata.push(metadata[next]!);
      next += 1;
    }
  }
  to.unitEnds.push(to.eventIds.length);
}

function checkedAndSerialised(unit: AppendUnit, index: number): Omit<CheckedUnit, 'unit'> {
  if (unit.streams.length === 0) throw new TypeError(`Unit ${index}: names no stream`);
  if (unit.streams.length > MAX_STREAMS_PER_TRANSACTION) {
    throw new TypeError(
      `Unit ${index}: ${unit.streams.length} streams; a unit is one transaction and takes at most ${MAX_STREAMS_PER_TRANSACTION}`,
    );
  }
  const names = new Set<string>();
  const data: string[] = [];
  const metadata: string[] = [];
  let length = 0;
  let lastMetadata: unknown;
  let lastMetadataText = '';
  for (const { stream, expectedRevision, events } of unit.streams) {
    checkName(stream, `Unit ${index}: stream name`);
    if (names.has(stream)) throw new TypeError(`Unit ${index}: stream ${stream} occurs twice`);
    names.add(stream);
    if (!Number.isSafeInteger(expectedRevision) || expectedRevision < -1) {
      throw new TypeError(`Stream ${stream}: expected revision ${expectedRevision} is neither a revision nor NO_STREAM`);
    }
    if (events.length === 0) throw new TypeError(`Stream ${stream}: nothing to append; leave the stream out`);
    for (let at = 0; at < events.length; at++) {
      const event = events[at]!;
      if (!UUID.test(event.id))
        throw new TypeError(`Stream ${stream}, event ${at}: id ${JSON.stringify(event.id)} is not a UUID`);
      checkName(event.type, `Stream ${stream}, event ${at}: type`);
      const text = jsonOf(event.data, stream, event, at, 'data');
      if (event.metadata !== lastMetadata) {
        lastMetadataText = jsonOf(event.metadata, stream, event, at, 'metadata');
        lastMetadata = event.metadata;
      }
      data.push(text);
      metadata.push(lastMetadataText);
      length += text.length + lastMetadataText.length;
    }
  }
  if (length > MAX_UNIT_LENGTH) throw new TypeError(`Unit ${index}: ${length} characters of events; at most ${MAX_UNIT_LENGTH}`);
  return { data, metadata, length };
}

function checkName(name: string, what: string): void {
  if (typeof name !== 'string' || name.length === 0 || name.length > MAX_NAME_LENGTH || UNFIT_FOR_NAME.test(name)) {
    throw new TypeError(
      `${what} ${JSON.stringify(name)}: must have 1 to ${MAX_NAME_LENGTH} characters, none of them a control character or half a surrogate pair`,
    );
  }
}

function jsonOf(value: unknown, stream: string, event: NewEvent, at: number, part: 'data' | 'metadata'): string {
  const where = `Stream ${stream}, event ${at} (${event.type}): ${part}`;
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new TypeError(`${where} cannot be written as JSON: ${(error as Error).message}`, { cause: error });
  }
  if (text === undefined) throw new TypeError(`${where} cannot be written as JSON: it is ${typeof value}`);
  if (text.includes('\\u') && UNSTORABLE_ESCAPE.test(text)) {
    throw new TypeError(`${where} holds a NUL character or half a surrogate pair`);
  }
  return text;
}
