import type { Pool } from 'pg';
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
import { AppendLanes } from './append-lanes';
import { connect, DEFAULT_MAX_CONNECTIONS, type PostgresConnectionSettings } from './connection';
import { installPostgresEventStore } from './install';
import { oldestOpenWriteMs } from './operations';
import { listStreams, readLog, readStreams } from './read';
import { checkServer, checkTransactionIds } from './server-checks';
import { DEFAULT_SUBSCRIPTION_POLICY, subscribe, type SubscriptionPolicy } from './subscribe';
import { MAX_STREAMS_PER_TRANSACTION } from './transactions';

export interface PostgresEventStoreSettings extends PostgresConnectionSettings {
  /** Whether to install the schema when it is missing or old; default true. Needs the right to create it. */
  readonly install?: boolean;
  readonly subscriptions?: Partial<SubscriptionPolicy>;
  /** Transactions of this store that append at a time; calls that find all under way travel together. Default 2. */
  readonly appendLanes?: number;
}

const DEFAULT_APPEND_LANES = 2;

/** Opens the store after checking that the server can carry it; throws EventStoreSetupError with what to change. */
export async function openPostgresEventStore(settings: PostgresEventStoreSettings): Promise<PostgresEventStore> {
  const pool = connect(settings);
  try {
    await checkServer(pool, settings.maxConnections ?? DEFAULT_MAX_CONNECTIONS);
    if (settings.install !== false) await installPostgresEventStore(pool);
    await checkTransactionIds(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return new PostgresEventStore(
    pool,
    { ...DEFAULT_SUBSCRIPTION_POLICY, ...settings.subscriptions },
    settings.appendLanes ?? DEFAULT_APPEND_LANES,
  );
}

/** The event store on PostgreSQL; made by `openPostgresEventStore`. */
export class PostgresEventStore implements EventStore {
  readonly capabilities: EventStoreCapabilities = { atomicUnits: true, maxStreamsPerTransaction: MAX_STREAMS_PER_TRANSACTION };
  private readonly lanes: AppendLanes;
  private readonly closing = new AbortController();
  private readonly subscriptions = new Set<Promise<void>>();

  constructor(
    private readonly pool: Pool,
    private readonly policy: SubscriptionPolicy,
    appendLanes: number,
  ) {
    this.lanes = new AppendLanes(pool, appendLanes);
  }

  append(units: readonly AppendUnit[]): Promise<readonly UnitOutcome[]> {
    return this.lanes.append(units);
  }

  readStreams(reads: readonly StreamRead[]): Promise<readonly (readonly RecordedEvent[])[]> {
    return readStreams(this.pool, reads);
  }

  readLog(after: LogPosition | null, limit: number): Promise<LogPage> {
    return readLog(this.pool, after, limit);
  }

  listStreams(category: string, afterStream: string | null, limit: number): Promise<readonly StreamHead[]> {
    return listStreams(this.pool, category, afterStream, limit);
  }

  subscribe(options: SubscriptionOptions): Promise<void> {
    const signal = AbortSignal.any([options.signal, this.closing.signal]);
    const subscription = subscribe(this.pool, { ...options, signal }, this.policy);
    const ended = subscription.then(
      () => undefined,
      () => undefined, // its owner sees the error
    );
    this.subscriptions.add(ended);
    void ended.then(() => this.subscriptions.delete(ended));
    return subscription;
  }

  /** See `oldestOpenWriteMs`: a metric of how far subscribers must lag. */
  oldestOpenWriteMs(): Promise<number> {
    return oldestOpenWriteMs(this.pool);
  }

  /** Ends the subscriptions, waits for their handlers and for running calls, and closes the connections. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await Promise.all([...this.subscriptions, this.lanes.idle()]);
    await this.pool.end();
  }
}
