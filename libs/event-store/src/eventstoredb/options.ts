export interface EventStoreDbOptions {
  /** `esdb://host:2113?tls=false`, `esdb://user:password@host:2113`, `esdb+discover://cluster:2113`. */
  readonly connectionString: string;
  /** One attempt to append one stream; default 10 s. */
  readonly appendTimeoutMs?: number;
  /** A read fails when nothing arrives for so long; default 10 s. */
  readonly readIdleTimeoutMs?: number;
  /** Attempts of an append (with the same ids) or a read before it is given up; default 4. */
  readonly attempts?: number;
  /** Pause after the first failed attempt; doubles with every further one; default 100 ms. */
  readonly retryDelayMs?: number;
  /** Longest pause between two attempts to subscribe again; default 5 s. */
  readonly maxReconnectDelayMs?: number;
  /** A subscription that hears nothing for so long is opened anew from its checkpoint; default 60 s. */
  readonly subscriptionIdleMs?: number;
  /** Appends and reads in flight at once, per call of the port; default 32. */
  readonly concurrency?: number;
  /**
   * Send appends over the client's one shared BatchAppend call instead of a call of their own; default false. Of no use in production:
   * one broken connection fails the pending batched appends of every client in the process, and a late answer after that is fatal to it.
   */
  readonly batchedAppends?: boolean;
  /** Told whenever a subscription was lost and will be opened again. */
  readonly onSubscriptionLost?: (error: Error) => void;
}

export type Settings = Required<Omit<EventStoreDbOptions, 'connectionString'>>;

export function settingsOf(options: EventStoreDbOptions): Settings {
  const settings: Settings = {
    appendTimeoutMs: options.appendTimeoutMs ?? 10_000,
    readIdleTimeoutMs: options.readIdleTimeoutMs ?? 10_000,
    attempts: options.attempts ?? 4,
    retryDelayMs: options.retryDelayMs ?? 100,
    maxReconnectDelayMs: options.maxReconnectDelayMs ?? 5_000,
    subscriptionIdleMs: options.subscriptionIdleMs ?? 60_000,
    concurrency: options.concurrency ?? 32,
    batchedAppends: options.batchedAppends ?? false,
    onSubscriptionLost: options.onSubscriptionLost ?? (() => undefined),
  };
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value > 0)) {
      throw new TypeError(`EventStoreDB option ${name} is ${value}; it must be a positive whole number`);
    }
  }
  return settings;
}
