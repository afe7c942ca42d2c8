import type { LineDecision, SessionFact } from '#libs/trajectory';
import { decide } from '../index';
import { shareOf } from './money';
import { history, packageOf, person, session, weekly, type PersonSpec } from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();
const at7095 = [{ insurer: '7095', from: '2000-01-01', through: null }];
const run = (sessions: SessionFact[], more: Partial<PersonSpec> = {}) =>
  decide(person({ ...more, trajectories: [{ sessions }] }), book);
const purses = (decisions: readonly LineDecision[]) => decisions.flatMap((each) => each.units.map((unit) => unit.purse));

describe('quantity', () => {
  it('takes consecutive positions, each decided alone', () => {
    const lines = [...weekly('a', '2025-01-06', 18), session('q', '2025-12-01', { quantity: 4 })];
    const line = run(lines, { packages: [packageOf('Ten', '2025-12-01')] })[18];
    expect(line?.units.map((unit) => [unit.position, unit.purse, unit.cents])).toEqual([
      [19, 'supplementary', 4000],
      [20, 'supplementary', 4000],
      [21, 'basic', 4000],
      [22, 'basic', 4000],
    ]);
  });

  it('a line over the last package unit and the threshold is split over all three purses', () => {
    const lines = [...weekly('a', '2024-01-01', 18), session('q', '2025-02-03', { quantity: 3, tariffCents: 3333 })];
    const nine = weekly('n', '2025-01-01', 8, { diagnosis: '4026', csi: '009' }).map((each, i) => ({
      ...each,
      date: `2025-01-0${i + 1}`,
    }));
    const facts = person({ packages: [packageOf('Nine')], trajectories: [{ sessions: lines }, { sessions: nine }] });
    const line = decide(facts, book).find((each) => each.line.endsWith('/q'));
    expect(line?.split).toEqual({ basic: 3333, supplementary: 3333, insured: 3333, refused: 0, undecided: 0 });
    expect(line).toMatchObject({ paidToProvider: 9999, claimFromInsured: 3333, codes: [], deductible: true });
  });

  it('[quantity-2] cents that do not divide: floor for each, the remainder to the last', () => {
    expect([0, 1, 2].map((i) => shareOf(1000, 3, i))).toEqual([333, 333, 334]);
    expect(shareOf(7, 1, 0)).toBe(7);
  });
});

describe('package', () => {
  it('is one per calendar year of the session, over annex and 009 lines alike, in session order', () => {
    const annex = weekly('a', '2025-01-06', 6);
    const none = weekly('b', '2025-01-07', 6, { diagnosis: '4026', csi: '009' });
    const decisions = decide(
      person({ packages: [packageOf('Nine')], trajectories: [{ sessions: annex }, { sessions: none }] }),
      book,
    );
    expect(purses(decisions)).toEqual([...Array<string>(9).fill('supplementary'), 'insured', 'insured', 'insured']);
  });

  it('[R20] an 008 session paid by the package counts for both counters', () => {
    const decisions = run(weekly('a', '2025-01-06', 21), { packages: [packageOf('Nine')] });
    expect(decisions[8]?.reason).toEqual({
      rule: 'within-threshold',
      values: { position: 9, threshold: 20, start: '2025-01-06', package: 'Nine', unit: 9 },
    });
    expect(decisions[20]?.units[0]).toMatchObject({ position: 21, purse: 'basic' });
  });

  it('manual therapy uses the sub-limit and the total; the sub-limit exhausted it is insured and uses neither', () => {
    const kinds = ['1200', '1200', '1200', '1000', '1000', '1000', '1000'];
    const lines = kinds.map((performance, i) =>
      session(`m${i}`, `2025-01-0${i + 1}`, { performance, diagnosis: '4026', csi: '009' }),
    );
    const decisions = run(lines, { packages: [packageOf('Manual')] });
    expect(purses(decisions)).toEqual([
      'supplementary', 'supplementary', 'insured', 'supplementary', 'supplementary', 'supplementary', 'insured',
    ]); // prettier-ignore
    expect(decisions[2]?.reason.values).toMatchObject({ manualLimit: 2 });
  });

  it("changing package at one insurer keeps the year's use", () => {
    const packages = [packageOf('Nine', '2000-01-01', '2025-02-28'), packageOf('Ten', '2025-03-01')];
    const decisions = run(weekly('a', '2025-01-06', 12), { packages });
    expect(purses(decisions).filter((each) => each === 'supplementary')).toHaveLength(10);
  });

  it('at another insurer the counters start at none', () => {
    const insurance = [
      { insurer: '3343', from: '2000-01-01', through: '2025-03-09' },
      { insurer: '7095', from: '2025-03-10', through: null },
    ];
    const packages = [packageOf('Nine', '2000-01-01', '2025-03-09'), packageOf('Nine', '2025-03-10', null, '7095')];
    const decisions = run(weekly('a', '2025-01-06', 19), { insurance, packages });
    expect(purses(decisions).filter((each) => each === 'supplementary')).toHaveLength(18);
  });

  it('held at another insurer it gives nothing here: insured, and the decision names that insurer', () => {
    const [decision] = run([session('a', '2025-01-06')], { packages: [packageOf('Nine', '2000-01-01', null, '7095')] });
    expect(decision).toMatchObject({
      split: { insured: 4000 },
      flags: ['package-elsewhere', 'ambiguous-condition'],
      reason: { values: { packageAt: '7095' } },
    });
  });

  it('a package that the policy does not know on the date pays nothing and is flagged', () => {
    const [decision] = run([session('a', '2025-01-06')], { packages: [packageOf('Ended')] });
    expect(decision).toMatchObject({
      split: { insured: 4000 },
      flags: ['package-unknown', 'ambiguous-condition'],
      reason: { values: { package: 'Ended' } },
    });
  });

  it('a package without a limit pays every session', () => {
    expect(new Set(purses(run(weekly('a', '2025-01-06', 20), { packages: [packageOf('Unlimited')] })))).toEqual(
      new Set(['supplementary']),
    );
  });

  it('a session without cents, and an item that does not count, use no unit', () => {
    const free = session('f', '2025-01-01', { tariffCents: 0 });
    const report = session('r', '2025-01-02', { performance: '1900' });
    const decisions = run([free, report, session('a', '2025-01-06')], { packages: [packageOf('Nine')] });
    expect(decisions[1]?.units[0]?.purse).toBe('insured');
    expect(decisions[2]?.reason.values).toMatchObject({ unit: 1 });
  });

  it('held lines use no unit', () => {
    const lines = [session('h', '2025-01-06', { csi: '001' }), session('n', '2025-01-07', { diagnosis: '4026', csi: '009' })];
    const first = lines[0];
    const second = lines[1];
    if (first === undefined || second === undefined) throw new Error('two lines');
    const decisions = decide(
      person({ packages: [packageOf('Nine')], trajectories: [{ sessions: [first] }, { sessions: [second] }] }),
      book,
    );
    expect(decisions[1]?.reason.values).toMatchObject({ unit: 1 });
  });
});

describe('money flow and codes', () => {
  it('where the insurer bears the debtor risk the provider is paid in full, the insured is charged, and no code is returned', () => {
    expect(run([session('a', '2025-01-06')])[0]).toMatchObject({ paidToProvider: 4000, claimFromInsured: 4000, codes: [] });
  });

  it('elsewhere the uncovered part is not granted: 0613 within the threshold, even when a package is exhausted', () => {
    const decisions = run(weekly('a', '2025-01-06', 10), {
      insurance: at7095,
      packages: [packageOf('Nine', '2000-01-01', null, '7095')],
    });
    expect(decisions[8]).toMatchObject({ paidToProvider: 4000, claimFromInsured: 0, codes: [] });
    expect(decisions[9]).toMatchObject({ paidToProvider: 0, claimFromInsured: 0, codes: ['0613'] });
  });

  it('009 without a package is 0613, with an exhausted one 0584', () => {
    const none = { diagnosis: '4026', csi: '009' };
    expect(run([session('a', '2025-01-06', none)], { insurance: at7095 })[0]?.codes).toEqual(['0613']);
    const packages = [packageOf('Nine', '2000-01-01', null, '7095')];
    expect(run(weekly('a', '2025-01-06', 10, none), { insurance: at7095, packages })[9]?.codes).toEqual(['0584']);
  });

  it('a cap or term that is exhausted is 0584', () => {
    const claudication = { diagnosis: '9248', csi: '011' };
    const decisions = run(weekly('a', '2024-01-01', 38, claudication), { insurance: at7095 });
    expect(decisions[37]).toMatchObject({ codes: ['0584'], reason: { rule: 'past-cap' } });
  });

  it('a line that is partly granted carries the amount and the code', () => {
    const lines = [...weekly('a', '2024-01-01', 19), session('q', '2025-02-03', { quantity: 2, insurer: '7095' })];
    const decision = run(lines, { insurance: at7095 })[19];
    expect(decision).toMatchObject({ split: { basic: 4000, insured: 4000 }, paidToProvider: 4000, codes: ['0613'] });
  });

  it('beyond a cap the package pays if it has any left, except where the insurer says otherwise', () => {
    const packages = [packageOf('Nine')];
    const knee = run(weekly('k', '2025-01-06', 13, { diagnosis: '7023', csi: '012' }), { packages });
    expect(knee[12]?.units[0]).toMatchObject({ purse: 'supplementary', rule: 'past-cap' });
    const copd = run(weekly('c', '2025-01-06', 6, { diagnosis: '2554', csi: '013' }), { packages });
    expect(copd[5]?.units[0]).toMatchObject({ purse: 'insured', rule: 'past-cap' });
  });
});

describe('deductible', () => {
  it('is flagged on a basic part from the deductible age on, and not on other purses', () => {
    const lines = weekly('a', '2025-01-06', 2, { diagnosis: '7023', csi: '012' });
    expect(run(lines)[0]?.deductible).toBe(true);
    expect(run(lines.map((each) => ({ ...each, deductibleAge: false })))[0]?.deductible).toBe(false);
    expect(run([session('b', '2025-01-06')])[0]?.deductible).toBe(false);
  });

  it('is left out where the insurer exempts the condition in that year', () => {
    const knee = (date: string) =>
      run([session('k', date, { diagnosis: '7023', csi: '012' })], { insurance: at7095 })[0]?.deductible;
    expect([knee('2025-12-31'), knee('2026-01-01')]).toEqual([true, false]);
  });
});

describe('009 lines', () => {
  it('are honoured as no basic entitlement, without a position, and listed while an entitlement of the code is unspent', () => {
    const shoulder = run([session('a', '2025-01-06', { diagnosis: '4021', csi: '009' })]);
    expect(shoulder[0]).toMatchObject({ condition: 'none', units: [{ position: null }], flags: ['entitlement-unspent'] });
    const elbow = run([session('a', '2025-01-06', { diagnosis: '4026', csi: '009' })]);
    expect(elbow[0]?.flags).toEqual([]);
  });

  it('are not listed once cap and term of the entitlement are used', () => {
    const capped = weekly('k', '2025-01-06', 12, { diagnosis: '7023', csi: '012' });
    const after = session('n', '2025-12-01', { diagnosis: '7023', csi: '009' });
    const decisions = decide(person({ trajectories: [{ sessions: capped }, { sessions: [after] }] }), book);
    expect(decisions[12]?.flags).toEqual([]);
  });
});

describe('COPD', () => {
  const copd = (reference: string, date: string, csi: string) => session(reference, date, { diagnosis: '2554', csi });

  it('caps by class and treatment year: 27 and then 3 for B1; class A has none from the second year', () => {
    const first = weekly('a', '2024-01-01', 28, { diagnosis: '2554', csi: '014' });
    const second = weekly('b', '2025-01-01', 4, { diagnosis: '2554', csi: '016' });
    const decisions = run([...first, ...second, copd('z', '2025-06-02', '013')]);
    expect(purses(decisions.slice(26, 28))).toEqual(['basic', 'insured']);
    expect(purses(decisions.slice(28))).toEqual(['basic', 'basic', 'basic', 'insured', 'insured']);
    expect(decisions[32]?.flags).toContain('csi-differs');
  });

  it('an imported count falls in the treatment year that contains its date', () => {
    const lines = [copd('a', '2025-03-03', '016')];
    const histories = [history(3, '2025-02-28', { startedOn: '2024-01-15' })];
    const insurance = [{ insurer: '3343', from: '2025-03-01', through: null }];
    const decisions = decide(person({ insurance, trajectories: [{ sessions: lines, histories }] }), book);
    expect(decisions[0]?.reason).toMatchObject({ rule: 'past-cap', values: { used: 3 } });
  });

  it('[copd-7] a whole below our own sessions fills no treatment year, also where one before it was lower still', () => {
    const first = weekly('a', '2024-01-08', 5, { diagnosis: '2554', csi: '014' });
    const whole = (count: number, throughDate: string) =>
      history(count, throughDate, { scope: 'everything', startedOn: '2024-01-08' });
    const trajectory = {
      sessions: [...first, copd('z', '2025-01-13', '016')],
      histories: [whole(0, '2025-01-13'), whole(5, '2025-01-20')],
    };
    const decisions = decide(person({ trajectories: [trajectory] }), book);
    expect(decisions[5]?.reason).toMatchObject({ rule: 'within-cap', values: { used: 1 } });
  });

  it('[copd-7] after a whole below our own a later one fills the year with what it states beyond all our own sessions', () => {
    const whole = (count: number, throughDate: string) =>
      history(count, throughDate, { scope: 'everything', startedOn: '2024-01-01' });
    const sessions = weekly('a', '2024-01-01', 26, { diagnosis: '2554', csi: '014' });
    const histories = [whole(2, '2024-03-04'), whole(12, '2024-03-05')];
    const decisions = decide(person({ trajectories: [{ sessions, histories }] }), book);
    // ten of ours and two that only the second knows of lie before the eleventh
    expect(decisions[10]?.reason).toMatchObject({ rule: 'within-cap', values: { used: 13 } });
    expect(decisions[24]?.reason).toMatchObject({ rule: 'within-cap', values: { used: 27 } });
    expect(decisions[25]?.reason).toMatchObject({ rule: 'past-cap', values: { used: 27 } });
  });
});

describe('calendar-year cap', () => {
  const child = { diagnosis: '7326', csi: '003', ageYears: 9, deductibleAge: false };

  it('only sessions stated per calendar year fill it', () => {
    const insurance = [{ insurer: '3343', from: '2025-07-01', through: null }];
    const lines = weekly('a', '2025-07-07', 5, child);
    const run14 = (perCalendarYear?: Record<string, number>) =>
      purses(
        decide(
          person({
            insurance,
            trajectories: [
              {
                sessions: lines,
                histories: [history(20, '2025-06-30', perCalendarYear === undefined ? {} : { perCalendarYear })],
              },
            ],
          }),
          book,
        ),
      );
    expect(run14()).toEqual(Array<string>(5).fill('basic'));
    expect(run14({ '2025': 14, '2024': 6 })).toEqual(['basic', 'basic', 'basic', 'basic', 'insured']);
  });
});
