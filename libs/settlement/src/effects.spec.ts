import { OVERRIDDEN, type LineDecision, type LineKey, type TrajectoryId } from '#libs/trajectory';
import { effectsOf, looksTheSame, outcomeOf, settle } from './index';

const NOTHING_BOOKED = new Map();
const decision = (reference: string, change: Partial<LineDecision> = {}): LineDecision => ({
  line: `04000001/${reference}` as LineKey,
  trajectory: 't-1' as TrajectoryId,
  status: 'decided',
  condition: '1.a.1',
  units: [{ position: 21, purse: 'basic', cents: 4000, rule: 'above-threshold' }],
  split: { basic: 4000, supplementary: 0, insured: 0, refused: 0, undecided: 0 },
  codes: [],
  deductible: true,
  paidToProvider: 4000,
  claimFromInsured: 0,
  flags: [],
  reason: { rule: 'above-threshold', values: { position: 21, threshold: 20 } },
  ...change,
});
const booked = { basic: 4000, supplementary: 0, insured: 0, paidToProvider: 4000, claimFromInsured: 0 };
const standing = (...decisions: LineDecision[]) => ({
  decisions: new Map(decisions.map((each) => [each.line, each])),
  booked: new Map(decisions.map((each) => [each.line, booked])),
});
const effects = (before: ReturnType<typeof standing>, ...after: LineDecision[]) => effectsOf(before, settle(before, after));

describe('effects of a settlement', () => {
  it.each<[string, Partial<LineDecision>]>([
    ['the status', { status: 'held' }],
    ['the item', { condition: '1.a.2' }],
    ['a position', { units: [{ position: 22, purse: 'basic', cents: 4000, rule: 'above-threshold' }] }],
    ['a purse', { units: [{ position: 21, purse: 'insured', cents: 4000, rule: 'past-term' }] }],
    ['the codes', { codes: ['0584'] }],
    ['the deductible', { deductible: false }],
    ['what is claimed from the insured', { claimFromInsured: 1 }],
  ])('a line is among them when %s changes', (_what, change) => {
    const before = standing(decision('1'));
    expect(effects(before, decision('1', change)).map((each) => [each.before, each.after])).toEqual([
      [decision('1'), decision('1', change)],
    ]);
  });

  it.each<[string, Partial<LineDecision>]>([
    [
      'the numbers of the reason',
      { reason: { rule: 'above-threshold', values: { position: 21, threshold: 20, end: '2025-01-01' } } },
    ],
    ['the flags', { flags: ['csi-differs'] }],
    ['the trajectory that it counts in', { trajectory: 't-2' as TrajectoryId }],
    ['the rule behind a session', { units: [{ position: 21, purse: 'basic', cents: 4000, rule: 'within-cap' }] }],
  ])('a line is none when only %s changes, though it is recorded anew', (_what, change) => {
    const before = standing(decision('1'));
    expect(settle(before, [decision('1', change)]).decisions).toHaveLength(1);
    expect(effects(before, decision('1', change))).toEqual([]);
  });

  const unit = { position: 21, purse: 'basic', cents: 4000, rule: 'above-threshold' } as const;
  const byHand = (derivedBasic: number): Partial<LineDecision> => ({
    reason: { rule: OVERRIDDEN, values: { overriddenThrough: '2024-12-31', derivedStatus: 'decided', derivedBasic } },
  });
  const standingSplit = decision('1').split;
  it.each<[string, Partial<LineDecision>, Partial<LineDecision>]>([
    ['nothing', {}, {}],
    ['the cents of a session', {}, { units: [{ ...unit, cents: 1 }] }],
    ['the number of sessions', {}, { units: [unit, unit] }],
    ['how many codes there are', { codes: ['0584'] }, { codes: ['0584', '0613'] }],
    ['which codes there are', { codes: ['0584'] }, { codes: ['0613'] }],
    ...Object.keys(standingSplit).map((purse): [string, Partial<LineDecision>, Partial<LineDecision>] => [
      `the cents that are ${purse}`,
      {},
      { split: { ...standingSplit, [purse]: 1 } },
    ]),
    ['what the practice is paid', {}, { paidToProvider: 1 }],
    ['that it is set by hand', {}, byHand(4000)],
    ['that it is no longer set by hand', byHand(4000), {}],
    ['what would be decided of a line set by hand', byHand(4000), byHand(0)],
    ['nothing of a line set by hand', byHand(4000), byHand(4000)],
  ])('two decisions look the same just when their outcomes are the same: %s differs', (_what, before, after) => {
    const [a, b] = [decision('1', before), decision('1', after)];
    expect(looksTheSame(a, b)).toBe(JSON.stringify(outcomeOf(a)) === JSON.stringify(outcomeOf(b)));
    expect(looksTheSame(a, null)).toBe(false);
    expect(looksTheSame(null, b)).toBe(false);
    expect(looksTheSame(null, null)).toBe(true);
  });

  it('a new line has nothing before, a line taken out nothing after, and they come in the order of their keys', () => {
    const before = standing(decision('2'));
    expect(effects(before, decision('3'), decision('1'))).toEqual([
      {
        line: '04000001/1',
        before: null,
        after: decision('1'),
        entry: { line: '04000001/1', basic: 4000, paidToProvider: 4000 },
      },
      {
        line: '04000001/2',
        before: decision('2'),
        after: null,
        entry: { line: '04000001/2', basic: -4000, paidToProvider: -4000 },
      },
      {
        line: '04000001/3',
        before: null,
        after: decision('3'),
        entry: { line: '04000001/3', basic: 4000, paidToProvider: 4000 },
      },
    ]);
  });

  it('money that moves is an effect also where the decision stands', () => {
    const before = { decisions: standing(decision('1')).decisions, booked: NOTHING_BOOKED };
    expect(effects(before, decision('1'))).toEqual([
      {
        line: '04000001/1',
        before: decision('1'),
        after: decision('1'),
        entry: { line: '04000001/1', basic: 4000, paidToProvider: 4000 },
      },
    ]);
  });
});
