import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { paymentSpecificationCsv, paymentSpecifications } from '#libs/dossiers';
import { AtomicFile } from '#libs/platform';
import type { Session } from '../session';
import type { CorrectionRun } from './from-file';

/** One CSV and one JSON per run; nothing when no grant moved. Answers the paths. */
export async function writePayments(session: Session, folder: string, runs: readonly CorrectionRun[]): Promise<string[]> {
  const today = session.runtime.context.today();
  const specifications = runs.flatMap(({ id, type, changes }) => paymentSpecifications(changes, { type, id }, today));
  if (specifications.length === 0) return [];
  const base = join(folder, `payments-${runs[0]?.id.slice(0, 13) ?? ''}`);
  await mkdir(folder, { recursive: true });
  await writeWhole(`${base}.json`, `${JSON.stringify(specifications, null, 2)}\n`);
  await writeWhole(`${base}.csv`, paymentSpecificationCsv(specifications));
  return [`${base}.csv`, `${base}.json`];
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = new AtomicFile(path);
  await file.write(text);
  await file.commit();
}
