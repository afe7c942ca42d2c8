import fc from 'fast-check';
import type { Booking, LineDecision, LineKey, SettlementEntry, TrajectoryId } from '#libs/trajectory';
import { bookingOf, settle } from './index';

const decision = (reference: string, split: Partial<LineDecision['split']>, change: Partial<LineDecision> = {}): LineDecision => {
  const whole = { basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 0, ...split };
  return {
    line: `04000001/${reference}` as LineKey,
    trajectory: 't-1' as TrajectoryId,
    status: 'decided',
    condition: '1.a.1',
    units: [{ position: 1, purse: 'basic', cents: 4000, rule: 'basic' }],
    split: whole,
    codes: [],
    deductible: true,
    paidToProvider: whole.basic + whole.supplementary,
    claimFromInsured: 0,
    flags: [],
    reason: { rule: 'basic', values: { position: 21, threshold: 20 } },
    ...change,
  };
};
const nothing = { decisions: new Map<LineKey, LineDecision>(), booked: new Map<LineKey, Booking>() };

/** Records a settlement as the fold does. */
const record = (state: typeof nothing, settlement: ReturnType<typeof settle>): typeof nothing => {
  const decisions = new Map(state.decisions);
  const booked = new Map(state.booked);
  for (const each of settlement.decisions) decisions.set(each.line, each);
  for (const line of settlement.withdrawn) decisions.delete(line);
  for (const entry of settlement.entries) {
    const before = booked.get(entry.line) ?? { basic: 0, supplementary: 0, insured: 0, paidToProvider: 0, claimFromInsured: 0 };
    const add = (field: keyof Booking): number => before[field] + (entry[field] ?? 0);
    booked.set(entry.line, {
      basic: add('basic'),
      supplementary: add('supplementary'),
      insured: add('insured'),
      paidToProvider: add('paidToProvider'),
      claimFromInsured: add('claimFromInsured'),
    });
  }
  return { decisions, booked };
};

describe('settlement by difference', () => {
  it('books the whole of a first decision', () => {
    expect(settle(nothing, [decision('1', { basic: 4000 })]).entries).toEqual([
      { line: '04000001/1', basic: 4000, paidToProvider: 4000 },
    ]);
  });

  it('books only what moves when a purse changes', () => {
    const before = record(
      nothing,
      settle(nothing, [decision('1', { insured: 4000 }, { paidToProvider: 4000, claimFromInsured: 4000 })]),
    );
    expect(settle(before, [decision('1', { basic: 4000 })]).entries).toEqual([
      { line: '04000001/1', basic: 4000, insured: -4000, claimFromInsured: -4000 },
    ]);
  });

  it('books nothing for a held or an invalid line', () => {
    const held = decision('1', { undecided: 4000 }, { status: 'held' });
    const invalid = decision('2', { refused: 4000 }, { status: 'invalid' });
    expect(settle(nothing, [held, invalid])).toEqual({ decisions: [held, invalid], withdrawn: [], entries: [] });
  });

  it('books a credited line back and forgets its decision', () => {
    const before = record(nothing, settle(nothing, [decision('1', { basic: 4000 }), decision('2', { basic: 100 })]));
    const settlement = settle(before, [decision('2', { basic: 100 })]);
    expect(settlement).toEqual({
      decisions: [],
      withdrawn: ['04000001/1'],
      entries: [{ line: '04000001/1', basic: -4000, paidToProvider: -4000 }],
    });
    expect(settle(record(before, settlement), [decision('2', { basic: 100 })]).withdrawn).toEqual([]);
  });

  it('does not look at what is recorded of a line that is known to stand, nor for credited lines where every line stands', () => {
    const recorded = [decision('1', { basic: 4000 }), decision('2', { basic: 100 })] as const;
    const onlyTheSecond = new Map(recorded.map((each): [LineKey, LineDecision] => [each.line, each]));
    onlyTheSecond.get = (line) => {
      if (line === recorded[0].line) throw new Error(`${line} is known to stand`);
      return recorded[1];
    };
    onlyTheSecond.keys = () => {
      throw new Error('no line was credited');
    };
    const booked = new Map(recorded.map((each): [LineKey, Booking] => [each.line, bookingOf(each)]));
    const stands = (each: LineDecision): boolean => each === recorded[0];
    expect(settle({ decisions: onlyTheSecond, booked, stands }, recorded)).toEqual({ decisions: [], withdrawn: [], entries: [] });
  });

  it('settling twice books nothing twice, whatever was booked before', () => {
    const cents = fc.integer({ min: 0, max: 10_000 });
    const anyDecision = fc
      .record({ reference: fc.constantFrom('1', '2', '3', '4'), basic: cents, supplementary: cents, insured: cents })
      .map(({ reference, ...split }) => decision(reference, split));
    const decisions = fc.uniqueArray(anyDecision, { selector: (each) => each.line });
    fc.assert(
      fc.property(fc.array(decisions, { maxLength: 5 }), (runs) => {
        let state = nothing;
        const ledger: SettlementEntry[] = [];
        for (const desired of runs) {
          const settlement = settle(state, desired);
          ledger.push(...settlement.entries);
          state = record(state, settlement);
          expect(settle(state, desired)).toEqual({ decisions: [], withdrawn: [], entries: [] });
          for (const each of desired) expect(state.booked.get(each.line)).toEqual(bookingOf(each));
        }
        const sum = ledger.reduce((total, entry) => total + (entry.basic ?? 0), 0);
        expect(sum).toBe((runs.at(-1) ?? []).reduce((total, each) => total + each.split.basic, 0));
      }),
    );
  });
});
