import type { LineDecision, LineKey } from '../index';
import { decided, decisionTable } from '../testing/fixtures';
import { DecisionRows } from './decision-table';

const unit = { position: 19, purse: 'supplementary', cents: 1333, rule: 'within-threshold' } as const;
const alike = [1, 2].map((n) =>
  decided(`04012345/${n}`, {
    units: [{ ...unit, position: n, cents: 4000 + n }],
    split: { basic: n, supplementary: 20 + n, insured: 30 + n, refused: 40 + n, undecided: 50 + n },
    paidToProvider: 60 + n,
    claimFromInsured: 70 + n,
    reason: { rule: 'within-threshold', values: { threshold: 20, position: n, started: '2024-01-02', open: true } },
  }),
);
const ofSeveralSessions = decided('04012345/3', {
  condition: null,
  units: [unit, { ...unit, position: 20, purse: 'insured' }, { position: null, purse: null, cents: 1334, rule: 'other' }],
  codes: ['0613', '8072'],
  flags: ['csi-differs'],
});
const bare = decided('04012345/4', { status: 'held', units: [], codes: [], reason: { rule: 'none', values: {} } });
const decisions = [...alike, ofSeveralSessions, bare];
/** The last two lines are no sessions of the snapshot: they were credited since they were decided. */
const sessions = ['no decision', '04012345/2', '04012345/1'] as LineKey[];

const made = (): DecisionRows => new DecisionRows(decisionTable(decisions, sessions), sessions);

/** The value with one thing in it altered, for each thing in it; and with one thing less or more, for each list and record of values. */
function alterations(value: unknown): unknown[] {
  if (typeof value === 'number') return [value + 1];
  if (typeof value === 'string') return [`${value}+`];
  if (typeof value === 'boolean') return [!value];
  if (value === null) return [0];
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const within = list.flatMap((each, i) => alterations(each).map((other) => list.with(i, other)));
    return [...within, [...list, list[0] ?? 'more'], ...(list.length > 0 ? [list.slice(0, -1)] : [])];
  }
  return Object.entries(value as object).flatMap(([name, each]) =>
    [...alterations(each), ...(name === 'values' ? [{ ...(each as object), more: 1 }] : [])].map((other) => ({
      ...(value as object),
      [name]: other,
    })),
  );
}

describe('decisions as the rows of a snapshot', () => {
  it('give back each decision as it was recorded, of sessions of the snapshot and of others', () => {
    const rows = made();
    expect(decisions.map(({ line }) => rows.decision(line))).toStrictEqual(decisions);
    expect([...rows.lines()]).toEqual(decisions.map(({ line }) => line));
    expect(rows.size).toBe(decisions.length);
  });

  it('hold nothing of a line that was not decided', () => {
    const rows = made();
    const line = 'no decision' as LineKey;
    expect([rows.has(line), rows.decision(line), rows.booking(line), rows.says({ ...bare, line })]).toEqual([
      false,
      undefined,
      undefined,
      false,
    ]);
    expect(rows.has(bare.line)).toBe(true);
  });

  it('book of a line what was decided', () => {
    expect(made().booking(alike[1]!.line)).toEqual({
      basic: 2,
      supplementary: 22,
      insured: 32,
      paidToProvider: 62,
      claimFromInsured: 72,
    });
  });

  it('state once what decisions share, and only numbers of each', () => {
    const table = decisionTable(decisions, sessions);
    expect(table.forms).toHaveLength(3);
    expect(table.others).toEqual([ofSeveralSessions.line, bare.line]);
    expect(table.cells.filter((cell) => !Number.isInteger(cell))).toEqual([]);
  });

  it('say what a decision says that has the same in all its parts', () => {
    const rows = made();
    for (const decision of decisions) expect(rows.says(structuredClone(decision))).toBe(true);
  });

  it('do not say what a decision says that differs in whatever one thing', () => {
    const rows = made();
    const differing = decisions.flatMap((decision) => alterations(decision) as LineDecision[]);
    expect(differing.length).toBeGreaterThan(100);
    expect(differing.filter((decision) => rows.says(decision))).toEqual([]);
  });
});
