import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { paymentSpecifications, writePaymentFiles } from '#libs/dossiers';
import type { CausedPaymentChanges } from '#libs/trajectory';
import type { Session } from '../session';

/** What a file of payment specifications is called by: `payments-[OF-]ID[-PART]`, of the id its first 13 characters. */
export interface SpecificationsName {
  readonly of?: string;
  readonly id: string;
  readonly part?: number;
}

/** One CSV and one JSON, of today; nothing when no grant moved. Makes the folder. Answers the paths. */
export async function writeSpecifications(
  { runtime }: Session,
  folder: string,
  { of, id, part }: SpecificationsName,
  moved: readonly CausedPaymentChanges[],
): Promise<readonly string[]> {
  const specifications = paymentSpecifications(moved, runtime.context.today());
  if (specifications.length === 0) return [];
  await mkdir(folder, { recursive: true });
  const name = ['payments', of, id.slice(0, 13), part].filter((each) => each !== undefined).join('-');
  return writePaymentFiles(join(folder, name), specifications);
}
