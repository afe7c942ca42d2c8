/** Commands that read off the read models, which follow the log: what is not taken in yet is not there. */
import type * as Library from '#libs/read-models';
import { EXIT } from './exit-codes';
import type { Terminal } from './output/terminal';
import { openSession, type Session } from './session';

export type ReadModels = Awaited<ReturnType<typeof Library.openReadModels>>;

/** Loaded by those that read off it: it takes a third of a second, and most commands have no use for it. */
export const readModelsLibrary = (): Promise<typeof Library> => import('#libs/read-models');

/** Said of answers that leave persons out, whose read models wait for an event that could not be projected. */
export async function tellParked(readModels: ReadModels, terminal: Terminal): Promise<void> {
  const { ReadModelQueries } = await readModelsLibrary();
  const parked = await new ReadModelQueries(readModels).parkedCount();
  if (parked === 0) return;
  terminal.problem(`${parked} persons or streams wait and may be missing: traject parked`);
  process.exitCode = EXIT.findings;
}

/** Opens both, and closes them whatever happens. */
export async function withReadModels(
  processName: string,
  work: (session: Session, readModels: ReadModels) => Promise<void>,
): Promise<void> {
  const session = await openSession(processName);
  try {
    const { openReadModels } = await readModelsLibrary();
    const readModels = await openReadModels({ url: session.database.url, poolSize: 2 });
    await work(session, readModels).finally(() => readModels.destroy());
  } finally {
    await session.close();
  }
}
