/** The one process that follows the log and sends: until it is stopped, or once through. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore } from '#libs/event-store';
import { isConnectionFailure, type Pool, type PoolClient } from '#libs/platform';
import { loadPracticeAddresses, PracticeAddressesError } from './addresses';
import { writeCampaignMessages } from './campaign-messages';
import { followLog } from './follow';
import { FollowerMovedError, MessageBook } from './message-book';
import { OUTBOX_LOCK } from './schema';
import { sendDue, type DeliveryPolicy, type SendReport } from './send';
import type { Transport } from './transports/transport';

/** What it tells; pino's loggers fit. */
export interface OutboxLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface OutboxWork {
  readonly store: EventStore;
  /** With the tables of the outbox, and at least three connections. */
  readonly pool: Pool;
  readonly transport: Transport;
  readonly addressesFile: string | null;
  readonly signal: AbortSignal;
  readonly policy?: DeliveryPolicy;
}

/** Another process follows and sends just now. */
export class OutboxBusyError extends Error {
  override readonly name = 'OutboxBusyError';
  constructor() {
    super('another process works the outbox just now (traject start does); it sends what is due by itself');
  }
}

const IDLE_MS = 1_000;
const STANDBY_MS = 1_000;
const MAX_FAILURES = 60;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/** Follows the log to its end and sends what is due. Throws OutboxBusyError, PracticeAddressesError. */
export async function workOnce(work: OutboxWork): Promise<SendReport & { readonly confirmations: number }> {
  const client = await work.pool.connect();
  // a server that goes away takes the lock with it and fails the statements; it must not take the process
  client.on('error', ignore);
  try {
    if (!(await acquire(client))) throw new OutboxBusyError();
    try {
      return await pass(work);
    } finally {
      await client.query(`select pg_advisory_unlock(${OUTBOX_LOCK})`).catch(() => undefined);
    }
  } finally {
    client.off('error', ignore);
    client.release();
  }
}

const ignore = (): void => undefined;

/**
 * Works until the signal is aborted; while another process works, it stands by. A database that restarts and an address file that is
 * being edited pass by themselves; rejects on anything else, and on too many failures in a row.
 */
export async function runOutbox(work: OutboxWork & { readonly logger: OutboxLogger }): Promise<void> {
  const { logger, signal } = work;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const report = await workOnce(work);
      failures = 0;
      if (report.sent + report.failed + report.parked + report.unaddressed > 0) logger.info(report, 'told practices');
      if (report.parked > 0) logger.warn({ parked: report.parked }, 'messages were given up; traject outbox list shows them');
      await pause(IDLE_MS, signal);
    } catch (error) {
      if (error instanceof OutboxBusyError) {
        await pause(STANDBY_MS, signal);
        continue;
      }
      const isForPeople = error instanceof PracticeAddressesError;
      if (!isForPeople && !(error instanceof FollowerMovedError) && !isConnectionFailure(error)) throw error;
      failures += 1;
      if (failures === 1) logger.warn({ err: error }, 'the outbox was interrupted; it tries again');
      if (failures > MAX_FAILURES && !isForPeople) throw error;
      await pause(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)), signal);
    }
  }
}

async function pass({
  store,
  pool,
  transport,
  addressesFile,
  signal,
  policy,
}: OutboxWork): Promise<SendReport & { readonly confirmations: number }> {
  const book = new MessageBook(pool);
  const confirmations = (await followLog(store, book, signal)) + (signal.aborted ? 0 : await writeCampaignMessages(pool));
  const addresses = await loadPracticeAddresses(addressesFile);
  return {
    confirmations,
    ...(await sendDue(book, transport, addresses, { signal, ...(policy === undefined ? {} : { policy }) })),
  };
}

async function acquire(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(${OUTBOX_LOCK}) as held`);
  return rows[0]?.held === true;
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined);
