/** What the contract's tests are written with: events with fresh ids, unit builders, and a way to read the log to its end. */
import { randomUUID } from 'node:crypto';
import { comparePositions, NO_STREAM } from '../port';
import type { AppendUnit, EventStore, LogPage, LogPosition, NewEvent, RecordedEvent, StreamAppend, UnitOutcome } from '../port';

/** A store to test, and how to put it away. Stores of one suite may share their log: the tests look at their own streams only. */
export interface StoreUnderTest {
  readonly store: EventStore;
  readonly dispose: () => Promise<void>;
}

/** Category of a test's streams: letters and digits only, so that it is no prefix of another. */
export const freshCategory = (): string => `t${randomUUID().replaceAll('-', '')}`;

export const anEvent = (data: unknown = {}, personId?: string): NewEvent => ({
  id: randomUUID(),
  type: 'Tested.v1',
  data,
  metadata: { commandId: randomUUID(), actor: 'contract', ...(personId !== undefined && { personId }) },
});

export const events = (count: number): NewEvent[] => Array.from({ length: count }, (_, n) => anEvent({ n }));

export const to = (stream: string, expectedRevision: number, appended: readonly NewEvent[]): StreamAppend => ({
  stream,
  expectedRevision,
  events: appended,
});

export const unit = (...streams: StreamAppend[]): AppendUnit => ({ streams });

export const outcomesOf = (answers: readonly UnitOutcome[]): string[] => answers.map(({ outcome }) => outcome);

/** Appends one unit and fails the test unless it was written. */
export async function given(store: EventStore, ...streams: StreamAppend[]): Promise<LogPosition> {
  const [answer] = await store.append([unit(...streams)]);
  if (answer?.outcome !== 'appended') throw new Error(`not appended: ${JSON.stringify(answer)}`);
  return answer.position;
}

/** All events after a checkpoint, page by page. */
export async function logAfter(store: EventStore, after: LogPosition | null, limit = 500): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for (let checkpoint = after; ;) {
    const page = await store.readLog(checkpoint, limit);
    all.push(...page.events);
    if (page.events.length === 0) return all;
    checkpoint = page.checkpoint;
  }
}

/**
 * Position of an event appended now, once the log shows it; everything appended before is then in the log too. A log may lag behind
 * what was appended: in PostgreSQL by the oldest open transaction of the whole server, another test's included.
 */
export async function endOfLog(store: EventStore): Promise<LogPosition> {
  const position = await given(store, to(`${freshCategory()}-end`, NO_STREAM, events(1)));
  let checkpoint: LogPosition | null = null;
  while (checkpoint === null || comparePositions(checkpoint, position) < 0) {
    const page: LogPage = await store.readLog(checkpoint, 1_000);
    checkpoint = page.checkpoint;
    if (page.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return position;
}

export interface Subscribed {
  readonly received: RecordedEvent[];
  readonly checkpoints: LogPosition[];
  /** Resolves when the condition holds; rejects with the subscription's error if that ends first. */
  readonly until: (condition: (received: readonly RecordedEvent[]) => boolean) => Promise<void>;
  /** Aborts, and waits for the end. */
  readonly stop: () => Promise<void>;
  readonly ended: Promise<void>;
}

/** A subscription that keeps what it receives. */
export function subscribed(
  store: EventStore,
  after: LogPosition | null,
  options: { batchSize?: number; onCaughtUp?: () => void; onBatch?: (batch: readonly RecordedEvent[]) => Promise<void> } = {},
): Subscribed {
  const abort = new AbortController();
  const received: RecordedEvent[] = [];
  const checkpoints: LogPosition[] = [];
  let waiting: (() => void)[] = [];
  const ended = store.subscribe({
    after,
    batchSize: options.batchSize ?? 10,
    signal: abort.signal,
    ...(options.onCaughtUp !== undefined && { onCaughtUp: options.onCaughtUp }),
    onBatch: async (batch, checkpoint) => {
      await options.onBatch?.(batch);
      received.push(...batch);
      checkpoints.push(checkpoint);
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
  });
  ended.catch(() => undefined); // looked at by `until`, `stop` or the test
  const endedEarly = ended.then(() => Promise.reject(new Error('the subscription ended before the condition held')));
  endedEarly.catch(() => undefined);
  return {
    received,
    checkpoints,
    ended,
    until: async (condition) => {
      while (!condition(received)) await Promise.race([new Promise<void>((wake) => waiting.push(wake)), endedEarly]);
    },
    stop: async () => {
      abort.abort();
      await ended;
    },
  };
}
