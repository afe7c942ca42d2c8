import type {
  AppendUnit,
  EventStore,
  EventStoreCapabilities,
  LogPage,
  LogPosition,
  RecordedEvent,
  StreamHead,
  StreamRead,
  SubscriptionOptions,
  UnitOutcome,
} from '../port';
import { append } from './append';
import { connect } from './connection';
import { settingsOf, type EventStoreDbOptions } from './options';
import { readLog, readStreams, type Context } from './read';
import { StreamHeads } from './stream-heads';
import { subscribe } from './subscribe';

/**
 * Event store on EventStoreDB (tried against the protocol double in test/eventstoredb-protocol alone). A unit is not atomic: its streams are
 * written in their order, each at its exact revision, and a conflict leaves those before it written; the unit again, with the same ids, goes on
 * where it stopped. Ids are looked for at the expected place only: an event decided anew at a later revision is written, whatever its id.
 *
 * Opens no connection before the first call. Throws EventStoreSetupError for a connection string that cannot be used. Appends are `unknown`, and
 * reads reject, when the server stays out of reach for all attempts; both reject with EventStoreDbRefusedError when it refuses for good.
 */
export function openEventStoreDb(options: EventStoreDbOptions): EventStore {
  const settings = settingsOf(options);
  return new EventStoreDb({ connection: connect(options.connectionString), settings });
}

class EventStoreDb implements EventStore {
  readonly capabilities: EventStoreCapabilities = { atomicUnits: false, maxStreamsPerTransaction: 1 };
  private readonly heads: StreamHeads;
  private readonly closed = new AbortController();
  private readonly subscriptions = new Set<Promise<void>>();

  constructor(private readonly context: Context) {
    this.heads = new StreamHeads(context);
  }

  append(units: readonly AppendUnit[]): Promise<readonly UnitOutcome[]> {
    return this.whileOpen(() => append(this.context, units));
  }

  readStreams(reads: readonly StreamRead[]): Promise<readonly (readonly RecordedEvent[])[]> {
    return this.whileOpen(() => readStreams(this.context, reads));
  }

  readLog(after: LogPosition | null, limit: number): Promise<LogPage> {
    return this.whileOpen(() => readLog(this.context, after, limit));
  }

  listStreams(category: string, afterStream: string | null, limit: number): Promise<readonly StreamHead[]> {
    return this.whileOpen(() => this.heads.list(category, afterStream, limit));
  }

  subscribe(options: SubscriptionOptions): Promise<void> {
    return this.whileOpen(() => {
      const signal = AbortSignal.any([options.signal, this.closed.signal]);
      const running = subscribe(this.context, { ...options, signal });
      const ended = running.then(
        () => undefined,
        () => undefined,
      );
      this.subscriptions.add(ended);
      void ended.then(() => this.subscriptions.delete(ended));
      return running;
    });
  }

  /** Ends the subscriptions, waits for their handlers, and gives the client back. */
  async close(): Promise<void> {
    this.closed.abort();
    await Promise.all(this.subscriptions);
    await this.context.connection.release();
  }

  private async whileOpen<T>(call: () => Promise<T>): Promise<T> {
    if (this.closed.signal.aborted) throw new Error('This event store is closed');
    return call();
  }
}
