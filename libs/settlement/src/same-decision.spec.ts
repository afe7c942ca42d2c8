import type { LineDecision, LineKey, TrajectoryId } from '#libs/trajectory';
import { sameDecision } from './index';

const unit = { position: 21, purse: 'basic', cents: 4000, rule: 'basic' } as const;
const recorded: LineDecision = {
  line: '04000001/1' as LineKey,
  trajectory: 't-1' as TrajectoryId,
  status: 'decided',
  condition: '1.a.1',
  units: [unit, { ...unit, position: 22 }],
  split: { basic: 8000, supplementary: 0, insured: 0, refused: 0, undecided: 0 },
  codes: ['0613'],
  deductible: true,
  paidToProvider: 8000,
  claimFromInsured: 0,
  flags: ['csi-differs'],
  reason: { rule: 'basic', values: { position: 21, threshold: 20 } },
};
const { split, reason } = recorded;

describe('two decisions of a line', () => {
  it('say the same when all that they say is the same', () => {
    expect(sameDecision(recorded, structuredClone(recorded))).toBe(true);
  });

  it.each<[string, Partial<LineDecision>]>([
    ['trajectory', { trajectory: 't-2' as TrajectoryId }],
    ['status', { status: 'held' }],
    ['condition', { condition: null }],
    ['deductible', { deductible: false }],
    ['grant', { paidToProvider: 7999 }],
    ['claim from the insured', { claimFromInsured: 1 }],
    ['basic part', { split: { ...split, basic: 7999 } }],
    ['supplementary part', { split: { ...split, supplementary: 1 } }],
    ["insured's part", { split: { ...split, insured: 1 } }],
    ['refused part', { split: { ...split, refused: 1 } }],
    ['undecided part', { split: { ...split, undecided: 1 } }],
    ['rule', { reason: { ...reason, rule: 'term' } }],
    ['a value of the reason', { reason: { ...reason, values: { position: 22, threshold: 20 } } }],
    ['one value less in the reason', { reason: { ...reason, values: { position: 21 } } }],
    ['one value more in the reason', { reason: { ...reason, values: { ...reason.values, started: '2024-01-01' } } }],
    ['another value in the reason', { reason: { ...reason, values: { position: 21, cap: 20 } } }],
    ['a return code', { codes: ['0614'] }],
    ['one return code more', { codes: ['0613', '0614'] }],
    ['a flag', { flags: ['date-to-confirm'] }],
    ['one flag less', { flags: [] }],
    ['one session less', { units: [unit] }],
    ["a session's position", { units: [unit, { ...unit, position: 23 }] }],
    ["a session's purse", { units: [unit, { ...unit, position: 22, purse: 'insured' }] }],
    ["a session's cents", { units: [unit, { ...unit, position: 22, cents: 3999 }] }],
    ["a session's rule", { units: [unit, { ...unit, position: 22, rule: 'threshold' }] }],
  ])('do not say the same when they differ in %s, whichever of them is asked', (_what, change) => {
    const other = { ...recorded, ...change };
    expect([sameDecision(recorded, other), sameDecision(other, recorded)]).toEqual([false, false]);
  });
});
