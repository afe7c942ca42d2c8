import type { Booking, LineDecision, LineKey } from '../index';
import { decided, decisionTable } from '../testing/fixtures';
import { DecisionRows } from './decision-table';
import { BookedLines, RecordedDecisions } from './recorded';

const kept = decided('kept', { paidToProvider: 1 });
const other = decided('other', { paidToProvider: 2 });
const snapshot = [kept, other];
const lines = snapshot.map(({ line }) => line);
const rows = new DecisionRows(decisionTable(snapshot, lines), lines);
const later = decided('kept', { paidToProvider: 3 });
const added = decided('added', { paidToProvider: 4 });

type Change = (map: { set(line: LineKey, value: LineDecision): unknown; delete(line: LineKey): unknown }) => void;
const CHANGES: readonly Change[] = [
  (map) => map.set(later.line, later),
  (map) => map.delete(kept.line),
  (map) => map.set(added.line, added),
  (map) => map.delete(added.line),
];
const sequences = (length: number): Change[][] =>
  length === 0 ? [[]] : sequences(length - 1).flatMap((before) => CHANGES.map((change) => [...before, change]));

/** What can be read of a map, whatever the order of its lines. */
function readings(map: ReadonlyMap<LineKey, LineDecision>): unknown {
  const visited: [LineDecision, LineKey, boolean][] = [];
  map.forEach((value, line, whole) => visited.push([value, line, whole === map]));
  const all = [kept.line, other.line, added.line, 'unknown' as LineKey];
  return {
    size: map.size,
    each: all.map((line) => [map.has(line), map.get(line)]),
    lines: [...map.keys()].sort(),
    paid: [...map.values()].map(({ paidToProvider }) => paidToProvider).sort(),
    entries: [...map.entries()].sort(([a], [b]) => a.localeCompare(b)),
    iterated: [...map].sort(([a], [b]) => a.localeCompare(b)),
    visited: visited.sort(([, a], [, b]) => a.localeCompare(b)),
  };
}

describe('the recorded decisions of a person', () => {
  it('are those of the snapshot with all that came after it, in whatever order lines are decided and credited', () => {
    for (const sequence of [1, 2, 3].flatMap(sequences)) {
      const recorded = new RecordedDecisions(rows);
      const plain = new Map(snapshot.map((each) => [each.line, each]));
      for (const change of sequence) {
        change(recorded);
        change(plain);
      }
      expect(readings(recorded)).toEqual(readings(plain));
    }
  });

  it('without a snapshot are those that were recorded', () => {
    const recorded = new RecordedDecisions();
    recorded.set(added.line, added);
    expect(readings(recorded)).toEqual(readings(new Map([[added.line, added]])));
  });

  it.each<[string, readonly Change[], LineDecision, boolean]>([
    ['nothing came after it', [], kept, true],
    ['another line was decided', CHANGES.slice(2), kept, true],
    ['the decision is another', [], later, false],
    ['the line was decided anew', CHANGES.slice(0, 1), later, false],
    ['the line was credited', CHANGES.slice(1, 2), kept, false],
    ['the line is not in it', [], added, false],
  ])('lie in the snapshot still or not: %s', (_when, changes, decision, expected) => {
    const recorded = new RecordedDecisions(rows);
    for (const change of changes) change(recorded);
    expect(recorded.isKept(decision)).toBe(expected);
  });
});

describe('what is booked of the lines of a person', () => {
  const booking: Booking = { basic: 1, supplementary: 0, insured: 0, paidToProvider: 1, claimFromInsured: 0 };

  it('is what the snapshot decided, until an entry moves it', () => {
    const booked = new BookedLines(rows);
    expect(booked.get(kept.line)).toEqual({
      basic: 0,
      supplementary: 0,
      insured: 4000,
      paidToProvider: 1,
      claimFromInsured: 4000,
    });
    expect([kept.line, added.line].map((line) => booked.isKept(line))).toEqual([true, false]);
    booked.set(kept.line, booking);
    expect(booked.get(kept.line)).toEqual(booking);
    expect([kept.line, other.line].map((line) => booked.isKept(line))).toEqual([false, true]);
  });
});
