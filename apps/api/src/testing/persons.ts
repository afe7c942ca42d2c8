import { randomInt } from 'node:crypto';
import { generateBsn } from '#libs/claims';
import type { TestApi } from './test-api';

export const someBsn = (): string => generateBsn(() => randomInt(0, 1_000_000) / 1_000_000);

export const registration = (bsn = someBsn()) => ({
  bsn,
  birthDate: '1970-05-17',
  name: 'Aafke van Zonderen-Proef',
  insurance: [{ insurer: '3343', from: '2023-01-01' }],
});

export async function registerPerson(api: TestApi, bsn = someBsn()): Promise<{ personId: string; bsn: string }> {
  const answer = await api.post('/v1/persons', registration(bsn));
  if (answer.status !== 200) throw new Error(`not registered: ${answer.text}`);
  return { personId: String(answer.body.personId), bsn };
}

/** A session of shoulder treatment, one of a row: `nth` makes date and reference. */
export const debit = (nth: number, over: Readonly<Record<string, unknown>> = {}) => ({
  kind: 'debit',
  practice: '04012345',
  reference: `R${String(nth).padStart(4, '0')}`,
  date: new Date(Date.UTC(2024, 0, 8 + 3 * nth)).toISOString().slice(0, 10),
  list: '012',
  performance: '1000',
  quantity: 1,
  diagnosis: '3176',
  csi: '008',
  tariffCents: 3850,
  calculatedCents: 3850,
  declaredCents: 3850,
  insurer: '3343',
  invoice: 'F2024-1',
  ...over,
});
