import { randomInt } from 'node:crypto';
import { generateBsn } from '#libs/claims';
import type { Answer, Asked, TestApi } from './test-api';

export const someBsn = (): string => generateBsn(() => randomInt(0, 1_000_000) / 1_000_000);

export const registration = (bsn = someBsn()) => ({
  bsn,
  birthDate: '1970-05-17',
  name: 'Aafke van Zonderen-Proef',
  insurance: [{ insurer: '3343', from: '2023-01-01' }],
});

export interface Registered {
  readonly personId: string;
  readonly bsn: string;
  /** A practice of the person's own: a reference number is unique within a practice, whoever the line is of. */
  readonly practice: string;
  readonly line: (nth: number, over?: Readonly<Record<string, unknown>>) => ReturnType<typeof debit>;
}

export async function registerPerson(api: TestApi, bsn = someBsn()): Promise<Registered> {
  const answer = await api.post('/v1/persons', registration(bsn));
  if (answer.status !== 200) throw new Error(`not registered: ${answer.text}`);
  const practice = `04${randomInt(0, 1_000_000).toString().padStart(6, '0')}`;
  return { personId: String(answer.body.personId), bsn, practice, line: (nth, over) => debit(nth, { practice, ...over }) };
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

/** Declares lines, each of which must have been taken in. */
export async function declare(api: TestApi, personId: string, lines: readonly object[], asked: Asked = {}): Promise<Answer> {
  const answer = await api.post(`/v1/persons/${personId}/claim-lines`, { lines }, asked);
  if (answer.status !== 200) throw new Error(`not declared: ${answer.text}`);
  return answer;
}

export const history = (over: Readonly<Record<string, unknown>> = {}) => ({
  diagnosis: '3176',
  startedOn: '2023-09-04',
  count: 14,
  throughDate: '2023-12-20',
  scope: 'elsewhere',
  source: 'previous insurer',
  statedBy: 'insurer 7095',
  document: { reference: 'HIST-2024-0007' },
  status: 'asserted',
  ...over,
});
