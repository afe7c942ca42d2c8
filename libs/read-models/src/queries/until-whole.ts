/** Waits for the read models, which follow the log: what is not taken in yet is not there. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, LogPosition } from '#libs/event-store';
import type { DataSource } from 'typeorm';
import { ReadModelQueries } from './read-model-queries';

/** Longest wait for the projector. */
const PATIENCE_MS = 10_000;
const POLL_MS = 200;
/** Clocks of two machines may differ by so much. */
const SKEW_MS = 2_000;

/** What is asked for would not be whole. */
export class ReadModelsBehindError extends Error {
  override readonly name = 'ReadModelsBehindError';
  constructor() {
    super(
      'the read models have not taken in all that was recorded, so what is asked for would not be whole and was not begun. ' +
        'Start the projector (node dist/apps/projector/src/main.js, or traject start) unless it runs, and ask again; a transaction on the database server that is ' +
        'open for long holds it back as well',
    );
  }
}

/**
 * Waits until the read models have taken in everything that was recorded before it was asked.
 * @throws ReadModelsBehindError when they have not after ten seconds
 */
export async function untilWhole(store: Pick<EventStore, 'readLog'>, readModels: DataSource): Promise<void> {
  const asked = Date.now();
  const queries = new ReadModelQueries(readModels);
  const isSettled = await settledAfter(readModels);
  for (;;) {
    // In this order: what is committed and not shown yet is shown once the server has settled.
    const settled = await isSettled();
    const { position } = await queries.checkpoint();
    const [next] = (await store.readLog(position as LogPosition | null, 1)).events;
    if (settled && (next === undefined || Date.parse(next.recordedAt) > asked + SKEW_MS)) return;
    if (Date.now() > asked + PATIENCE_MS) throw new ReadModelsBehindError();
    await delay(POLL_MS);
  }
}

/**
 * Whether every transaction has ended that had begun by now. PostgreSQL shows the log up to the oldest open transaction of the whole server, so that no event
 * ever appears behind one that was read; an event that is committed may be hidden until then.
 */
async function settledAfter(readModels: DataSource): Promise<() => Promise<boolean>> {
  const [now] = await readModels.query<{ ceiling: string }[]>('select pg_snapshot_xmax(pg_current_snapshot())::text as ceiling');
  return async () => {
    const [row] = await readModels.query<{ settled: boolean }[]>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as settled',
      [now?.ceiling],
    );
    return row?.settled === true;
  };
}
