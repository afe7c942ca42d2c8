import { decide } from '../index';
import { history, person, session, statement, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf, conditions } from '../testing/policy';

const book = bookOf();
const run = (trajectories: readonly TrajectorySpec[], policy = book) =>
  decide(person({ insurance: [{ insurer: '3343', from: '2024-01-01', through: null }], trajectories }), policy);
const references = (trajectories: readonly TrajectorySpec[]) => run(trajectories).map((each) => each.line.split('/')[1]);
const positions = (trajectories: readonly TrajectorySpec[], policy = book) =>
  run(trajectories, policy).map((each) => each.units[0]?.position);

describe('sessions of one person', () => {
  it.each([
    ['the earlier date', session('b', '2024-01-08', { startTime: '12:00' }), session('a', '2024-01-09', { startTime: '08:00' })],
    ['the one without a start time', session('b', '2024-01-08'), session('a', '2024-01-08', { startTime: '00:00' })],
    [
      'the earlier start time',
      session('b', '2024-01-08', { startTime: '08:00' }),
      session('a', '2024-01-08', { startTime: '08:01' }),
    ],
    ['the lower practice', session('b', '2024-01-08', { practice: '04000000' }), session('a', '2024-01-08')],
    ['the lower reference', session('a', '2024-01-08'), session('b', '2024-01-08')],
  ])('come first by %s, however they arrived', (_what, first, second) => {
    const order = [first.reference, second.reference];
    expect(references([{ sessions: [first, second] }])).toEqual(order);
    expect(references([{ sessions: [second, first] }])).toEqual(order);
    expect(references([{ sessions: [first] }, { sessions: [second] }])).toEqual(order);
  });

  it('a key that two streams hold is taken from the stream with the lower id', () => {
    const [first, second] = [session('x', '2024-01-08', { diagnosis: '9374' }), session('x', '2024-01-09')];
    const streams = [
      { id: 'c', sessions: [second], diagnosis: '9373' },
      { id: 'b', sessions: [first] },
      { id: 'a', sessions: [session('y', '2024-01-10')] },
    ];
    for (const arrived of [streams, [...streams].reverse()])
      expect(run(arrived).map((each) => [each.trajectory, each.condition])).toEqual([
        ['b', '1.a.5'],
        ['a', '1.a.2'],
      ]);
  });
});

describe('an absorption', () => {
  const of = (id: string, absorbedInto?: string, sessions = [session(id, '2024-01-08')]): TrajectorySpec => ({
    id,
    sessions,
    ...(absorbedInto === undefined ? {} : { absorbedInto }),
  });
  const survivors = (...streams: TrajectorySpec[]) => run(streams).map((each) => each.trajectory);

  it('in a cycle ends at the lowest id of the cycle, not of what leads to it', () => {
    expect(survivors(of('1', 'c'), of('c', 'b'), of('b', 'c'))).toEqual(['b', 'b', 'b']);
    expect(survivors(of('a', 'a'))).toEqual(['a']);
  });

  it('into a trajectory that is not there ends before it', () => {
    expect(survivors(of('a', 'gone'))).toEqual(['a']);
  });

  it('joins codes to one count, with all that was stated of either', () => {
    const known = [history(3, '2023-12-31')];
    expect(
      positions([
        { id: 'a', sessions: [session('a', '2024-01-08')], histories: known },
        { ...of('b', 'a', [session('b', '2024-01-09', { diagnosis: '3176' })]), switches: ['2024-01-01'] },
      ]),
    ).toEqual([4, 5]);
  });
});

describe('imports of streams that were joined', () => {
  const positionWith = (first: object, second: object) => {
    const streams: TrajectorySpec[] = [
      {
        id: 'a',
        sessions: [session('a', '2024-01-08')],
        histories: [history(3, '2023-12-31', { importId: 'y' as never, ...first })],
      },
      {
        id: 'b',
        diagnosis: '3176',
        absorbedInto: 'a',
        histories: [history(5, '2023-12-30', { importId: 'x' as never, ...second })],
      },
    ];
    expect(positions([...streams].reverse())).toEqual(positions(streams));
    return positions(streams)[0];
  };
  const on = (digest?: string) => ({ document: { reference: 'form', ...(digest === undefined ? {} : { digest }) } });

  it('count once on one document, by the stream with the lower id; each on its own otherwise', () => {
    expect(positionWith(on('abc'), on('abc'))).toBe(4);
    expect([positionWith(on('abc'), on('def')), positionWith(on('abc'), on()), positionWith(on(), on())]).toEqual([9, 9, 9]);
  });
});

describe('a code that counts in the unit of another regime', () => {
  const copd = { id: 'copd', sessions: [session('c', '2024-01-08', { diagnosis: '2554', csi: '014' })] };
  const annex = (more: TrajectorySpec): TrajectorySpec => ({ id: 'annex', regime: 'annex', diagnosis: '9374', ...more });
  const other = [session('a', '2024-01-09', { diagnosis: '9374' })];

  it.each<[string, TrajectorySpec[], (number | null)[]]>([
    ['no code of it does', [annex({ sessions: other })], [1, 1]],
    ['it was remapped from it', [annex({ sessions: other, remaps: [{ from: '2554', to: '9374', effectiveDate: '2019-01-01' }] })], [1, 2]],
    ['it was remapped to it', [annex({ sessions: other, remaps: [{ from: '9374', to: '2554', effectiveDate: '2025-01-01' }] })], [1, 2]],
    ['it absorbed it', [annex({ sessions: other }), annex({ id: 'old', diagnosis: '2554', absorbedInto: 'annex' })], [1, 2]],
    ['another absorbed it', [annex({ sessions: other }), annex({ id: 'x', diagnosis: '9474' }), annex({ id: 'old', diagnosis: '2554', absorbedInto: 'x' })], [1, 1]],
    ['it stands beside it', [annex({ sessions: other }), annex({ id: 'old', diagnosis: '2554' })], [1, 1]],
  ])('takes its lineage along: %s', (_what, trajectories, expected) => {
    expect(positions([copd, ...trajectories])).toEqual(expected);
  }); // prettier-ignore
});

describe('codes of one condition', () => {
  it('count together where the condition names them, and apart where it does not', () => {
    const naming = (codesCountTogether: boolean | readonly string[]) =>
      bookOf({ conditions: conditions.map((each) => (each.id === '2.6-5' ? { ...each, codesCountTogether } : each)) });
    const lines = ['6223', '7023'].map((diagnosis, i) => ({
      sessions: [session(diagnosis, `2024-01-0${i + 8}`, { diagnosis, csi: '012' })],
    }));
    expect(positions(lines, naming(true))).toEqual([1, 2]);
    expect(positions(lines, naming(['6223', '7023']))).toEqual([1, 2]);
    expect(positions(lines, naming(['6223']))).toEqual([1, 1]);
    expect(positions(lines, naming(false))).toEqual([1, 1]);
  });
});

describe('a confirmed episode', () => {
  it('has the sessions, switches and imports from its first day on', () => {
    const sessions = weekly('s', '2024-01-08', 4, { diagnosis: '4021' });
    const episodes = ['2024-01-29', '2024-01-15'].map((from, i) =>
      statement('NewEpisodeConfirmed.v1', { from, event: 'other-side' }, { id: `e${i}` }),
    );
    const held = (switches: string[]) => run([{ sessions, statements: episodes, switches }]).map((each) => each.status);
    expect(positions([{ sessions, statements: episodes }])).toEqual([1, 1, 2, 1]);
    expect(held(['2024-01-15'])).toEqual(['decided', 'held', 'held', 'decided']);
    expect(held(['2024-01-14'])).toEqual(['decided', 'decided', 'decided', 'decided']);
    expect(held(['2024-01-29'])).toEqual(['decided', 'decided', 'decided', 'held']);
  });
});
