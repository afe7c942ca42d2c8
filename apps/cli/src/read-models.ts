/** Commands that read off the read models, which follow the log: what is not taken in yet is not there. */
import { openReadModels, ReadModelQueries } from '#libs/read-models';
import type { LogPosition } from '#libs/event-store';
import { openSession, type Session } from './session';

export type ReadModels = Awaited<ReturnType<typeof openReadModels>>;

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
        'Start the projector (node dist/apps/projector/src/main.js, or traject start), and ask again',
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
  for (;;) {
    const { position } = await queries.checkpoint();
    const [next] = (await runtime.store.readLog(position as LogPosition | null, 1)).events;
    if (next === undefined || Date.parse(next.recordedAt) > asked + SKEW_MS) return;
    if (Date.now() > asked + PATIENCE_MS) throw new ReadModelsBehindError();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
