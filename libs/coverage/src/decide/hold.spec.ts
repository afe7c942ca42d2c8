import type { LineDecision } from '#libs/trajectory';
import { decide } from '../index';
import { history, person, session, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf, document } from '../testing/policy';

const book = bookOf();
const run = (spec: TrajectorySpec, insurance = [{ insurer: '3343', from: '2000-01-01', through: null as string | null }]) =>
  decide(person({ insurance, trajectories: [spec] }), book);
const statuses = (decisions: readonly LineDecision[]) => decisions.map((each) => each.status);

describe('hold', () => {
  const insurance = [{ insurer: '3343', from: '2024-01-01', through: null }];

  it('an import of none answers a switch too', () => {
    const spec = { sessions: weekly('a', '2024-01-08', 2), switches: ['2024-01-01'], histories: [history(0, '2023-12-31')] };
    expect(statuses(run(spec, insurance))).toEqual(['decided', 'decided']);
  });

  it('an import does not answer a switch when an own session lies strictly between', () => {
    const own = [session('x', '2023-12-15'), ...weekly('a', '2024-01-08', 2)];
    const spec = { sessions: own, switches: ['2024-01-01'], histories: [history(3, '2023-11-30')] };
    expect(statuses(run(spec))).toEqual(['decided', 'held', 'held']);
  });

  it('an import does not answer a switch when another switch lies strictly between', () => {
    const spec = {
      sessions: weekly('a', '2024-01-08', 1),
      switches: ['2024-01-01', '2023-07-01'],
      histories: [history(3, '2023-06-30')],
    };
    expect(statuses(run(spec))).toEqual(['held']);
    const both = { ...spec, histories: [history(3, '2023-06-30'), history(4, '2023-12-31')] };
    expect(statuses(run(both))).toEqual(['decided']);
  });

  it('sessions before the switch are not held', () => {
    const spec = { sessions: weekly('a', '2023-12-25', 3), switches: ['2024-01-01'] };
    const decisions = run(spec);
    expect(statuses(decisions)).toEqual(['decided', 'held', 'held']);
    expect(decisions[1]?.reason).toEqual({ rule: 'hold-switch', values: { position: 2, switch: '2024-01-01' } });
  });

  it('001 within the threshold is held with all that follows, unless an import is in effect', () => {
    const mixed = weekly('a', '2024-01-08', 3).map((each, i) => ({ ...each, csi: i === 1 ? '001' : '008' }));
    const decisions = run({ sessions: mixed });
    expect(statuses(decisions)).toEqual(['decided', 'held', 'held']);
    expect(decisions.map((each) => each.reason.rule)).toEqual(['within-threshold', 'hold-asserted', 'hold-earlier']);
    expect(decisions[1]?.reason.values).toEqual({ position: 2, threshold: 20 });
    expect(decisions[2]?.reason.values).toEqual({ position: 3, behind: 2 });
    const known = run({ sessions: mixed, histories: [history(2, '2023-12-31')] }, insurance);
    expect(statuses(known)).toEqual(['decided', 'decided', 'decided']);
    expect(known[1]?.flags).toContain('csi-differs');
  });

  it('a slip of two at the end of a row that began here with 008 is decided by position and flagged', () => {
    const row = weekly('a', '2024-01-08', 21).map((each, i) => ({ ...each, csi: i < 17 ? '008' : '001' }));
    const decisions = run({ sessions: row });
    expect(decisions.every((each) => each.status === 'decided')).toBe(true);
    expect(decisions[17]).toMatchObject({ flags: ['csi-differs'], units: [{ position: 18, purse: 'insured' }] });
    expect(decisions[19]?.flags).toEqual(['csi-differs']);
    expect(decisions[20]).toMatchObject({ flags: [], units: [{ position: 21, purse: 'basic' }] });
    const tooEarly = row.map((each, i) => ({ ...each, csi: i < 16 ? '008' : '001' }));
    expect(statuses(run({ sessions: tooEarly })).indexOf('held')).toBe(16);
    const beganWithout = row.map((each, i) => ({ ...each, csi: i === 0 || i >= 17 ? '001' : '008' }));
    expect(run({ sessions: beganWithout })[0]?.status).toBe('held');
  });

  it('a child is never held: covered from the first session', () => {
    const lines = weekly('a', '2024-01-08', 2, { csi: '001', ageYears: 12, deductibleAge: false });
    const decisions = run({ sessions: lines, switches: ['2024-01-01'] });
    expect(decisions.map((each) => each.reason.rule)).toEqual(['no-threshold-under-18', 'no-threshold-under-18']);
    expect(decisions[0]).toMatchObject({ split: { basic: 4000 }, deductible: false });
  });

  it('of 001 goes by its position, and a row that did not begin here with 008 has no slip', () => {
    const row = weekly('a', '2024-01-08', 21).map((each, i) => ({ ...each, csi: i < 18 ? '008' : '001' }));
    const behindReport = [session('r', '2024-01-01', { performance: '1900', csi: '001' }), ...row];
    const first = run({ sessions: behindReport }).map((each) => each.reason.rule);
    expect(first.slice(0, 2)).toEqual(['hold-asserted', 'hold-earlier']);
    const child = weekly('c', '2023-01-02', 19, { csi: '001', ageYears: 17, deductibleAge: false });
    const grown = (position: number) =>
      run({ sessions: [...child, ...weekly('d', '2024-01-08', 2, { csi: '001', ageYears: 18 })].slice(21 - position) }).at(-1);
    expect([grown(20)?.reason.rule, grown(21)?.reason.rule]).toEqual(['hold-asserted', 'hold-earlier']);
  });

  it('of 001 leaves out the sessions given as a child where the policy does', () => {
    const without = bookOf({
      interpretations: document.interpretations.map((each) =>
        each.name === 'countSessionsBeforeAge18' ? { ...each, values: [{ from: '2006-01-01', value: false }] } : each,
      ),
    });
    const child = weekly('c', '2024-01-08', 21, { csi: '001', ageYears: 17, deductibleAge: false });
    const facts = person({ trajectories: [{ sessions: [...child, session('d', '2024-12-02', { csi: '001', ageYears: 18 })] }] });
    expect([decide(facts, book).at(-1)?.reason.rule, decide(facts, without).at(-1)?.reason.rule]).toEqual([
      'above-threshold',
      'hold-asserted',
    ]);
  });

  it('can be switched off in the policy', () => {
    const off = bookOf({
      interpretations: document.interpretations.map((each) =>
        each.name === 'holdUnknownHistory' ? { ...each, values: [{ from: '2006-01-01', value: false }] } : each,
      ),
    });
    const facts = person({
      trajectories: [{ sessions: weekly('a', '2024-01-08', 1, { csi: '001' }), switches: ['2024-01-01'] }],
    });
    expect(statuses(decide(facts, off))).toEqual(['decided']);
  });

  it('lines outside Annex 1 are not held by a switch', () => {
    const lines = weekly('a', '2024-01-08', 1, { diagnosis: '6223', csi: '012' });
    expect(statuses(run({ sessions: lines, switches: ['2024-01-01'] }))).toEqual(['decided']);
  });
});
