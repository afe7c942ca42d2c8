import type { SessionFact } from '#libs/trajectory';
import { decide } from '../index';
import { history, person, session, statement, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf, conditions, document } from '../testing/policy';

const book = bookOf();
const flagsOf = (reference: string, trajectories: readonly TrajectorySpec[], policy = book) =>
  decide(person({ trajectories }), policy).find((each) => each.line.endsWith(`/${reference}`))?.flags;

describe('a line without entitlement is listed while its code', () => {
  const line = (date: string, diagnosis: string, changes: Partial<SessionFact> = {}) =>
    session('n', date, { diagnosis, csi: '009', ...changes });
  /** Whether the 009 line of the date is listed beside these other trajectories. */
  const listed = (of: SessionFact, others: readonly TrajectorySpec[] = [], policy = book) =>
    flagsOf('n', [...others, { id: 'z', sessions: [of] }], policy)?.includes('entitlement-unspent');
  const shoulder = (from: string, more: TrajectorySpec = {}) => ({
    sessions: [session('s', from, { diagnosis: '4021' })],
    ...more,
  });
  const knee = (from: string, count: number) => ({ sessions: weekly('k', from, count, { diagnosis: '7023', csi: '012' }) });

  it.each<[string, boolean, SessionFact, readonly TrajectorySpec[]]>([
    ['opens one that nothing used', true, line('2025-03-03', '4021'), []],
    ['opens none', false, line('2025-03-03', '4026'), []],
    ['has a term that is running', true, line('2025-01-05', '4021'), [shoulder('2024-01-06')]],
    ['has a term that ended', false, line('2025-01-06', '4021'), [shoulder('2024-01-06')]],
    ['has sessions left', true, line('2025-05-05', '7023'), [knee('2025-01-06', 11)]],
    ['has none left', false, line('2025-05-05', '7023'), [knee('2025-01-06', 12)]],
    ['had them used under another code', true, line('2025-05-05', '9248'), [knee('2025-01-06', 12)]],
    [
      'is counted in a trajectory of reports alone',
      true,
      line('2026-03-03', '4021'),
      [{ sessions: [session('r', '2024-01-06', { diagnosis: '4021', performance: '1900' })] }],
    ],
    [
      'had its term closed to new ones, one being open',
      true,
      line('2024-08-05', '9363'),
      [{ sessions: [session('c', '2024-06-28', { diagnosis: '9363', csi: '020' })] }],
    ],
    [
      'had its term closed by the calendar',
      false,
      line('2025-01-01', '9363'),
      [{ sessions: [session('c', '2024-06-28', { diagnosis: '9363', csi: '020' })] }],
    ],
  ])('%s: %s', (_what, expected, of, others) => {
    expect(listed(of, others)).toBe(expected);
  });

  it('may still open a new one: not from the day on which none starts any more', () => {
    expect([listed(line('2024-06-30', '9363')), listed(line('2024-07-01', '9363'))]).toEqual([true, false]);
  });

  it('has not begun with reports alone', () => {
    const report = { sessions: [session('r', '2024-06-28', { diagnosis: '9363', csi: '020', performance: '1900' })] };
    expect(listed(line('2024-07-01', '9363'), [report])).toBe(false);
  });

  it('may open a new one until the day on which all terms end', () => {
    const ending = bookOf({
      conditions: conditions.map((each) =>
        each.id === 'covid-1' ? { ...each, periods: each.periods.map(({ noStartFrom: _from, ...rest }) => rest) } : each,
      ),
    });
    expect([listed(line('2024-12-31', '9363'), [], ending), listed(line('2025-01-01', '9363'), [], ending)]).toEqual([
      true,
      false,
    ]);
  });

  it('has an item that its age allows', () => {
    expect([listed(line('2025-03-03', '6210', { ageYears: 21 })), listed(line('2025-03-03', '6210', { ageYears: 22 }))]).toEqual([
      true,
      false,
    ]);
  });

  it('has an indication that is in force on the date', () => {
    const only = (from: string, through: string) =>
      bookOf({ indications: document.indications.map((each) => (each.code === '012' ? { ...each, from, through } : each)) });
    const of = line('2025-03-03', '7023');
    expect(listed(of, [], only('2025-03-03', '2025-03-03'))).toBe(true);
    expect(listed(of, [], only('2025-03-04', '2025-12-31'))).toBe(false);
    expect(listed(of, [], only('2018-01-01', '2025-03-02'))).toBe(false);
  });

  it('has sessions left in the window of the date: a new year gives new ones', () => {
    const child = { diagnosis: '7326', ageYears: 9, deductibleAge: false };
    const used = [{ sessions: weekly('c', '2024-01-01', 18, { ...child, csi: '003' }) }];
    expect([listed(line('2024-12-31', '7326', child), used), listed(line('2025-01-01', '7326', child), used)]).toEqual([
      false,
      true,
    ]);
  });

  it('opens one to the therapy of the line, for a child', () => {
    const physiotherapyOnly = bookOf({
      diagnoses: document.diagnoses.map((release) => ({
        ...release,
        rows: release.rows.map((row) => (row.pathology === '26' ? { ...row, childExercise: ['009'] } : row)),
      })),
    });
    const child = (performance: string) => line('2025-03-03', '7326', { ageYears: 9, deductibleAge: false, performance });
    expect([listed(child('1000'), [], physiotherapyOnly), listed(child('2000'), [], physiotherapyOnly)]).toEqual([true, false]);
  });

  it('has the item that was confirmed for it, by whose term it is judged', () => {
    const hip = (...items: string[]) => ({
      sessions: [session('f', '2024-01-08', { diagnosis: '6236' })],
      statements: items.map((item) => statement('ConditionConfirmed.v1', { item })),
    });
    const of = line('2024-08-05', '6236');
    expect([listed(of, [hip()]), listed(of, [hip('1.b.18')]), listed(of, [hip('1.a.2')])]).toEqual([true, false, true]);
  });

  it('is in an episode: the last that has begun decides', () => {
    const episode = (from: string) => statement('NewEpisodeConfirmed.v1', { from, event: 'other-side' });
    const both = (from: string) => ({
      sessions: [session('s', '2024-01-06', { diagnosis: '4021' }), session('t', from, { diagnosis: '4021' })],
      statements: [episode(from)],
    });
    expect(listed(line('2025-03-03', '4021'), [both('2025-03-03')])).toBe(true);
    expect(listed(line('2025-03-03', '4021'), [both('2025-03-04')])).toBe(false);
  });
});

describe('one item under two codes', () => {
  const first = (trajectories: readonly TrajectorySpec[], reference: string, policy = book) =>
    flagsOf(reference, trajectories, policy)?.includes('same-item-other-code');
  const at = (reference: string, date: string, diagnosis: string, changes: Partial<SessionFact> = {}): TrajectorySpec => ({
    sessions: [session(reference, date, { diagnosis, ...changes })],
  });

  it('is listed at the one that began later, on one day at the later line', () => {
    const days = (a: string, b: string) => [at('a', a, '9374'), at('b', b, '9474')];
    const shown = (a: string, b: string) => [first(days(a, b), 'a'), first(days(a, b), 'b')];
    expect(shown('2025-01-06', '2025-01-07')).toEqual([false, true]);
    expect(shown('2025-01-07', '2025-01-06')).toEqual([true, false]);
    expect(shown('2025-01-06', '2025-01-06')).toEqual([false, true]);
  });

  it('began where its stated start is', () => {
    const elsewhere = { ...at('b', '2025-01-07', '9474'), histories: [history(3, '2024-12-31', { startedOn: '2024-06-03' })] };
    expect([
      first([at('a', '2025-01-06', '9374'), elsewhere], 'a'),
      first([at('a', '2025-01-06', '9374'), elsewhere], 'b'),
    ]).toEqual([true, false]);
  });

  it('is nothing of another item, of a closed code, or of a trajectory without sessions', () => {
    expect(first([at('a', '2025-01-06', '9374'), at('b', '2025-01-07', '3038')], 'b')).toBe(false);
    expect(first([at('a', '2024-01-08', '9376'), at('b', '2024-01-09', '3136')], 'b')).toBe(false);
    expect(first([at('a', '2025-01-06', '9374', { performance: '1900' }), at('b', '2025-01-07', '9474')], 'b')).toBe(false);
  });

  it('is one of Annex 1: elsewhere the codes of a condition have their counts apart', () => {
    const apart = bookOf({ conditions: conditions.map((each) => ({ ...each, codesCountTogether: false })) });
    const [hip, knee] = [at('a', '2025-01-06', '6223', { csi: '012' }), at('b', '2025-01-07', '7023', { csi: '012' })];
    expect(first([hip, knee], 'b', apart)).toBe(false);
  });
});
