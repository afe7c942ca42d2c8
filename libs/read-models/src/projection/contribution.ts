/** What one claim line adds to everything that is summed up over lines. */
import { mainPurse, OVERRIDDEN, pursesOf, type DecisionReason, type Purse, type UnitDecision } from '#libs/trajectory';
import { SPLIT_PARTS, type SplitPart } from '../entities';
import type { SessionRow } from '../rows';
import { HELD } from './work-items';

export interface Contribution {
  readonly trajectoryId: string;
  readonly line: string;
  readonly date: string;
  readonly month: string;
  readonly insurer: string;
  /** Cents and sessions by part of the split. */
  readonly split: Readonly<Record<SplitPart, { readonly cents: number; readonly sessions: number }>>;
  /** Sessions with a position, and the highest, when decided. */
  readonly counted: number;
  readonly lastPosition: number | null;
  readonly isHeld: boolean;
  readonly condition: string | null;
  /** Work-list kinds that the line raises on its trajectory. */
  readonly kinds: readonly string[];
}

/** Flags that are shown with the decision and ask nobody to do anything. */
const SHOWN_ONLY: ReadonlySet<string> = new Set(['csi-differs', 'package-elsewhere', OVERRIDDEN]);

/** What the line adds as its row stands; null for a credited line, which adds nothing. `units` are those of the row. */
export function contributionOf(row: SessionRow, units: readonly UnitDecision[]): Contribution | null {
  if (row.withdrawn) return null;
  const isDecided = row.status === 'decided';
  const sessions: Record<SplitPart, number> = { basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 0 };
  const shared = row.flags.includes(OVERRIDDEN) ? sharedPurses(row, units) : [];
  for (const [i, unit] of units.entries()) {
    // A unit without a purse is refused (invalid, too late), waits, or was set by hand to be borne by several.
    sessions[unit.purse ?? shared[i] ?? (isDecided || row.status === 'invalid' ? 'refused' : 'undecided')] += 1;
  }
  if (row.status === 'declared') sessions.undecided = row.quantity;
  const flags = row.flags.filter((flag) => !SHOWN_ONLY.has(flag));
  return {
    trajectoryId: row.trajectoryId,
    line: row.line,
    date: row.date,
    month: row.date.slice(0, 7),
    insurer: row.insurer,
    split: {
      basic: { cents: row.basicCents, sessions: sessions.basic },
      supplementary: { cents: row.supplementaryCents, sessions: sessions.supplementary },
      insured: { cents: row.insuredCents, sessions: sessions.insured },
      refused: { cents: row.refusedCents, sessions: sessions.refused },
      undecided: { cents: row.undecidedCents, sessions: sessions.undecided },
    },
    counted: isDecided ? row.positions : 0,
    lastPosition: isDecided ? row.lastPosition : null,
    isHeld: row.status === 'held',
    condition: row.condition,
    kinds: waitsToBeReleased(row) ? [HELD, ...flags] : flags,
  };
}

/** Held, or held but for an override: that decides the line's money until its last day, and answers nothing of what it waits for. */
function waitsToBeReleased({ status, flags, reason }: SessionRow): boolean {
  if (status === 'held') return true;
  if (reason === null || !flags.includes(OVERRIDDEN)) return false;
  return (JSON.parse(reason) as DecisionReason).values.derivedStatus === 'held';
}

/** Of each session of a line that was set by hand the purse that bears most of it; null = there is nothing to bear. */
const sharedPurses = (row: SessionRow, units: readonly UnitDecision[]): readonly (Purse | null)[] =>
  pursesOf(units, { basic: row.basicCents, supplementary: row.supplementaryCents, insured: row.insuredCents }, OVERRIDDEN).map(
    mainPurse,
  );

/** Differences of the payer split, by month, insurer and part. */
export class SplitDifferences {
  private readonly cells = new Map<
    string,
    { month: string; insurer: string; purse: SplitPart; cents: number; sessions: number }
  >();

  /** Adds a line's contribution (`sign` 1) or takes it out (-1). */
  add(contribution: Contribution, sign: 1 | -1): void {
    const { month, insurer, split } = contribution;
    for (const purse of SPLIT_PARTS) {
      const { cents, sessions } = split[purse];
      if (cents === 0 && sessions === 0) continue;
      this.addCell(month, insurer, purse, sign * cents, sign * sessions);
    }
  }

  /** Adds all of another's differences. */
  merge(other: SplitDifferences): void {
    for (const { month, insurer, purse, cents, sessions } of other.cells.values())
      this.addCell(month, insurer, purse, cents, sessions);
  }

  /** The cells that are not nothing, in a fixed order. */
  rows(): { month: string; insurer: string; purse: SplitPart; cents: number; sessions: number }[] {
    return [...this.cells.entries()]
      .filter(([, cell]) => cell.cents !== 0 || cell.sessions !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, cell]) => cell);
  }

  private addCell(month: string, insurer: string, purse: SplitPart, cents: number, sessions: number): void {
    const key = `${month} ${insurer} ${purse}`;
    const cell = this.cells.get(key);
    if (cell === undefined) this.cells.set(key, { month, insurer, purse, cents, sessions });
    else {
      cell.cents += cents;
      cell.sessions += sessions;
    }
  }
}
