import { writeSpecifications } from '../output/specifications';
import type { Session } from '../session';
import type { CorrectionRun } from './from-file';

/** One CSV and one JSON for all runs, named after the first; nothing when no grant moved. Answers the paths. */
export const writePayments = (session: Session, folder: string, runs: readonly CorrectionRun[]): Promise<readonly string[]> =>
  writeSpecifications(
    session,
    folder,
    { id: runs[0]?.id ?? '' },
    runs.flatMap(({ moved }) => moved),
  );
