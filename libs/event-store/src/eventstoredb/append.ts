import { type AppendResult, type WrongExpectedVersionError } from '@eventstore/db-client';
import { EventStoreInvariantError } from '../errors';
import { comparePositions, NO_STREAM, type AppendUnit, type LogPosition, type UnitOutcome } from '../port';
import { checkedUnits, type CheckedStream, type CheckedUnit } from './checked-units';
import { EventStoreDbRefusedError, hasType, inParallel, isFinal, pause, toError, within } from './failures';
import { readHead, readStream, type Context } from './read';
import { positionOf } from './recorded-event';

type StreamOutcome =
  | { readonly kind: 'there'; readonly position: LogPosition; readonly repeated: boolean }
  | { readonly kind: 'conflict'; readonly actualRevision: number }
  | { readonly kind: 'unknown'; readonly error: Error };

/** The timer around a call gives the call's own deadline the time to fire first. */
const GRACE_MS = 250;

/**
 * Units in parallel, a unit's streams one after the other: the first conflict ends the unit, and what was written before stays. Units that
 * share a stream go in their order. Rejects, after every unit has ended, when the server refuses one for good.
 */
export async function append(context: Context, units: readonly AppendUnit[]): Promise<UnitOutcome[]> {
  const checked = checkedUnits(units);
  if (checked.length === 0) return [];
  const floors = new Floors();
  try {
    // An append's answer does not tell whether it was a repeat; that it lies at or before the log's end of now does.
    floors.ofLog = await readHead(context);
  } catch (error) {
    if (error instanceof EventStoreDbRefusedError) throw error;
    // nothing was sent
    return checked.map(() => ({ outcome: 'unknown', error: toError(error) }));
  }
  let refused: Error | null = null;
  const lastOfStream = new Map<string, Promise<unknown>>();
  const outcomes = await inParallel(checked, context.settings.concurrency, (unit) => {
    const earlier = unit.map(({ stream }) => lastOfStream.get(stream) ?? Promise.resolve());
    const run = Promise.all(earlier)
      .then(() => appendUnit(context, unit, floors))
      .catch((error: unknown): UnitOutcome => {
        refused ??= toError(error);
        return { outcome: 'unknown', error: toError(error) };
      });
    for (const { stream } of unit) lastOfStream.set(stream, run);
    return run;
  });
  if (refused !== null) throw refused as Error;
  return outcomes;
}

/** What lies at or before the floor of its stream was there before the append to it began. */
class Floors {
  ofLog: LogPosition | null = null;
  /** Of streams to which an earlier unit of the same call appended. */
  private readonly ofStream = new Map<string, LogPosition>();

  of(stream: string): LogPosition | null {
    return this.ofStream.get(stream) ?? this.ofLog;
  }

  raise(stream: string, position: LogPosition): void {
    const floor = this.of(stream);
    if (floor === null || comparePositions(position, floor) > 0) this.ofStream.set(stream, position);
  }
}

async function appendUnit(context: Context, unit: CheckedUnit, floors: Floors): Promise<UnitOutcome> {
  let last: LogPosition | null = null;
  let allRepeated = true;
  for (const stream of unit) {
    const result = await appendStream(context, stream, floors.of(stream.stream));
    if (result.kind === 'unknown') return { outcome: 'unknown', error: result.error };
    if (result.kind === 'conflict') {
      const { stream: name, expectedRevision } = stream;
      return { outcome: 'conflict', stream: name, expectedRevision, actualRevision: result.actualRevision };
    }
    floors.raise(stream.stream, result.position);
    allRepeated &&= result.repeated;
    if (last === null || comparePositions(result.position, last) > 0) last = result.position;
  }
  if (last === null) throw new EventStoreInvariantError('A unit without a stream was appended');
  return { outcome: allRepeated ? 'already-appended' : 'appended', position: last };
}

/** Repeats with the same ids at the same exact revision, which the server makes idempotent; then the outcome stays unknown. */
async function appendStream(context: Context, append: CheckedStream, floor: LogPosition | null): Promise<StreamOutcome> {
  const { attempts, retryDelayMs } = context.settings;
  for (let failures = 0; ;) {
    try {
      return await written(context, append, await send(context, append), floor);
    } catch (thrown) {
      const error = toError(thrown);
      if (error instanceof EventStoreDbRefusedError || error instanceof EventStoreInvariantError) throw error;
      if (hasType(error, 'wrong-expected-version'))
        return conflictOrRepeat(context, append, error as WrongExpectedVersionError, floor);
      if (isFinal(error)) throw new EventStoreDbRefusedError(`append to stream ${append.stream}`, error);
      failures += 1;
      if (failures >= attempts) return { kind: 'unknown', error };
      await pause(retryDelayMs * 2 ** (failures - 1));
    }
  }
}

function send({ connection, settings }: Context, { stream, events, expected }: CheckedStream): Promise<AppendResult> {
  const { appendTimeoutMs, batchedAppends } = settings;
  const credentials = batchedAppends || connection.credentials === null ? {} : { credentials: connection.credentials };
  const call = connection.client.appendToStream(stream, events, {
    expectedRevision: expected,
    requiresLeader: true,
    deadline: appendTimeoutMs,
    ...credentials,
  });
  // the deadline alone is not enough: a batched append ignores it, and so does the question for the server's features before it
  return within(call, appendTimeoutMs + GRACE_MS, `append to stream ${stream}`);
}

async function written(
  context: Context,
  append: CheckedStream,
  result: AppendResult,
  floor: LogPosition | null,
): Promise<StreamOutcome> {
  const position = result.position ? positionOf(result.position) : null;
  if (position !== null && (floor === null || comparePositions(position, floor) > 0))
    return { kind: 'there', position, repeated: false };
  // a repeat: servers tell its position variously or not at all
  const there = await thereByIds(context, append, floor);
  if (!there) {
    throw new EventStoreInvariantError(
      `Stream ${append.stream}: the append after revision ${append.expectedRevision} was acknowledged, but its events are not there`,
    );
  }
  return there;
}

/** A wrong revision is no conflict when the very events are already there, where they were to go. */
async function conflictOrRepeat(
  context: Context,
  append: CheckedStream,
  conflict: WrongExpectedVersionError,
  floor: LogPosition | null,
): Promise<StreamOutcome> {
  const actualRevision = typeof conflict.actualVersion === 'bigint' ? Number(conflict.actualVersion) : NO_STREAM;
  if (actualRevision >= append.expectedRevision + append.ids.length) {
    try {
      const there = await thereByIds(context, append, floor);
      if (there) return there;
    } catch (thrown) {
      const error = toError(thrown);
      if (error instanceof EventStoreDbRefusedError || error instanceof EventStoreInvariantError) throw error;
      return { kind: 'unknown', error };
    }
  }
  return { kind: 'conflict', actualRevision };
}

async function thereByIds(context: Context, append: CheckedStream, floor: LogPosition | null): Promise<StreamOutcome | null> {
  const events = await readStream(context, append.stream, append.expectedRevision + 1, append.ids.length);
  const last = events.at(-1);
  if (!last || events.length !== append.ids.length || !append.ids.every((id, index) => events[index]?.id === id)) return null;
  return { kind: 'there', position: last.position, repeated: floor !== null && comparePositions(last.position, floor) <= 0 };
}
