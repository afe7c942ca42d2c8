import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { paymentSpecifications, writePaymentFiles, type PaymentSpecification } from '#libs/dossiers';
import type { CausedPaymentChanges } from '#libs/trajectory';
import type { Session } from '../session';

/** What a file of payment specifications is called by: `payments-[OF-]ID[-PART]`, of the id its first 13 characters. */
export interface SpecificationsName {
  readonly of?: string;
  readonly id: string;
  readonly part?: number;
}

/** Lines of payment specifications that are held at once: more of them go into further files. */
export const PAYMENT_LINES = 50_000;

/** One CSV and one JSON, of today; nothing when no grant moved. Makes the folder. Answers the paths. */
export const writeSpecifications = (
  { runtime }: Session,
  folder: string,
  name: SpecificationsName,
  moved: readonly CausedPaymentChanges[],
): Promise<readonly string[]> => writeSpecificationFiles(folder, name, paymentSpecifications(moved, runtime.context.today()));

/** The same of specifications that are made. */
export async function writeSpecificationFiles(
  folder: string,
  { of, id, part }: SpecificationsName,
  specifications: readonly PaymentSpecification[],
): Promise<readonly string[]> {
  if (specifications.length === 0) return [];
  await mkdir(folder, { recursive: true });
  const name = ['payments', of, id.slice(0, 13), part].filter((each) => each !== undefined).join('-');
  return writePaymentFiles(join(folder, name), specifications);
}
