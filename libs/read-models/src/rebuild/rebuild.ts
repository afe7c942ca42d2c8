/** Makes the read models anew from the log, beside the live ones, and exchanges them. Resumable after a kill in every state. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import type { EventStore } from '#libs/event-store';
import { openReadModels, type ReadModelsConnection } from '../data-source';
import { rebuildLock, writeLock } from '../locks';
import { quoteName, schemaOf } from '../migrations/schema';
import { ReadModelProjector } from '../projector';
import {
  installControl,
  lastRebuild,
  rebuildStatusOf,
  recordProgress,
  recordStart,
  recordState,
  type RebuildRecord,
  type RebuildStatus,
} from './control';
import { Replay } from './replay';
import { allowedActions, progressOf, PROJECTION_VERSION, type RebuildProgress, type RebuildState } from './states';

export interface RebuildOptions {
  readonly store: EventStore;
  /** The live read models; they are brought up to date first. */
  readonly connection: ReadModelsConnection;
  /** Ends the rebuild after the batch under way; it may be resumed. The promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RebuildProgress) => void;
  /** Events per transaction; default 10,000, of which two pages are in memory. */
  readonly batchSize?: number;
}

/** Another process rebuilds now. */
export class RebuildRunningError extends Error {
  override readonly name = 'RebuildRunningError';
  constructor() {
    super('a rebuild of the read models is running in another process; wait for it or stop that process');
  }
}

/** The rebuild is in a state that does not allow this. */
export class RebuildStateError extends Error {
  override readonly name = 'RebuildStateError';
}

const DEFAULT_BATCH_SIZE = 10_000;
const PROGRESS_EVERY_MS = 500;
/** Queries on the old tables may run on; the drop waits for them, so many times so long. */
const DROP_ATTEMPTS = 60;
const DROP_LOCK_TIMEOUT = '1s';

/** Where the last rebuild stands and what may be asked for next. */
export const rebuildStatus = (live: DataSource): Promise<RebuildStatus> => rebuildStatusOf(live, liveName(live));

/** Rebuilds from the beginning, or resumes the one that did not end. Throws RebuildRunningError. */
export async function rebuildReadModels(options: RebuildOptions): Promise<RebuildProgress> {
  const live = await openReadModels(options.connection);
  try {
    await installControl(live);
    return await alone(live, () => new Rebuild(options, live).run());
  } finally {
    await live.destroy();
  }
}

/** Gives the unfinished rebuild up and removes its tables. Throws RebuildStateError when there is none, or no way back. */
export async function abortRebuild(connection: ReadModelsConnection): Promise<void> {
  const live = await openReadModels(connection);
  try {
    await installControl(live);
    await alone(live, async () => {
      const last = await lastRebuild(live, liveName(live));
      if (last === null || !allowedActions(last.state).includes('abort'))
        throw new RebuildStateError(`there is no rebuild to abort: the last one is ${last?.state ?? 'not there'}`);
      await live.query(`drop schema if exists ${quoteName(nextName(live))} cascade`);
      await recordState(live, last.id, 'aborted');
    });
  } finally {
    await live.destroy();
  }
}

const liveName = (live: DataSource): string => schemaOf(live).slice(1, -1);
const nextName = (live: DataSource): string => `${liveName(live)}_next`;
const oldName = (live: DataSource): string => `${liveName(live)}_old`;

/** Runs while holding the lock of rebuilds, on a connection of its own. */
async function alone<T>(live: DataSource, work: () => Promise<T>): Promise<T> {
  const lock = live.createQueryRunner();
  await lock.connect();
  const keys = rebuildLock(liveName(live));
  try {
    const [row] = (await lock.query(`select pg_try_advisory_lock(${keys}) as held`)) as { held: boolean }[];
    if (row?.held !== true) throw new RebuildRunningError();
    try {
      return await work();
    } finally {
      await lock.query(`select pg_advisory_unlock(${keys})`).catch(() => undefined);
    }
  } finally {
    await lock.release();
  }
}

class Rebuild {
  private readonly startedMs = performance.now();
  private reportedMs = 0;
  private id = 0;
  private eventsTotal: number | null = null;
  private last: RebuildProgress = progressOf('prepare', 0, null, 0, 0);

  constructor(
    private readonly options: RebuildOptions,
    private readonly live: DataSource,
  ) {}

  async run(): Promise<RebuildProgress> {
    let state = await this.begin();
    if (state === 'prepare') state = await this.prepare();
    if (state === 'replay' || state === 'catch-up' || state === 'switch') {
      const next = await openReadModels({ ...this.options.connection, schema: nextName(this.live) });
      try {
        const replay = await Replay.open(this.options.store, next, this.options.batchSize ?? DEFAULT_BATCH_SIZE);
        if (state === 'replay') state = await this.takeIn(replay, 'replay', 'catch-up');
        if (state === 'catch-up') state = await this.takeIn(replay, 'catch-up', 'switch');
        if (state === 'switch') state = await this.switch(replay, next);
      } finally {
        if (next.isInitialized) await next.destroy();
      }
    }
    await this.drop();
    return this.last;
  }

  /** The state to go on with: that of an unfinished rebuild of this projection, else the first. */
  private async begin(): Promise<RebuildState> {
    const unfinished = await lastRebuild(this.live, liveName(this.live));
    if (unfinished !== null && allowedActions(unfinished.state).includes('resume')) {
      if (unfinished.state === 'drop' || unfinished.projectionVersion === PROJECTION_VERSION) return this.adopt(unfinished);
      await recordState(this.live, unfinished.id, 'aborted');
    }
    const [row] = await this.live.query<{ events: string }[]>(
      `select events from ${schemaOf(this.live)}.checkpoint where id = 1`,
    );
    const events = Number(row?.events ?? 0);
    this.eventsTotal = events === 0 ? null : events;
    this.id = await recordStart(this.live, liveName(this.live), PROJECTION_VERSION, this.eventsTotal);
    return 'prepare';
  }

  private adopt(unfinished: RebuildRecord): RebuildState {
    this.id = unfinished.id;
    this.eventsTotal = unfinished.eventsTotal;
    return unfinished.state;
  }

  /** Tables and indexes are made before anything is loaded: an index over full tables would be one long write. */
  private async prepare(): Promise<RebuildState> {
    this.report('prepare', 0, 0);
    await this.live.query(`drop schema if exists ${quoteName(nextName(this.live))} cascade`);
    const next = await openReadModels({ ...this.options.connection, schema: nextName(this.live) });
    await next.destroy();
    return this.enter('replay');
  }

  private async takeIn(replay: Replay, state: RebuildState, then: RebuildState): Promise<RebuildState> {
    await replay.run(() => this.tick(state, replay), this.options.signal);
    await recordProgress(this.live, this.id, replay.eventsDone);
    this.report(state, replay.eventsDone, replay.eventsNow);
    return this.enter(then);
  }

  /**
   * The live projector waits while the lock of its tables is held; the new tables take in what it had, so that no reader is
   * sent back in time, and then the schemas are exchanged. The projector finds its tables at another position and goes on
   * from there. The schema's own connections are closed first: nothing of ours may hold its tables.
   */
  private async switch(replay: Replay, next: DataSource): Promise<RebuildState> {
    const runner = this.live.createQueryRunner();
    await runner.connect();
    try {
      await runner.startTransaction();
      await runner.query(`select pg_advisory_xact_lock(${writeLock(liveName(this.live))})`);
      const through = await new ReadModelProjector(this.live).checkpoint();
      if (through !== null) await replay.run(() => Promise.resolve(), this.options.signal, through);
      await recordProgress(this.live, this.id, replay.eventsDone);
      await next.destroy();
      await exchange(runner, liveName(this.live), nextName(this.live), oldName(this.live));
      await recordState(runner, this.id, 'drop');
      await runner.commitTransaction();
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
    this.report('switch', replay.eventsDone, replay.eventsNow);
    return 'drop';
  }

  private async drop(): Promise<void> {
    const { eventsDone } = this.last;
    this.last = { ...this.last, state: 'drop' };
    this.options.onProgress?.(this.last);
    await dropSchema(this.live, oldName(this.live));
    await recordState(this.live, this.id, 'done');
    this.last = { ...this.last, state: 'done', eventsDone, secondsLeft: 0 };
    this.options.onProgress?.(this.last);
  }

  private async enter(state: RebuildState): Promise<RebuildState> {
    await recordState(this.live, this.id, state);
    return state;
  }

  private async tick(state: RebuildState, { eventsDone, eventsNow }: Replay): Promise<void> {
    if (performance.now() - this.reportedMs < PROGRESS_EVERY_MS) return;
    this.reportedMs = performance.now();
    await recordProgress(this.live, this.id, eventsDone);
    this.report(state, eventsDone, eventsNow);
  }

  private report(state: RebuildState, eventsDone: number, eventsNow: number): void {
    this.last = progressOf(state, eventsDone, this.eventsTotal, eventsNow, performance.now() - this.startedMs);
    this.options.onProgress?.(this.last);
  }
}

async function exchange(runner: QueryRunner, live: string, next: string, old: string): Promise<void> {
  await runner.query(`drop schema if exists ${quoteName(old)} cascade`);
  await runner.query(`alter schema ${quoteName(live)} rename to ${quoteName(old)}`);
  await runner.query(`alter schema ${quoteName(next)} rename to ${quoteName(live)}`);
}

async function dropSchema(live: DataSource, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const runner = live.createQueryRunner();
    await runner.connect();
    try {
      await runner.startTransaction();
      await runner.query(`set local lock_timeout = '${DROP_LOCK_TIMEOUT}'`);
      await runner.query(`drop schema if exists ${quoteName(name)} cascade`);
      await runner.commitTransaction();
      return;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      const isBusy = (error as { code?: string }).code === '55P03';
      if (!isBusy || attempt >= DROP_ATTEMPTS) throw error;
    } finally {
      await runner.release();
    }
    await delay(100);
  }
}
