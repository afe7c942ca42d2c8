import type { HistoryFact, LineDecision } from '#libs/trajectory';
import { decide } from '../index';
import { history, person, session, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();
const run = (spec: TrajectorySpec, from = '2000-01-01') =>
  decide(person({ insurance: [{ insurer: '3343', from, through: null }], trajectories: [spec] }), book);
const positions = (decisions: readonly LineDecision[]) => decisions.map((each) => each.units[0]?.position);
const named = (importId: string, count: number, through: string, changes: Partial<HistoryFact> = {}) =>
  history(count, through, { importId: importId as HistoryFact['importId'], scope: 'everything', ...changes });
/** Sessions of 8, 15, 22 and 29 January. */
const lines = weekly('a', '2024-01-08', 4);

describe('a whole below our own', () => {
  it.each([
    ['the day before our third session', '2024-01-21', 1, [1, 1, 2, 3]],
    ['the day of our third session', '2024-01-22', 1, [1, 1, 1, 2]],
    ['none at all', '2024-01-15', 0, [0, 0, 1, 2]],
  ])('through %s bounds positions up to that day: the next is N + 1', (_what, through, count, expected) => {
    expect(positions(run({ sessions: lines, histories: [named('h', count, through)] }))).toEqual(expected);
  });

  it('is one below: a count that equals ours is not shown as such, and takes no position', () => {
    const equal = run({ sessions: lines, histories: [named('h', 2, '2024-01-15')] });
    expect(positions(equal)).toEqual([1, 2, 3, 4]);
    expect(equal[0]?.flags).not.toContain('history-below-own');
    const elsewhere = run({ sessions: lines, histories: [named('h', 1, '2024-01-15', { scope: 'elsewhere' })] }, '2024-01-01');
    expect(positions(elsewhere)).toEqual([2, 3, 4, 5]);
    expect(elsewhere[0]?.flags).not.toContain('history-below-own');
  });

  it('is where later wholes count from: what they state beyond it and ours since', () => {
    const later = named('i', 4, '2024-01-24');
    // 1 through the 17th, ours of the 22nd is 2: the other 2 of the 4 were elsewhere, while we did not insure
    const apart = decide(
      person({
        insurance: [
          { insurer: '3343', from: '2000-01-01', through: '2024-01-22' },
          { insurer: '3343', from: '2024-01-25', through: null },
        ],
        trajectories: [{ sessions: lines, histories: [named('h', 1, '2024-01-17'), later] }],
      }),
      book,
    );
    expect(positions(apart)).toEqual([1, 1, 2, 5]);
    expect(apart.at(-1)?.reason.values).toMatchObject({ imported: 2 });
  });

  it('swallows what was imported before it', () => {
    const spec = {
      sessions: lines,
      histories: [named('e', 3, '2023-12-31', { scope: 'elsewhere' }), named('h', 1, '2024-01-17')],
    };
    const decisions = run(spec, '2024-01-01');
    expect(positions(decisions)).toEqual([1, 1, 2, 3]);
    expect(decisions[1]?.reason.values).toMatchObject({ imported: 3 });
    expect(decisions[3]?.reason.values).not.toHaveProperty('imported');
  });

  it('bounds also what a later import states of before it', () => {
    const spec = {
      sessions: lines,
      histories: [named('h', 1, '2024-01-17'), named('e', 3, '2024-01-24', { scope: 'elsewhere' })],
    };
    expect(positions(run(spec, '2024-01-01'))).toEqual([1, 1, 2, 3]);
  });
});

describe('imports of one day', () => {
  const both = (a: HistoryFact, b: HistoryFact, from?: string) => {
    const decisions = run({ sessions: lines, histories: [a, b] }, from);
    expect(run({ sessions: lines, histories: [b, a] }, from)).toEqual(decisions);
    return positions(decisions);
  };

  it('first add up, then state the whole, in either order of arrival', () => {
    const elsewhere = named('z', 3, '2023-12-31', { scope: 'elsewhere' });
    expect(both(named('a', 10, '2023-12-31'), elsewhere, '2024-01-01')).toEqual([11, 12, 13, 14]);
    expect(both(named('a', 2, '2023-12-31'), elsewhere, '2024-01-01')).toEqual([4, 5, 6, 7]);
  });

  it('of two wholes the one whose content comes last is the last word, whatever their ids', () => {
    expect(both(named('a', 1, '2024-01-22'), named('b', 2, '2024-01-22'))).toEqual([1, 1, 1, 3]);
    expect(both(named('b', 1, '2024-01-22'), named('a', 2, '2024-01-22'))).toEqual([1, 1, 1, 3]);
  });

  it('a whole of an earlier day comes first, whatever it is called', () => {
    expect(both(named('b', 5, '2023-11-30'), named('a', 8, '2023-12-31'), '2024-01-01')).toEqual([9, 10, 11, 12]);
    expect(both(named('a', 8, '2023-12-31', { scope: 'elsewhere' }), named('b', 5, '2023-11-30'), '2024-01-01')).toEqual([
      14, 15, 16, 17,
    ]);
  });
});

describe('an import stands', () => {
  it('after own sessions on its day and before those of the next', () => {
    const gap = (through: string) =>
      positions(
        decide(
          person({
            insurance: [
              { insurer: '3343', from: '2000-01-01', through: '2024-01-09' },
              { insurer: '3343', from: '2024-01-15', through: null },
            ],
            trajectories: [{ sessions: [...lines, session('b', '2024-01-09')], histories: [history(5, through)] }],
          }),
          book,
        ),
      );
    expect(gap('2024-01-14')).toEqual([1, 2, 8, 9, 10]);
    expect(gap('2024-01-10')).toEqual([1, 2, 8, 9, 10]);
    expect(gap('2024-01-15')).toEqual([1, 2, 8, 9, 10]);
    expect(gap('2024-01-09')).toEqual([6, 7, 8, 9, 10]);
  });

  it('neither on a report nor on an invalid line: they are no own sessions', () => {
    const others = [
      session('r', '2024-01-09', { performance: '1900' }),
      session('i', '2024-01-10', { csi: '999' }),
      session('j', '2024-01-11', { quantity: 9 }),
    ];
    const whole = named('h', 2, '2024-01-15');
    const decisions = run({ sessions: [...lines, ...others], histories: [whole] });
    expect(positions(decisions)).toEqual([1, null, undefined, undefined, 2, 3, 4]);
    expect(decisions[0]?.flags).not.toContain('history-below-own');
  });
});

describe('a switch', () => {
  const statuses = (spec: TrajectorySpec, from?: string) => run(spec, from).map((each) => each.status);
  const at = (...switches: string[]) => ({ sessions: lines, switches });

  it('that is the earliest of those unanswered holds, whatever the order in which they were recorded', () => {
    const held = ['decided', 'held', 'held', 'held'];
    expect(statuses(at('2024-01-22', '2024-01-09'))).toEqual(held);
    expect(statuses(at('2024-01-09', '2024-01-22'))).toEqual(held);
    expect(run(at('2024-01-22', '2024-01-09'))[1]?.reason.values.switch).toBe('2024-01-09');
  });

  it.each([
    ['2024-01-14', 'an own session on the day after', [], ['decided', 'decided', 'held', 'held']],
    ['2024-01-15', 'an own session on its day', [], ['decided', 'decided', 'decided', 'decided']],
    ['2024-01-16', 'the switch itself', [], ['decided', 'decided', 'decided', 'decided']],
    ['2024-01-21', 'a date after the switch', [], ['decided', 'decided', 'decided', 'decided']],
    ['2024-01-22', 'an own session on its day, after the switch', [], ['decided', 'decided', 'decided', 'decided']],
    ['2024-01-23', 'an own session strictly between switch and date', [], ['decided', 'decided', 'held', 'held']],
    ['2024-01-20', 'another switch between', ['2024-01-18'], ['decided', 'decided', 'held', 'held']],
    ['2024-01-18', 'another switch on its day', ['2024-01-18'], ['decided', 'decided', 'decided', 'decided']],
  ])('of 16 January and an import through %s: %s %j', (through, _what, others, expected) => {
    const known = [history(0, through, { startedOn: '2024-01-08' })];
    const found = statuses({ sessions: lines, switches: ['2024-01-16', ...others], histories: known });
    expect(found).toEqual(expected);
  });

  it('is answered across reports and invalid lines', () => {
    const others = [session('r', '2024-01-10', { performance: '1900' }), session('i', '2024-01-11', { csi: '999' })];
    const spec = {
      sessions: [...others, session('z', '2024-01-15')],
      switches: ['2024-01-12'],
      histories: [history(0, '2024-01-09')],
    };
    expect(statuses(spec)).toEqual(['decided', 'invalid', 'decided']);
  });
});
