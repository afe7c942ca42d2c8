import type { HistoryFact, LineDecision, SessionFact } from '#libs/trajectory';
import { decide } from '../index';
import { history, person, session, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf, document } from '../testing/policy';

const book = bookOf();
const run = (spec: TrajectorySpec, { from = '2000-01-01', insurer = '3343', policy = book } = {}) =>
  decide(person({ insurance: [{ insurer, from, through: null }], trajectories: [spec] }), policy);
const rules = (decisions: readonly LineDecision[]) => decisions.map((each) => each.reason.rule);
const used = (decisions: readonly LineDecision[]) => decisions.map((each) => each.reason.values.used);

describe('the start', () => {
  const start = (sessions: SessionFact[], histories: HistoryFact[] = []) =>
    run({ sessions, histories }).find((each) => each.line.endsWith('/a'))?.reason.values.start;
  const line = session('a', '2024-03-04', { diagnosis: '9374' });

  it('is the earliest counting session: neither an invalid line nor a report', () => {
    const before = { diagnosis: '9374' };
    expect(start([line])).toBe('2024-03-04');
    expect(start([session('i', '2024-01-08', { ...before, csi: '999' }), line])).toBe('2024-03-04');
    expect(start([session('r', '2024-01-08', { ...before, performance: '1900' }), line])).toBe('2024-03-04');
    expect(start([session('s', '2024-01-08', before), line])).toBe('2024-01-08');
  });

  it('is the earliest stated start where that lies before', () => {
    const on = (startedOn: string, importId: string) =>
      history(0, '2024-02-28', { startedOn, importId: importId as HistoryFact['importId'] });
    expect(start([line], [on('2024-01-10', 'x'), on('2024-01-09', 'y'), on('2024-01-11', 'z')])).toBe('2024-01-09');
    expect(start([line], [on('2024-03-05', 'x')])).toBe('2024-03-04');
    const report = session('a', '2024-03-04', { diagnosis: '9374', performance: '1900' });
    expect([start([report]), start([report], [on('2024-01-10', 'x')])]).toEqual(['', '2024-01-10']);
  });
});

describe('a closed code where only trajectories begun before 2020 may use it', () => {
  const old = { diagnosis: '9376' };
  const at7095 = (sessions: SessionFact[], more: TrajectorySpec = {}) =>
    run({ diagnosis: '9376', sessions, ...more }, { insurer: '7095' });

  it.each<[string, SessionFact[], TrajectorySpec, (readonly string[])[]]>([
    ['began on the last day', [session('a', '2019-12-31', old), session('b', '2023-05-01', old)], {}, [['0613'], ['0613']]],
    ['began on the first day after', [session('a', '2020-01-01', old), session('b', '2023-05-01', old)], {}, [['8009'], ['8009']]],
    ['began elsewhere in time', [session('b', '2023-05-01', old)], { histories: [history(1, '2019-12-31', { startedOn: '2019-12-31' })] }, [['0613']]],
    ['has reports alone', [session('b', '2023-05-01', { ...old, performance: '1900' })], {}, [['8009']]],
    ['has an earlier line that is invalid', [session('a', '2019-12-30', { ...old, csi: '999' }), session('b', '2023-05-01', old)], {}, [['3102'], ['8009']]],
  ])('%s', (_what, sessions, more, codes) => {
    expect(at7095(sessions, more).map((each) => each.codes)).toEqual(codes);
  }); // prettier-ignore

  it('tells what else is wrong, ascending, but for the combination', () => {
    const invalid = (changes: Partial<SessionFact>) => at7095([session('b', '2023-05-01', { ...old, ...changes })])[0];
    expect(invalid({ csi: '012' })).toMatchObject({ codes: ['8009'], units: [] });
    expect(invalid({ csi: '999' })).toMatchObject({
      codes: ['3102', '8009'],
      reason: { rule: 'closed-code', values: { code: '9376', csi: '999', startedBefore: '2020-01-01' } },
    });
    expect(invalid({ csi: '010' })?.codes).toEqual(['0562', '8009']);
  });

  it('a refused line starts nothing and takes no position', () => {
    const decisions = at7095([session('b', '2023-05-01', old), session('n', '2023-08-07', { diagnosis: '3176' })], {
      remaps: [{ from: '9376', to: '3176', effectiveDate: '2023-07-01' }],
    });
    expect(decisions.map((each) => each.codes)).toEqual([['8009'], ['0613']]);
    expect(decisions[1]?.reason.values).toMatchObject({ position: 1, start: '2023-08-07' });
  });
});

describe('the threshold by start', () => {
  const threshold = (sessions: SessionFact[], histories: HistoryFact[] = [], policy = book) =>
    run({ sessions, histories }, { policy }).at(-1)?.reason.values.threshold;
  const reached = (from: string, count: number) => [...weekly('a', from, count), session('z', '2013-01-07')];

  it.each([
    ['2010-01-04', 9, 9],
    ['2010-01-04', 8, 12],
    ['2010-12-31', 1, 12],
    ['2011-01-01', 12, 12],
    ['2011-01-01', 11, 20],
    ['2011-12-31', 1, 20],
    ['2012-01-01', 30, 20],
  ])('from %s with %i sessions before the law changed: %i, in whatever order the rows stand', (from, count, expected) => {
    const turned = bookOf({ thresholds: { ...document.thresholds, byStart: [...document.thresholds.byStart].reverse() } });
    expect(threshold(reached(from, count))).toBe(expected);
    expect(threshold(reached(from, count), [], turned)).toBe(expected);
  });

  it('is the higher number only for imported sessions that may lie before the change', () => {
    const own = reached('2010-01-04', 9);
    const known = (count: number, startedOn: string) => [history(count, '2012-06-30', { startedOn })];
    expect(threshold(own, known(1, '2010-12-31'))).toBe(12);
    expect(threshold(own, known(0, '2010-12-31'))).toBe(9);
    expect(threshold(own, known(1, '2011-01-01'))).toBe(9);
  });

  it('of reports alone is told by the first that is valid', () => {
    const report = (date: string) => session('r', date, { performance: '1900' });
    expect(threshold([session('i', '2010-05-03', { csi: '999' }), report('2012-05-07')])).toBe(20);
    expect(threshold([report('2010-05-03'), session('z', '2013-01-07')])).toBe(20);
  });
});

describe('a treatment year', () => {
  const copd = (reference: string, date: string, csi = '016') => session(reference, date, { diagnosis: '2554', csi });
  const insured = { from: '2024-01-15' };
  const known = (count: number, through: string, more: Partial<HistoryFact> = {}) =>
    history(count, through, { startedOn: '2023-06-10', importId: `h-${through}` as HistoryFact['importId'], ...more });

  it('runs from the start, and each begins with nothing used', () => {
    const days = ['2023-06-10', '2024-06-09', '2024-06-10', '2025-06-09', '2025-06-10', '2027-06-10', '2028-06-09', '2028-06-10'];
    const decisions = run({ sessions: days.map((date, i) => copd(`s${i}`, date)) });
    expect(used(decisions)).toEqual([1, 2, 1, 2, 1, 1, 2, 1]);
  });

  it.each([
    ['2024-06-09', [1]],
    ['2024-06-10', [3]],
    ['2025-06-09', [3]],
    ['2025-06-10', [1]],
  ])('an imported count through %s falls in the year of that date', (through, expected) => {
    const spec = { sessions: [copd('a', '2024-07-01')], histories: [known(2, through, { perCalendarYear: { '2024': 2 } })] };
    expect(used(run(spec, insured))).toEqual(expected);
  });

  it('knows also the imports that stood before it was entered', () => {
    const spec = { sessions: [copd('a', '2024-02-05'), copd('b', '2024-07-01')], histories: [known(2, '2024-06-20')] };
    expect(used(run(spec, insured))).toEqual([1, 3]);
  });
});

describe('twelve months', () => {
  it('run from the first session after the last such period', () => {
    const policy = bookOf({
      conditions: document.conditions.map((each) =>
        each.id === '2.6-5'
          ? { ...each, periods: [{ from: '2006-01-01', term: 'open', cap: { count: 1, per: 'twelve-months' }, newEpisode: 'refused', source: 'test' }] }
          : each,
      ),
    }); // prettier-ignore
    const days = ['2024-03-01', '2025-02-28', '2025-06-02', '2026-03-02', '2026-06-01', '2026-06-02'];
    const sessions = days.map((date, i) => session(`s${i}`, date, { diagnosis: '7023', csi: '012' }));
    const decisions = run(
      { sessions, histories: [history(1, '2024-01-01', { startedOn: '2024-01-01', perCalendarYear: { '2024': 1 } })] },
      { policy },
    );
    expect(rules(decisions)).toEqual(['within-cap', 'past-cap', 'within-cap', 'past-cap', 'past-cap', 'within-cap']);
    expect(decisions.map((each) => each.reason.values.until)).toEqual([
      '2025-03-01', '2025-03-01', '2026-06-02', '2026-06-02', '2026-06-02', '2027-06-02',
    ]); // prettier-ignore
  });
});

describe('a calendar year', () => {
  const child = { diagnosis: '7326', csi: '003', ageYears: 9, deductibleAge: false };
  const known = (count: number, through: string, perCalendarYear: Record<string, number>, more: Partial<HistoryFact> = {}) =>
    history(count, through, {
      startedOn: '2023-12-01',
      perCalendarYear,
      importId: `h-${through}` as HistoryFact['importId'],
      ...more,
    });

  it('has what was stated of it, also when the import stood before it was entered', () => {
    const sessions = [session('a', '2024-03-04', child), session('b', '2024-12-31', child), session('c', '2025-01-01', child)];
    const stated = { '2023': 1, '2024': 4, '2025': 2 };
    expect(used(run({ sessions, histories: [known(7, '2025-03-03', stated)] }, { from: '2024-01-01' }))).toEqual([5, 6, 3]);
    expect(used(run({ sessions, histories: [known(7, '2025-03-03', {})] }, { from: '2024-01-01' }))).toEqual([1, 2, 1]);
  });

  it('has of a whole only what neither we nor an earlier import know of it', () => {
    const sessions = [
      ...weekly('a', '2024-03-04', 3, child),
      session('r', '2024-03-12', { ...child, performance: '1900' }),
      session('i', '2024-03-13', { ...child, csi: '999' }),
      session('y', '2023-12-20', child),
      session('z', '2024-06-03', child),
    ];
    const part = known(2, '2024-02-01', { '2024': 2 });
    const whole = (stated: number) => known(20, '2024-03-18', { '2024': stated }, { scope: 'everything' });
    const last = (...histories: HistoryFact[]) => run({ sessions, histories }, { from: '2023-12-15' }).at(-1)?.reason.values.used;
    expect([last(), last(part), last(whole(9)), last(part, whole(9)), last(part, whole(4))]).toEqual([4, 6, 10, 10, 6]);
  });

  it('keeps what a whole below our own states of it', () => {
    const sessions = weekly('a', '2024-03-04', 4, child);
    const below = known(2, '2024-03-20', { '2024': 2 }, { scope: 'everything', startedOn: '2024-03-04' });
    expect(used(run({ sessions, histories: [below] }))).toEqual([1, 2, 3, 4]);
  });
});
