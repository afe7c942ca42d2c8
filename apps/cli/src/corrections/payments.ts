import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paymentSpecificationCsv, paymentSpecifications } from '#libs/dossiers';
import type { Session } from '../session';
import type { CorrectionRun } from './from-file';

/** One CSV and one JSON per run; nothing when no grant moved. Answers the paths. */
export async function writePayments(session: Session, folder: string, runs: readonly CorrectionRun[]): Promise<string[]> {
  const today = session.runtime.context.today();
  const specifications = runs.flatMap(({ id, type, changes }) => paymentSpecifications(changes, { type, id }, today));
  if (specifications.length === 0) return [];
  const base = join(folder, `payments-${runs[0]?.id.slice(0, 13) ?? ''}`);
  await writeFile(`${base}.json`, `${JSON.stringify(specifications, null, 2)}\n`);
  await writeFile(`${base}.csv`, paymentSpecificationCsv(specifications));
  return [`${base}.csv`, `${base}.json`];
}
