/** Commands that read off the read models, which follow the log: what is not taken in yet is not there. */
import { openReadModels, ReadModelQueries } from '#libs/read-models';
import type { LogPosition } from '#libs/event-store';
import { EXIT } from './exit-codes';
import type { Terminal } from './output/terminal';
import { openSession, type Session } from './session';

export type ReadModels = Awaited<ReturnType<typeof openReadModels>>;

/** Said of answers that leave persons out, whose read models wait for an event that could not be projected. */
export async function tellParked(readModels: ReadModels, terminal: Terminal): Promise<void> {
  const parked = await new ReadModelQueries(readModels).parkedCount();
  if (parked === 0) return;
  terminal.problem(`${parked} persons or streams wait and may be missing: traject parked`);
  process.exitCode = EXIT.findings;
}

/** Longest wait for the projector. */
const PATIENCE_MS = 10_000;
const POLL_MS = 200;
/** Clocks of two machines may differ by so much. */
const SKEW_MS = 2_000;

/** What is asked for would not be told whole. */
export class ReadModelsBehindError extends Error {
  override readonly name = 'ReadModelsBehindError';
  constructor() {
    super(
      'the read models have not taken in all that was recorded, so what is asked for would not be whole; nothing was written. ' +
        'Start the projector (node dist/apps/projector/src/main.js, or traject start) unless it runs, and ask again; a transaction on the database server that is ' +
        'open for long holds it back as well',
    );
  }
}

/** Opens both, and closes them whatever happens. */
export async function withReadModels(
  processName: string,
  work: (session: Session, readModels: ReadModels) => Promise<void>,
): Promise<void> {
  const session = await openSession(processName);
  try {
    const readModels = await openReadModels({ url: session.database.url, poolSize: 2 });
    await work(session, readModels).finally(() => readModels.destroy());
  } finally {
    await session.close();
  }
}

/**
 * Waits until the read models have taken in everything that was recorded before it was asked.
 * @throws ReadModelsBehindError when they have not after ten seconds
 */
export async function untilWhole({ runtime }: Session, readModels: ReadModels): Promise<void> {
  const asked = Date.now();
  const queries = new ReadModelQueries(readModels);
  const isSettled = await settledAfter(readModels);
  for (;;) {
    // In this order: what is committed and not shown yet is shown once the server has settled.
    const settled = await isSettled();
    const { position } = await queries.checkpoint();
    const [next] = (await runtime.store.readLog(position as LogPosition | null, 1)).events;
    if (settled && (next === undefined || Date.parse(next.recordedAt) > asked + SKEW_MS)) return;
    if (Date.now() > asked + PATIENCE_MS) throw new ReadModelsBehindError();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Whether every transaction has ended that had begun by now. PostgreSQL shows the log up to the oldest open transaction of the whole server, so that no event
 * ever appears behind one that was read; an event that is committed may be hidden until then.
 */
async function settledAfter(readModels: ReadModels): Promise<() => Promise<boolean>> {
  const [now] = await readModels.query<{ ceiling: string }[]>('select pg_snapshot_xmax(pg_current_snapshot())::text as ceiling');
  return async () => {
    const [row] = await readModels.query<{ settled: boolean }[]>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as settled',
      [now?.ceiling],
    );
    return row?.settled === true;
  };
}
