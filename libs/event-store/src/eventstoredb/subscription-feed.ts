/** One subscription call of the client, drawn from at the reader's pace: what is not drawn holds the server back. */
import {
  eventTypeFilter,
  START,
  streamNameFilter,
  type AllStreamSubscription,
  type Filter,
  type Position,
} from '@eventstore/db-client';
import type { EventStoreDBClient, ResolvedEvent } from '@eventstore/db-client';
import type { RecordedEvent } from '../port';
import { NoAnswerError, toError } from './failures';
import { recordedEventOf } from './recorded-event';

/** The server's own events have types that begin with `$`. */
export function exceptSystemEvents(): Filter {
  return eventTypeFilter({ regex: '^[^$].*', maxSearchWindow: 500, checkpointInterval: 10 });
}

/** Streams of one category; `onCheckpoint` is told how far the server has looked, also when nothing passes. */
export function ofCategory(category: string, onCheckpoint: (position: Position) => void): Filter {
  return streamNameFilter({
    prefixes: [`${category}-`],
    maxSearchWindow: 500,
    checkpointInterval: 1,
    checkpointReached: (_, position) => onCheckpoint(position),
  });
}

export interface FeedOptions {
  readonly client: EventStoreDBClient;
  readonly filter: Filter;
  /** Exclusive. */
  readonly after: Position | null;
  /** Events kept ready, besides what the transport holds. */
  readonly bufferEvents: number;
}

export class SubscriptionFeed {
  private readonly subscription: AllStreamSubscription;
  /** Why nothing more will come; what came before can still be drawn. */
  private ended: Error | null = null;
  /** Events to draw before the end of the log is reached; null when the server has not said that it was. */
  private untilCaughtUp: number | null = null;
  private confirmed = false;
  private wake: () => void = () => undefined;

  constructor({ client, filter, after, bufferEvents }: FeedOptions) {
    const highWaterMark = Math.max(16, bufferEvents);
    this.subscription = client.subscribeToAll({ filter, fromPosition: after ?? START }, { highWaterMark });
    // a subscription without a listener for its errors ends the process; this one stays to the last
    this.subscription.on('error', (error: unknown) => this.end(toError(error)));
    this.subscription.on('end', () => this.end(new Error('EventStoreDB ended the subscription')));
    this.subscription.on('close', () => this.end(new Error('EventStoreDB closed the subscription')));
    this.subscription.on('confirmation', () => {
      this.confirmed = true;
      this.wake();
    });
    this.subscription.on('caughtUp', () => {
      this.untilCaughtUp = this.subscription.readableLength;
      this.wake();
    });
    this.subscription.on('readable', () => this.wake());
  }

  /** The next event that is here; null when none is. The server's own events are left out. */
  draw(): RecordedEvent | null {
    for (;;) {
      const resolved = this.subscription.read() as ResolvedEvent | null;
      if (resolved === null) return null;
      if (this.untilCaughtUp) this.untilCaughtUp -= 1;
      const event = recordedEventOf(resolved);
      if (event) return event;
    }
  }

  /** Whether all events up to the end of the log were drawn; says so once each time the server does. */
  takeCaughtUp(): boolean {
    if (!this.isCaughtUp) return false;
    this.untilCaughtUp = null;
    return true;
  }

  /** Whether the end of the log, as the server has last seen it, is what comes next. */
  get isCaughtUp(): boolean {
    return this.untilCaughtUp === 0;
  }

  get isEmpty(): boolean {
    return this.subscription.readableLength === 0;
  }

  get failure(): Error | null {
    return this.ended;
  }

  get isConfirmed(): boolean {
    return this.confirmed;
  }

  /** Until something has come or ended, or the signal is aborted; false when nothing did in that time. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.ended || signal.aborted || this.subscription.readableLength > 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const done = (happened: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onEvent);
        this.wake = () => undefined;
        resolve(happened);
      };
      const onEvent = (): void => done(true);
      const timer = setTimeout(() => done(false), timeoutMs);
      signal.addEventListener('abort', onEvent);
      this.wake = onEvent;
    });
  }

  /** Ends a wait. */
  poke(): void {
    this.wake();
  }

  /** What a wait in vain means: an unanswered call, or a connection that died without a word. */
  silence(timeoutMs: number): Error {
    return new NoAnswerError(this.confirmed ? 'subscription' : 'confirm a subscription', timeoutMs);
  }

  close(): void {
    this.subscription.unsubscribe().catch(() => undefined);
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.wake();
  }
}
