import type { SessionFact, StatementFact } from '#libs/trajectory';
import { decide } from '../index';
import { history, person, session, statement, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf, conditions, document } from '../testing/policy';

const book = bookOf();
const insurance = [{ insurer: '3343', from: '2024-01-01', through: null }];
const flags = (spec: TrajectorySpec, policy = book) =>
  decide(person({ insurance, trajectories: [spec] }), policy).map((each) => each.flags);
/** One line after `count` sessions elsewhere, so that it takes the next position. */
const after = (count: number, changes: Partial<SessionFact>, policy = book) =>
  flags(
    { sessions: [session('a', '2024-01-08', { diagnosis: '9374', ...changes })], histories: [history(count, '2023-12-31')] },
    policy,
  )[0];

describe('csi-differs', () => {
  it.each<[string, number, Partial<SessionFact>, readonly string[]]>([
    ['001 at the threshold', 19, { csi: '001' }, ['csi-differs']],
    ['001 after it', 20, { csi: '001' }, []],
    ['008 at the threshold', 19, { csi: '008' }, []],
    ['008 after it', 20, { csi: '008' }, ['csi-differs']],
    ['001 over the threshold in one line', 19, { csi: '001', quantity: 2 }, []],
    ['008 over the threshold in one line', 19, { csi: '008', quantity: 2 }, []],
    ['001 on a report, which has no position', 0, { csi: '001', performance: '1900' }, []],
    ['001 of a child, which has no threshold', 0, { csi: '001', ageYears: 12, deductibleAge: false }, []],
  ])('%s, after %i elsewhere: %j', (_what, count, changes, expected) => {
    expect(after(count, changes)).toEqual(expected);
  });

  it('counts without the sessions given as a child where the policy leaves them out', () => {
    const without = bookOf({
      interpretations: document.interpretations.map((each) =>
        each.name === 'countSessionsBeforeAge18' ? { ...each, values: [{ from: '2006-01-01', value: false }] } : each,
      ),
    });
    const lines = (csi: string, quantity = 1) => [
      ...weekly('c', '2024-01-08', 5, { diagnosis: '9374', csi: '001', ageYears: 17, deductibleAge: false }),
      ...weekly('d', '2024-03-04', 17, { diagnosis: '9374', ageYears: 18 }),
      session('e', '2024-08-05', { diagnosis: '9374', csi, quantity, ageYears: 18 }),
    ];
    const known = [history(0, '2023-12-31', { startedOn: '2024-01-08' })];
    const last = (csi: string, quantity?: number) => flags({ sessions: lines(csi, quantity), histories: known }, without).at(-1);
    expect([last('008'), last('001'), last('001', 3), last('001', 4), last('008', 4)]).toEqual([
      [],
      ['csi-differs'],
      ['csi-differs'],
      [],
      [],
    ]);
  });

  it('in COPD: an indication of the first year after it, or of a following year within it', () => {
    const copd = (first: string, second: string) =>
      flags({
        sessions: [
          session('a', '2024-01-08', { diagnosis: '2554', csi: first }),
          session('b', '2025-01-07', { diagnosis: '2554', csi: first }),
          session('c', '2025-01-08', { diagnosis: '2554', csi: second }),
        ],
      });
    expect(copd('014', '016')).toEqual([[], [], []]);
    expect(copd('016', '014')).toEqual([['csi-differs'], ['csi-differs'], ['csi-differs']]);
    const report = session('r', '2024-01-08', { diagnosis: '2554', csi: '014', performance: '1900' });
    expect(flags({ sessions: [report] })).toEqual([[]]);
  });
});

describe('class-differs', () => {
  it('where the set class is another than the asserted one, and only there', () => {
    const lines = [session('a', '2024-01-08', { diagnosis: '2554', csi: '014' })];
    const set = (id: string) => statement('CareClassChanged.v1', { from: '2024-01-01', class: id });
    expect(flags({ sessions: lines, statements: [set('A')] })).toEqual([['class-differs']]);
    expect(flags({ sessions: lines, statements: [set('B1')] })).toEqual([[]]);
    expect(flags({ sessions: lines, statements: [set('unknown')] })).toEqual([[]]);
  });
});

describe('possible-new-episode', () => {
  const lines = (diagnosis: string, csi: string, last: Partial<SessionFact>) => [
    session('a', '2024-01-08', { diagnosis, csi }),
    session('z', '2025-01-08', { diagnosis, csi, ...last }),
  ];
  const known = [history(30, '2023-12-31', { startedOn: '2024-01-08' })];

  it('past the term of an item that allows one', () => {
    const stated = [statement('ClinicalFactsStated.v1', { diagnosedOn: '2024-01-01' })];
    expect(flags({ sessions: lines('4021', '001', {}), histories: known, statements: stated })).toEqual([
      [],
      ['possible-new-episode'],
    ]);
  });

  it('also where the line was within its threshold before', () => {
    const peripheral = { sessions: lines('9248', '011', {}) };
    expect(flags(peripheral)).toEqual([[], ['possible-new-episode']]);
  });

  it('not where the law gives one entitlement only', () => {
    expect(flags({ sessions: lines('7023', '012', {}) })).toEqual([[], []]);
  });

  it('also where only a later session of the line is past it', () => {
    const short = bookOf({
      conditions: conditions.map((each) =>
        each.id === '1.b.7' ? { ...each, periods: each.periods.map(({ start: _start, ...rest }) => rest) } : each,
      ),
    });
    const sessions = [
      session('a', '2024-01-08', { diagnosis: '4021' }),
      session('z', '2025-01-08', { diagnosis: '4021', quantity: 2 }),
    ];
    expect(flags({ sessions, histories: [history(18, '2023-12-31', { startedOn: '2024-01-08' })] }, short)[1]).toEqual([
      'possible-new-episode',
    ]);
  });
});

describe('ambiguous-condition', () => {
  const ambiguous = (diagnosis: string, changes: Partial<SessionFact> = {}, statements: readonly StatementFact[] = []) =>
    flags({ sessions: weekly('a', '2024-01-08', 2, { diagnosis, ...changes }), statements }).map((each) =>
      each.includes('ambiguous-condition'),
    );

  it('at the first session of a code of several items', () => {
    expect([ambiguous('9373'), ambiguous('9374')]).toEqual([
      [true, false],
      [false, false],
    ]);
  });
});

describe('a child outside Annex 1', () => {
  it('invokes no item of its code: neither several of them nor another code of one are shown', () => {
    const child = { csi: '003', ageYears: 9, deductibleAge: false };
    const trajectories = ['6236', '4021'].map((diagnosis, i) => ({
      sessions: [session(diagnosis, `2024-01-0${i + 8}`, { ...child, diagnosis })],
    }));
    expect(decide(person({ trajectories }), book).map((each) => each.flags)).toEqual([[], []]);
  });
});

describe('history-below-own', () => {
  it('at the first session, together with what else is shown', () => {
    const whole = history(1, '2024-01-20', { scope: 'everything', startedOn: '2024-01-08' });
    const shown = (diagnosis: string) => flags({ sessions: weekly('a', '2024-01-08', 2, { diagnosis }), histories: [whole] });
    expect(shown('9374')).toEqual([['history-below-own'], []]);
    expect(shown('9373')).toEqual([['ambiguous-condition', 'history-below-own'], []]);
  });
});

describe('date-to-confirm', () => {
  it('of a long session whose date is missing', () => {
    const dated = bookOf({
      longSessions: [{ diagnoses: ['9374'], from: '2006-01-01', date: { of: 'diagnosis', withinMonths: 12 }, source: 'test' }],
    });
    expect(after(20, { csi: '001', performance: '1700' }, dated)).toEqual(['date-to-confirm']);
    expect(after(20, { csi: '001' }, dated)).toEqual([]);
  });
});
