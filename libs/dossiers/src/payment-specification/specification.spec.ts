import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { CausedPaymentChanges, PaymentChange } from '#libs/trajectory';
import { specificationsByPractice } from './by-practice';
import { writePaymentFiles } from './payment-file';
import { paymentSpecificationCsv, paymentSpecifications } from './specification';

const change = (reference: string, before: number, now: number, over: Partial<PaymentChange> = {}): PaymentChange => ({
  ...{ practice: '04012345', reference, invoice: 'F-1', date: '2024-01-08', grantedBeforeCents: before, grantedNowCents: now },
  ...over,
});
const by = (id: string, ...changes: PaymentChange[]): CausedPaymentChanges => ({
  cause: { type: 'import-history', id },
  changes,
});

describe('a payment specification', () => {
  it('[wire-3] is one per practice and cause, and tells invoice, reference, granted before and now', () => {
    const told = paymentSpecifications(
      [by('c1', change('R-2', 0, 4000), change('R-1', 4000, 0)), by('c2', change('R-9', 0, 1))],
      '2024-12-02',
    );
    expect(told).toEqual([
      {
        ...{ practice: '04012345', cause: { type: 'import-history', id: 'c1' }, date: '2024-12-02', totalDifferenceCents: 0 },
        lines: [
          {
            invoice: 'F-1',
            reference: 'R-1',
            sessionDate: '2024-01-08',
            grantedBeforeCents: 4000,
            grantedNowCents: 0,
            differenceCents: -4000,
          },
          {
            invoice: 'F-1',
            reference: 'R-2',
            sessionDate: '2024-01-08',
            grantedBeforeCents: 0,
            grantedNowCents: 4000,
            differenceCents: 4000,
          },
        ],
      },
      expect.objectContaining({ cause: { type: 'import-history', id: 'c2' }, totalDifferenceCents: 1 }),
    ]);
    const other = change('R-3', 0, 4000, { practice: '04000001' });
    expect(paymentSpecifications([by('c1', change('R-1', 0, 1), other)], '2024-12-02').map(({ practice }) => practice)).toEqual([
      '04000001',
      '04012345',
    ]);
  });

  it('[wire-4] leaves out lines whose grant is what it was: one that moved there and back, and whoever has no other', () => {
    const there = change('R-1', 0, 4000);
    expect(paymentSpecifications([by('c1', there, change('R-1', 4000, 0))], '2024-12-02')).toEqual([]);
    const [told] = paymentSpecifications([by('c1', there, change('R-1', 4000, 1000))], '2024-12-02');
    expect(told?.lines).toMatchObject([{ reference: 'R-1', grantedBeforeCents: 0, grantedNowCents: 1000 }]);
  });

  it('[wire-4] tell under each cause what it moved in sum, also when another moved the line in between', () => {
    const told = paymentSpecifications(
      [by('c1', change('R-1', 0, 1000)), by('c2', change('R-1', 1000, 500)), by('c1', change('R-1', 500, 2000))],
      '2024-12-02',
    );
    expect(
      told.map(({ cause, lines }) => [cause.id, ...lines.map((each) => [each.grantedBeforeCents, each.grantedNowCents])]),
    ).toEqual([
      ['c1', [-500, 2000]],
      ['c2', [1000, 500]],
    ]);
    expect(told.reduce((sum, { totalDifferenceCents }) => sum + totalDifferenceCents, 0)).toBe(2000);
  });

  it('[wire-3] of a day are one per practice and cause, practice by practice, each line once', () => {
    const of = (practice: string, id: string, reference: string) => ({
      ...change(reference, 0, 1000, { practice }),
      cause: { type: 'import-history', id },
    });
    const told = specificationsByPractice(
      [of('04000001', 'c1', 'R-1'), of('04000001', 'c2', 'R-2'), of('04000001', 'c2', 'R-3'), of('04000002', 'c2', 'R-1')],
      '2024-12-02',
    );
    expect(told.map(({ practice, cause, lines }) => [practice, cause.id, ...lines.map(({ reference }) => reference)])).toEqual([
      ['04000001', 'c1', 'R-1'],
      ['04000001', 'c2', 'R-2', 'R-3'],
      ['04000002', 'c2', 'R-1'],
    ]);
    expect(told.map(({ date, totalDifferenceCents }) => [date, totalDifferenceCents])).toEqual([
      ['2024-12-02', 1000],
      ['2024-12-02', 2000],
      ['2024-12-02', 1000],
    ]);
    expect(specificationsByPractice([], '2024-12-02')).toEqual([]);
  });

  it('as CSV never gives a spreadsheet a formula', () => {
    const csv = paymentSpecificationCsv(paymentSpecifications([by('c1', change('=1+1', 0, 1))], '2024-12-02'));
    expect(csv).toContain("'=1+1");
  });

  it('lies as CSV and as JSON beside each other, and both say the same', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'traject-payments-'));
    try {
      const told = paymentSpecifications([by('c1', change('R-1', 0, 4000), change('R-2', 4000, 1500))], '2024-12-02');
      const [csv, json] = await writePaymentFiles(join(folder, 'payments'), told);
      expect(JSON.parse(await readFile(json, 'utf8'))).toEqual(told);
      const rows = parse(await readFile(csv, 'utf8'), { columns: true }) as unknown as Record<string, string>[];
      expect(rows).toEqual(
        told[0]?.lines.map((line) => ({
          ...{ practice: '04012345', invoice: line.invoice, reference: line.reference, session_date: line.sessionDate },
          ...{ granted_before_cents: String(line.grantedBeforeCents), granted_now_cents: String(line.grantedNowCents) },
          ...{ difference_cents: String(line.differenceCents), cause_type: 'import-history', cause_id: 'c1', date: '2024-12-02' },
        })),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
