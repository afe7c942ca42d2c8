import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { paymentSpecifications, writePaymentFiles } from '#libs/dossiers';
import type { Session } from '../session';
import type { CorrectionRun } from './from-file';

/** One CSV and one JSON per run; nothing when no grant moved. Answers the paths. */
export async function writePayments(
  session: Session,
  folder: string,
  runs: readonly CorrectionRun[],
): Promise<readonly string[]> {
  const specifications = paymentSpecifications(
    runs.flatMap((run) => run.moved),
    session.runtime.context.today(),
  );
  if (specifications.length === 0) return [];
  await mkdir(folder, { recursive: true });
  return writePaymentFiles(join(folder, `payments-${runs[0]?.id.slice(0, 13) ?? ''}`), specifications);
}
