import type { SessionFact } from '#libs/trajectory';
import { decide } from '../index';
import { person, session, weekly, type PersonSpec } from '../testing/facts';
import { bookOf, document } from '../testing/policy';

const book = bookOf();
const only = (changes: Partial<SessionFact>, date = '2025-03-03', more: Partial<PersonSpec> = {}) => {
  const [decision] = decide(person({ trajectories: [{ sessions: [session('r', date, changes)] }], ...more }), book);
  if (decision === undefined) throw new Error('no decision');
  return decision;
};
const codes = (changes: Partial<SessionFact>, date?: string) => only(changes, date).codes;

describe('step 1: insured on the date', () => {
  it('outside our periods is 0320, refused and not counted', () => {
    const insurance = [{ insurer: '3343', from: '2024-01-01', through: '2024-12-31' }];
    const lines = [session('a', '2024-12-31'), session('b', '2025-01-01')];
    const [inside, outside] = decide(person({ insurance, trajectories: [{ sessions: lines }] }), book);
    expect(inside).toMatchObject({ status: 'decided' });
    expect(outside).toMatchObject({ status: 'invalid', codes: ['0320'], condition: null, units: [], split: { refused: 4000 } });
  });

  it('at an insurer that is not in the policy book is outside our periods', () => {
    expect(only({}, '2025-03-03', { insurance: [{ insurer: '9664', from: '2000-01-01', through: null }] }).codes).toEqual([
      '0320',
    ]);
  });

  it('declared to another insurer than the one that insures on the date is outside our periods', () => {
    expect(only({ insurer: '7095' }, '2025-03-03').codes).toEqual(['0320']);
    expect(only({ insurer: '9999' }, '2025-03-03').codes).toEqual(['0320']);
  });

  it('from the day after death it is 0328, on the day itself it is covered', () => {
    expect(only({}, '2025-03-03', { diedOn: '2025-03-03' }).status).toBe('decided');
    expect(only({}, '2025-03-03', { diedOn: '2025-03-02' }).codes).toEqual(['0328']);
  });
});

describe('step 3: performance, quantity and amounts', () => {
  it('names an unknown list 0581 and an unknown code 0582', () => {
    expect(codes({ list: '099' })).toEqual(['0581']);
    expect(codes({ performance: '9999' })).toEqual(['0582']);
  });

  it('names a code that the insurer does not accept 0582, for its lists and dates only', () => {
    const not = (more: object) => ({ codes: ['1000'], accepted: false, from: '2025-01-01', source: 'test', ...more });
    const at = (date: string, insurer: string, rule: object) =>
      decide(
        person({
          insurance: [{ insurer, from: '2000-01-01', through: null }],
          trajectories: [{ sessions: [session('r', date, { insurer })] }],
        }),
        bookOf({
          insurers: document.insurers.map((each) => (each.insurer === '3343' ? { ...each, performances: [not(rule)] } : each)),
        }),
      )[0];
    expect(at('2025-03-03', '3343', {})).toMatchObject({ status: 'invalid', codes: ['0582'], reason: { rule: 'performance' } });
    expect(at('2025-03-03', '3343', { lists: ['012'] })?.codes).toEqual(['0582']);
    expect(at('2025-03-03', '3343', { lists: ['073'] })?.codes).toEqual([]);
    expect(at('2024-12-31', '3343', {})?.codes).toEqual([]);
    expect(at('2025-03-03', '3343', { through: '2025-03-02' })?.codes).toEqual([]);
    expect(at('2025-03-03', '3343', { accepted: true })?.codes).toEqual([]);
    expect(at('2025-03-03', '7095', {})?.status).toBe('decided');
  });

  it('refuses a quantity above four or of none with 0638', () => {
    expect(codes({ quantity: 4 })).toEqual([]);
    expect(codes({ quantity: 5 })).toEqual(['0638']);
    expect(codes({ quantity: 0, calculatedCents: 0, declaredCents: 0 })).toEqual(['0638']);
  });

  it('refuses amounts that do not add up with the code of the policy', () => {
    expect(codes({ calculatedCents: 4001 })).toEqual(['8059']);
    expect(codes({ declaredCents: 3999 })).toEqual(['8059']);
    expect(codes({ quantity: 2, calculatedCents: 4000, declaredCents: 4000 })).toEqual(['8059']);
  });

  it('reports all codes of the step, ascending, and stops there: the wrong diagnosis is not named', () => {
    expect(codes({ performance: '9999', quantity: 9, declaredCents: 1, diagnosis: 'xxxx' })).toEqual(['0582', '0638', '8059']);
  });
});

describe('step 4: diagnosis, indication, combination and provider', () => {
  it('an unknown code is 8009 on every date; so is a pathology at a location where it does not exist', () => {
    expect(codes({ diagnosis: '0000' })).toEqual(['8009']);
    expect(codes({ diagnosis: '' })).toEqual(['8009']);
    expect(codes({ diagnosis: '7063' }, '2020-01-01')).toEqual(['8009']);
  });

  it('a closed code is accepted through 30 June 2024 and 8009 from 1 July, whatever the start', () => {
    expect(only({ diagnosis: '9376' }, '2024-06-30')).toMatchObject({ status: 'decided', condition: 'annex-unspecified' });
    expect(only({ diagnosis: '9376' }, '2024-07-01')).toMatchObject({ codes: ['8009'], reason: { rule: 'closed-code' } });
  });

  it('elsewhere a closed code is accepted only in a trajectory that started before 2020', () => {
    const insurance = [{ insurer: '7095', from: '2000-01-01', through: null }];
    const old = session('a', '2019-12-31', { diagnosis: '9376' });
    const later = session('b', '2023-05-01', { diagnosis: '9376' });
    const run = (sessions: SessionFact[]) =>
      decide(person({ insurance, trajectories: [{ sessions }] }), book).map((each) => each.codes);
    expect(run([old, later])).toEqual([['0613'], ['0613']]);
    expect(run([later])).toEqual([['8009']]);
    expect(
      run([later, { ...later, date: '2024-08-01', reference: 'c', line: '04000001/c' as SessionFact['line'] }, old])[2],
    ).toEqual(['8009']);
  });

  it('a closed code knows only 001, 008 and 009', () => {
    expect(only({ diagnosis: '9376', csi: '009' }, '2024-01-01').condition).toBe('none');
    expect(codes({ diagnosis: '9376', csi: '012' }, '2024-01-01')).toEqual(['8058']);
    expect(codes({ diagnosis: '9376', csi: '003', ageYears: 9 }, '2024-01-01')).toEqual(['8058']);
  });

  it('a code reserved for another profession counts as closed', () => {
    expect(codes({ diagnosis: '1199', csi: '009' })).toEqual(['8009']);
  });

  it('an indication that is unknown, missing or out of its dates is 3102', () => {
    expect(codes({ csi: '999' })).toEqual(['3102']);
    expect(codes({ csi: '' })).toEqual(['3102']);
    expect(codes({ csi: '002' }, '2015-01-01')).toEqual(['3102']);
    expect(codes({ csi: '012', diagnosis: '6223' }, '2017-12-31')).toEqual(['3102']);
    expect(codes({ csi: '004', diagnosis: '7326', ageYears: 9 }, '2025-01-01')).toEqual(['3102']);
  });

  it('reports a wrong diagnosis and a wrong indication together', () => {
    expect(codes({ diagnosis: '0000', csi: '999' })).toEqual(['3102', '8009']);
  });

  it('008 under 18 is 8058, 001 is not', () => {
    expect(codes({ csi: '008', ageYears: 17 })).toEqual(['8058']);
    expect(codes({ csi: '001', ageYears: 17 })).toEqual([]);
    expect(codes({ csi: '008', ageYears: 17, diagnosis: '9376' }, '2024-01-01')).toEqual(['8058']);
  });

  it('009 on a code that allows only 001 and 008 is 8058', () => {
    expect(codes({ csi: '009' })).toEqual(['8058']);
  });

  it('past the age limit of every item of its code a line is 8058 and does not count', () => {
    const lines = [
      session('a', '2025-01-06', { diagnosis: '6210', csi: '001', ageYears: 21 }),
      session('b', '2025-02-03', { diagnosis: '6210', csi: '001', ageYears: 22 }),
    ];
    const [before, after] = decide(person({ trajectories: [{ sessions: lines }] }), book);
    expect(before?.status).toBe('held');
    expect(after).toMatchObject({ status: 'invalid', codes: ['8058'], reason: { rule: 'age-limit' } });
  });

  it('004 is allowed where 003 is for physiotherapy, 006 for exercise therapy', () => {
    const child = { diagnosis: '7326', ageYears: 9 };
    expect(codes({ ...child, csi: '004' }, '2024-03-04')).toEqual([]);
    expect(codes({ ...child, csi: '006' }, '2024-03-04')).toEqual(['8058']);
    expect(codes({ ...child, csi: '006', performance: '2000' }, '2024-03-04')).toEqual([]);
    expect(codes({ ...child, csi: '004', performance: '2000' }, '2024-03-04')).toEqual(['8058']);
  });

  it('a reserved code needs a performance of that kind, otherwise 0562', () => {
    expect(codes({ diagnosis: '6483' })).toEqual(['0562']);
    expect(codes({ diagnosis: '6483', performance: '1600' })).toEqual([]);
    expect(codes({ diagnosis: '6483', performance: '2006' })).toEqual([]);
  });

  it('010 needs pelvic physiotherapy; exercise therapy for the pelvis is not enough', () => {
    expect(codes({ diagnosis: '6486', csi: '010' })).toEqual(['0562']);
    expect(codes({ diagnosis: '6486', csi: '010', performance: '2006' })).toEqual(['0562']);
    expect(codes({ diagnosis: '6486', csi: '010', performance: '1600' })).toEqual([]);
  });

  it('rheumatoid arthritis with 001 needs its own performance from July 2024, and a recorded authorisation before', () => {
    expect(codes({ diagnosis: '9390', csi: '001' })).toEqual(['8058']);
    expect(codes({ diagnosis: '9390', csi: '001' }, '2024-06-30')).toEqual(['8058']);
    expect(only({ diagnosis: '9390', csi: '001', performance: '10039' })).toMatchObject({
      condition: 'ra-severe',
      split: { basic: 4000 },
      reason: { rule: 'no-threshold' },
    });
  });

  it('an invalid line takes no position', () => {
    const lines = weekly('s', '2025-01-06', 3);
    const middle = lines[1];
    if (middle === undefined) throw new Error('three lines');
    lines[1] = { ...middle, csi: '999' };
    const decisions = decide(person({ trajectories: [{ sessions: lines }] }), book);
    expect(decisions.map((each) => each.units[0]?.position)).toEqual([1, undefined, 2]);
  });
});

describe('step 5: too late', () => {
  const insurance = [{ insurer: '7095', from: '2000-01-01', through: null }];
  const packages = [{ insurer: '7095', package: 'Nine', from: '2000-01-01', through: null }];

  it('is decided and counted, uses no package, and its cents are refused with 0586', () => {
    const lines = [session('a', '2024-01-10', { receivedOn: '2025-01-11' }), session('b', '2024-01-11')];
    const [late, inTime] = decide(person({ insurance, packages, trajectories: [{ sessions: lines }] }), book);
    expect(late).toMatchObject({ status: 'decided', codes: ['0586'], split: { refused: 4000, insured: 0 }, paidToProvider: 0 });
    expect(late?.units[0]).toMatchObject({ position: 1, purse: null });
    expect(inTime?.units[0]).toMatchObject({ position: 2, purse: 'supplementary' });
    expect(inTime?.reason.values).toMatchObject({ unit: 1 });
  });

  it('the same-numbered day a year later is still in time', () => {
    const at = (receivedOn: string) =>
      decide(person({ insurance, trajectories: [{ sessions: [session('a', '2024-02-29', { receivedOn })] }] }), book)[0]?.codes;
    expect(at('2025-02-28')).toEqual(['0613']);
    expect(at('2025-03-01')).toEqual(['0586']);
  });
});
