import type { CausedPaymentChanges, PaymentChange } from '#libs/trajectory';
import { paymentSpecificationCsv, paymentSpecifications } from './specification';

const change = (practice: string, reference: string, grantedBeforeCents: number, grantedNowCents: number): PaymentChange => ({
  ...{ practice, reference, invoice: 'I-1', date: '2024-01-08', grantedBeforeCents, grantedNowCents },
});
const moved: readonly CausedPaymentChanges[] = [
  {
    cause: { type: 'ImportHistory', id: 'c-1' },
    changes: [change('04000002', 'R-3', 0, 4000), change('04000001', 'R-2', 0, 4000), change('04000001', 'R-1', 4000, 0)],
  },
];

describe('a payment specification', () => {
  it('[wire-3] is one for each practice and cause, with original invoice and reference, what was granted and what is now', () => {
    const told = paymentSpecifications(moved, '2024-03-04');
    expect(told.map(({ practice, cause, totalDifferenceCents }) => [practice, cause.id, totalDifferenceCents])).toEqual([
      ['04000001', 'c-1', 0],
      ['04000002', 'c-1', 4000],
    ]);
    expect(told[0]?.lines).toEqual([
      {
        invoice: 'I-1',
        reference: 'R-1',
        sessionDate: '2024-01-08',
        grantedBeforeCents: 4000,
        grantedNowCents: 0,
        differenceCents: -4000,
      },
      {
        invoice: 'I-1',
        reference: 'R-2',
        sessionDate: '2024-01-08',
        grantedBeforeCents: 0,
        grantedNowCents: 4000,
        differenceCents: 4000,
      },
    ]);
    expect(paymentSpecificationCsv(told).split('\n').slice(0, 2)).toEqual([
      'practice,invoice,reference,session_date,granted_before_cents,granted_now_cents,difference_cents,cause_type,cause_id,date',
      '04000001,I-1,R-1,2024-01-08,4000,0,-4000,ImportHistory,c-1,2024-03-04',
    ]);
  });

  it('[wire-4] tells only lines of which the grant changed, and nothing where none did', () => {
    const back: CausedPaymentChanges = {
      cause: { type: 'ImportHistory', id: 'c-1' },
      changes: [change('04000002', 'R-3', 4000, 0)],
    };
    expect(paymentSpecifications([...moved, back], '2024-03-04').map(({ practice }) => practice)).toEqual(['04000001']);
    expect(paymentSpecifications([], '2024-03-04')).toEqual([]);
  });
});
