import { BACKWARDS, END, FORWARDS, START, type ResolvedEvent } from '@eventstore/db-client';
import type { Readable } from 'node:stream';
import { comparePositions, type LogPage, type LogPosition, type RecordedEvent, type StreamRead } from '../port';
import type { Connection } from './connection';
import { hasType, inParallel, NoAnswerError, retrying, toError } from './failures';
import type { Settings } from './options';
import { parsePosition, positionOf, recordedEventOf } from './recorded-event';

export interface Context {
  readonly connection: Connection;
  readonly settings: Settings;
}

type Reading = Readable & { cancel(): Promise<void> };

/** Streams in parallel, from the leader: a decision must see what this process has just appended. */
export async function readStreams(context: Context, reads: readonly StreamRead[]): Promise<RecordedEvent[][]> {
  for (const { stream, fromRevision = 0 } of reads) {
    if (!Number.isSafeInteger(fromRevision) || fromRevision < 0)
      throw new TypeError(`Stream ${stream}: revision ${fromRevision} cannot be read from`);
  }
  return inParallel(reads, context.settings.concurrency, ({ stream, fromRevision = 0 }) =>
    readStream(context, stream, fromRevision, Number.MAX_SAFE_INTEGER),
  );
}

export function readStream(context: Context, stream: string, fromRevision: number, maxCount: number): Promise<RecordedEvent[]> {
  const what = `read stream ${stream}`;
  return retrying(what, context.settings, async () => {
    const events: RecordedEvent[] = [];
    const reading = context.connection.client.readStream(stream, {
      direction: FORWARDS,
      fromRevision: fromRevision === 0 ? START : BigInt(fromRevision),
      maxCount,
      requiresLeader: true,
    }) as unknown as Reading;
    try {
      await consume(reading, context.settings.readIdleTimeoutMs, what, (resolved) => {
        const event = recordedEventOf(resolved);
        if (event) events.push(event);
        return events.length < maxCount;
      });
    } catch (error) {
      if (hasType(error, 'stream-not-found')) return [];
      throw error;
    }
    return events;
  });
}

/** $all has one order, and an event never appears before another that was read: the log's prefix only grows. */
export function readLog(context: Context, after: LogPosition | null, limit: number): Promise<LogPage> {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError(`A page of ${limit} events cannot be read`);
  const fromPosition = after === null ? START : parsePosition(after);
  return retrying('read the log', context.settings, async () => {
    const events: RecordedEvent[] = [];
    // The client cannot filter this read; the server's own events are few and are left out here.
    const reading = context.connection.client.readAll({ direction: FORWARDS, fromPosition }) as unknown as Reading;
    await consume(reading, context.settings.readIdleTimeoutMs, 'read the log', (resolved) => {
      const event = recordedEventOf(resolved);
      // reads take the given position in
      if (event && (after === null || comparePositions(event.position, after) > 0)) events.push(event);
      return events.length < limit;
    });
    return { events, checkpoint: events.at(-1)?.position ?? after };
  });
}

/** Position of the last event of all, the server's own included; null for an empty log. */
export function readHead(context: Context): Promise<LogPosition | null> {
  return retrying('read the end of the log', context.settings, async () => {
    let head: LogPosition | null = null;
    const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1, requiresLeader: true } as const;
    const reading = context.connection.client.readAll(options) as unknown as Reading;
    await consume(reading, context.settings.readIdleTimeoutMs, 'read the end of the log', ({ event }) => {
      const position = (event as { position?: { commit: bigint; prepare: bigint } } | undefined)?.position;
      if (position) head = positionOf(position);
      return false;
    });
    return head;
  });
}

/** Reads until the end or until `take` says no more; the call to the server is always given up, and its errors always have a listener. */
function consume(reading: Reading, idleMs: number, what: string, take: (event: ResolvedEvent) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let arrived = true;
    let ended = false;
    const end = (error?: Error): void => {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      reading.pause();
      reading.cancel().catch(() => undefined);
      if (error) reject(error);
      else resolve();
    };
    const timer = setInterval(() => {
      // what has arrived while this process was busy is taken before it is called late
      if (arrived) arrived = false;
      else setImmediate(() => (arrived ? undefined : end(new NoAnswerError(what, idleMs))));
    }, idleMs / 2);
    reading.on('error', (error) => end(toError(error)));
    reading.on('end', () => end());
    reading.on('data', (event: ResolvedEvent) => {
      arrived = true;
      if (ended) return;
      try {
        if (!take(event)) end();
      } catch (error) {
        end(toError(error));
      }
    });
  });
}
