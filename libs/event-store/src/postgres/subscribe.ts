/** The catch-up subscription: reads on from a checkpoint, and polls, at short but adaptive intervals, for what is new. */
import type { Pool } from 'pg';
import { StreamContinuity } from '../continuity';
import { UnknownCheckpointError } from '../errors';
import type { LogPage, LogPosition, SubscriptionOptions } from '../port';
import { isPassing } from './connection';
import { pairOf, readLog } from './read';

/** When to ask again at the end of the log: soon after news, then ever later. */
export interface PollingPolicy {
  readonly shortestMs: number;
  readonly longestMs: number;
  readonly factor: number;
}

/** What to do when the server cannot be reached: try again ever later, and give up in the end. */
export interface ReconnectPolicy {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  readonly factor: number;
  /** Counted from the first failure in a row. */
  readonly giveUpAfterMs: number;
}

export interface SubscriptionPolicy {
  readonly polling: PollingPolicy;
  readonly reconnect: ReconnectPolicy;
  /** Streams whose last revision is kept in memory. */
  readonly rememberedStreams: number;
}

export const DEFAULT_SUBSCRIPTION_POLICY: SubscriptionPolicy = {
  polling: { shortestMs: 5, longestMs: 250, factor: 1.5 },
  reconnect: { firstDelayMs: 50, longestDelayMs: 5_000, factor: 2, giveUpAfterMs: 300_000 },
  rememberedStreams: 100_000,
};

/**
 * Resolves once the signal is aborted (after the handler that runs, if any); rejects with the handler's error, with
 * StreamContinuityError, with UnknownCheckpointError, or with the connection's error once the reconnect policy gives up.
 */
export async function subscribe(pool: Pool, options: SubscriptionOptions, policy: SubscriptionPolicy): Promise<void> {
  const { signal, batchSize, onBatch, onCaughtUp } = options;
  const reading = new PatientReader(pool, policy.reconnect, signal);
  const continuity = new StreamContinuity(
    {
      ...(options.knownRevisions !== undefined && { knownRevisions: options.knownRevisions }),
      missingPredecessors: (streams, upTo) => reading.persist(() => missingPredecessors(pool, streams, upTo)),
    },
    policy.rememberedStreams,
  );
  try {
    let after = options.after;
    let pauseMs = policy.polling.shortestMs;
    let caughtUp = false;
    if (after !== null) await reading.persist(() => refuseFutureCheckpoint(pool, options.after!));
    let next: Promise<LogPage> | null = null;
    while (!signal.aborted) {
      const { events, checkpoint }: LogPage = await (next ?? reading.page(after, batchSize));
      next = null;
      if (events.length > 0) {
        await continuity.check(events, after);
        if (signal.aborted) break;
        after = checkpoint!;
        pauseMs = policy.polling.shortestMs;
        caughtUp = false;
        if (events.length === batchSize) {
          next = reading.page(after, batchSize); // the server reads on while the handler works
          next.catch(() => undefined); // looked at when awaited
        }
        await onBatch(events, after);
      }
      if (events.length < batchSize) {
        if (!caughtUp) onCaughtUp?.();
        caughtUp = true;
        await pause(pauseMs, signal);
        pauseMs = Math.min(pauseMs * policy.polling.factor, policy.polling.longestMs);
      }
    }
  } catch (error) {
    if (error !== ABORTED) throw error;
  }
}

/** Never leaves this file. */
const ABORTED = new Error('subscription aborted');

/** Repeats what fails by a lost connection; throws ABORTED as soon as the signal says so, whatever the server does. */
class PatientReader {
  constructor(
    private readonly pool: Pool,
    private readonly policy: ReconnectPolicy,
    private readonly signal: AbortSignal,
  ) {}

  page(after: LogPosition | null, limit: number): Promise<LogPage> {
    return this.persist(() => readLog(this.pool, after, limit));
  }

  async persist<T>(attempt: () => Promise<T>): Promise<T> {
    let delayMs = this.policy.firstDelayMs;
    let failingSince: number | null = null;
    for (;;) {
      try {
        return await this.unlessAborted(attempt());
      } catch (error) {
        if (error === ABORTED || error instanceof TypeError || error instanceof UnknownCheckpointError || !isPassing(error))
          throw error;
        failingSince ??= performance.now();
        if (performance.now() - failingSince + delayMs > this.policy.giveUpAfterMs) throw error;
        await pause(delayMs, this.signal);
        if (this.signal.aborted) throw ABORTED;
        delayMs = Math.min(delayMs * this.policy.factor, this.policy.longestDelayMs);
      }
    }
  }

  private unlessAborted<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const abort = () => reject(ABORTED);
      if (this.signal.aborted) abort();
      this.signal.addEventListener('abort', abort, { once: true });
      work.then(resolve, reject).finally(() => this.signal.removeEventListener('abort', abort));
    });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

async function refuseFutureCheckpoint(pool: Pool, checkpoint: LogPosition): Promise<void> {
  const { rows } = await pool.query<{ future: boolean }>('select $1::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) as future', [
    pairOf(checkpoint)[0],
  ]);
  if (rows[0]!.future) {
    throw new UnknownCheckpointError(
      checkpoint,
      'lies in the future of this server; it is of another store, or of before a restore: read from the beginning',
    );
  }
}

async function missingPredecessors(
  pool: Pool,
  streams: readonly { readonly stream: string; readonly revision: number }[],
  upTo: LogPosition | null,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ stream: string }>({
    name: 'eventstore.missing_predecessors',
    text: 'select stream from eventstore.missing_predecessors($1, $2, $3, $4)',
    values: [streams.map(({ stream }) => stream), `{${streams.map(({ revision }) => revision).join(',')}}`, ...pairOf(upTo)],
  });
  return rows.map(({ stream }) => stream);
}
