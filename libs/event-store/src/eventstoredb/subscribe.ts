import { StreamContinuity } from '../continuity';
import { UnknownCheckpointError } from '../errors';
import { comparePositions, type LogPosition, type RecordedEvent, type SubscriptionOptions } from '../port';
import { EventStoreDbRefusedError, inParallel, isFinal, pause } from './failures';
import { readHead, readStream, type Context } from './read';
import { parsePosition } from './recorded-event';
import { exceptSystemEvents, SubscriptionFeed } from './subscription-feed';

/** While catching up, a batch that is not full waits so long for more. */
const LINGER_MS = 5;

/**
 * The client's subscriptions end with their connection: this one subscribes again, from the last checkpoint that it handed out, for as long
 * as the signal is not aborted. Resolves once it is (after the handler that runs, if any); rejects with the handler's error, with
 * StreamContinuityError, UnknownCheckpointError, or when the server refuses for good.
 */
export async function subscribe(context: Context, options: SubscriptionOptions): Promise<void> {
  const { signal, batchSize } = options;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) throw new TypeError(`Batches of ${batchSize} events cannot be made`);
  if (options.after !== null) parsePosition(options.after);
  const subscription = new Catchup(context, options);
  let delayMs = context.settings.retryDelayMs;
  while (!signal.aborted) {
    const before = subscription.checkpoint;
    const lost = await subscription.run();
    if (lost === null || signal.aborted) return;
    if (isFinal(lost)) throw new EventStoreDbRefusedError('subscribe to the log', lost);
    context.settings.onSubscriptionLost(lost);
    if (subscription.checkpoint !== before) delayMs = context.settings.retryDelayMs;
    await pause(delayMs, signal);
    delayMs = Math.min(delayMs * 2, context.settings.maxReconnectDelayMs);
  }
}

/** Carries the failure of a read that serves the subscription to where it is opened again. */
class Interrupted extends Error {
  constructor(readonly error: Error) {
    super(error.message);
  }
}

class Catchup {
  checkpoint: LogPosition | null;
  private readonly continuity: StreamContinuity;
  private checkpointIsKnown: boolean;

  constructor(
    private readonly context: Context,
    private readonly options: SubscriptionOptions,
  ) {
    this.checkpoint = options.after;
    this.checkpointIsKnown = options.after === null;
    this.continuity = new StreamContinuity({
      ...(options.knownRevisions !== undefined && { knownRevisions: options.knownRevisions }),
      missingPredecessors: (streams, upTo) => this.missingPredecessors(streams, upTo),
    });
  }

  /** One connection: null when the signal ended it, else what did. Throws what must not be tried again. */
  async run(): Promise<Error | null> {
    const { signal, batchSize } = this.options;
    let feed: SubscriptionFeed | null = null;
    try {
      await this.refuseFutureCheckpoint();
      if (signal.aborted) return null;
      feed = new SubscriptionFeed({
        client: this.context.connection.client,
        filter: exceptSystemEvents(),
        after: this.checkpoint === null ? null : parsePosition(this.checkpoint),
        bufferEvents: batchSize,
      });
      return await this.drain(feed);
    } catch (thrown) {
      if (thrown instanceof Interrupted) return thrown.error;
      throw thrown;
    } finally {
      feed?.close();
    }
  }

  private async drain(feed: SubscriptionFeed): Promise<Error | null> {
    const { signal, onCaughtUp } = this.options;
    const { readIdleTimeoutMs, subscriptionIdleMs } = this.context.settings;
    let live = false;
    while (!signal.aborted) {
      const batch = await this.fill(feed, live);
      if (batch.length > 0) await this.handOut(batch);
      if (feed.takeCaughtUp()) {
        live = true;
        onCaughtUp?.();
      } else if (live && batch.length > 0 && feed.isEmpty) {
        onCaughtUp?.();
      }
      if (batch.length > 0 || !feed.isEmpty) continue;
      if (feed.failure) return feed.failure;
      const patienceMs = feed.isConfirmed ? subscriptionIdleMs : readIdleTimeoutMs;
      if (!(await feed.wait(patienceMs, signal))) return feed.silence(patienceMs);
    }
    return null;
  }

  /** What is here, up to a full batch; while catching up a little more time is given to fill it. */
  private async fill(feed: SubscriptionFeed, live: boolean): Promise<RecordedEvent[]> {
    const { signal, batchSize } = this.options;
    const batch: RecordedEvent[] = [];
    while (batch.length < batchSize && !signal.aborted) {
      const event = feed.draw();
      if (event) {
        // what was handed out is not handed out again, whatever a server sends after a reconnection
        if (this.checkpoint === null || comparePositions(event.position, this.checkpoint) > 0) batch.push(event);
      } else if (batch.length === 0 || live || feed.isCaughtUp || feed.failure || !(await feed.wait(LINGER_MS, signal))) {
        break;
      }
    }
    return batch;
  }

  private async handOut(events: readonly RecordedEvent[]): Promise<void> {
    await this.continuity.check(events, this.checkpoint);
    const last = events.at(-1);
    if (!last || this.options.signal.aborted) return;
    await this.options.onBatch(events, last.position);
    this.checkpoint = last.position;
  }

  private async refuseFutureCheckpoint(): Promise<void> {
    if (this.checkpointIsKnown || this.checkpoint === null) return;
    const head = await this.read(() => readHead(this.context));
    if (head === null || comparePositions(this.checkpoint, head) > 0) {
      throw new UnknownCheckpointError(
        this.checkpoint,
        'lies beyond the end of this log; it is of another store, or of before a restore: read from the beginning',
      );
    }
    this.checkpointIsKnown = true;
  }

  private async missingPredecessors(
    streams: readonly { readonly stream: string; readonly revision: number }[],
    upTo: LogPosition | null,
  ): Promise<readonly string[]> {
    const missing = await inParallel(streams, this.context.settings.concurrency, async ({ stream, revision }) => {
      const [before] = await this.read(() => readStream(this.context, stream, revision - 1, 1));
      const delivered = before?.revision === revision - 1 && upTo !== null && comparePositions(before.position, upTo) <= 0;
      return delivered ? [] : [stream];
    });
    return missing.flat();
  }

  private async read<T>(attempt: () => Promise<T>): Promise<T> {
    const { signal } = this.options;
    let abort = (): void => undefined;
    try {
      // a server that does not answer must not hold up who wants to stop
      const aborted = new Promise<never>((_, reject) => {
        abort = () => reject(new Error('subscription aborted'));
        if (signal.aborted) abort();
        signal.addEventListener('abort', abort);
      });
      return await Promise.race([attempt(), aborted]);
    } catch (error) {
      if (error instanceof EventStoreDbRefusedError || !(error instanceof Error)) throw error;
      throw new Interrupted(error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}
