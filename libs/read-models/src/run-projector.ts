/** Runs the one live projector: waits for its turn, follows the log, and goes on after whatever passes by itself. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { EventStore, LogPosition } from '#libs/event-store';
import { isConnectionFailure } from '#libs/platform';
import { projectorLock } from './locks';
import { schemaNameOf } from './migrations/schema';
import { CheckpointMovedError, ReadModelProjector } from './projector';

/** What the projector tells; pino's loggers fit. */
export interface ProjectorLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ProjectorOptions {
  readonly store: EventStore;
  /** Initialised and migrated (`openReadModels`); with at least three connections. */
  readonly dataSource: DataSource;
  readonly logger: ProjectorLogger;
  /** Ends the projector after the batch under way. */
  readonly signal: AbortSignal;
  /** Most events per transaction; default 2,000. */
  readonly batchSize?: number;
  /** Called after every batch, and whenever the end of the log was reached. */
  readonly onProgress?: (progress: ProjectorProgress) => void;
  /** Most failures in a row that may pass by themselves (a database that restarts) before it gives up; default 30. */
  readonly maxFailures?: number;
}

export interface ProjectorProgress {
  readonly position: LogPosition | null;
  readonly isCaughtUp: boolean;
  /** Partitions that this batch parked. */
  readonly parked: number;
}

const DEFAULT_BATCH_SIZE = 2_000;
const DEFAULT_MAX_FAILURES = 30;
const STANDBY_MS = 250;
const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 5_000;

/** The connection that held the projector's lock is gone: another projector may run already. */
class LockLostError extends Error {
  override readonly name = 'LockLostError';
}

/**
 * Follows the log until the signal is aborted. A second projector stands by until the first one ends. Rejects on what does
 * not pass by itself: a gap in a stream, a log that is not ours, too many failures in a row.
 */
export async function startProjector(options: ProjectorOptions): Promise<void> {
  const { logger, signal, maxFailures = DEFAULT_MAX_FAILURES } = options;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await leadOnce(options, () => (failures = 0));
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof CheckpointMovedError) {
        logger.info({ reason: error.message }, 'read models moved; going on from their position');
        continue;
      }
      if (!(error instanceof LockLostError) && !isConnectionFailure(error)) throw error;
      failures += 1;
      if (failures > maxFailures) throw error;
      logger.warn({ err: error, failures }, 'projector interrupted; it tries again');
      await delay(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1)), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Waits for the lock, projects until aborted or failed, gives the lock back. */
async function leadOnce(options: ProjectorOptions, onSuccess: () => void): Promise<void> {
  const { dataSource, signal } = options;
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as PoolClient;
  const lost = new AbortController();
  const onLost = (): void => lost.abort();
  client.on('error', onLost);
  client.on('end', onLost);
  try {
    if (!(await acquire(client, projectorLock(schemaNameOf(dataSource)), options))) return;
    onSuccess();
    await follow(options, AbortSignal.any([signal, lost.signal]), onSuccess);
    if (lost.signal.aborted) throw new LockLostError('the connection that made this the only projector was lost');
  } finally {
    await letGo(runner, client, projectorLock(schemaNameOf(dataSource)), lost.signal.aborted);
    client.off('error', onLost);
    client.off('end', onLost);
  }
}

/** False when aborted before it was this projector's turn. */
async function acquire(client: PoolClient, lock: string, { logger, signal }: ProjectorOptions): Promise<boolean> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(${lock}) as held`);
    if (rows[0]?.held === true) return true;
    if (attempt === 0) logger.info({}, 'another projector runs; standing by');
    await delay(STANDBY_MS, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function letGo(runner: QueryRunner, client: PoolClient, lock: string, isLost: boolean): Promise<void> {
  // A connection that is broken has given its lock back by itself.
  if (!isLost) await client.query(`select pg_advisory_unlock(${lock})`).catch(() => undefined);
  await runner.release();
}

async function follow(options: ProjectorOptions, signal: AbortSignal, onSuccess: () => void): Promise<void> {
  const { store, dataSource, logger, batchSize = DEFAULT_BATCH_SIZE, onProgress } = options;
  const projector = new ReadModelProjector(dataSource);
  let after = await projector.checkpoint();
  logger.info({ position: after }, 'projecting');
  await store.subscribe({
    after,
    batchSize,
    signal,
    onBatch: async (events, checkpoint) => {
      const { parked } = await projector.project(events, checkpoint, after);
      after = checkpoint;
      onSuccess();
      for (const { partition, eventId, eventType, error } of parked)
        logger.error(
          { partition, eventId, eventType, reason: error },
          'parked: an event cannot be projected; its later ones wait',
        );
      onProgress?.({ position: after, isCaughtUp: false, parked: parked.length });
    },
    onCaughtUp: () => onProgress?.({ position: after, isCaughtUp: true, parked: 0 }),
  });
}
