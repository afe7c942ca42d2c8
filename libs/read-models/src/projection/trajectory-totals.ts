/** What the lines that count in a trajectory add up to, kept by differences. */
import type { TrajectoryRow } from '../rows';
import type { Contribution } from './contribution';

/**
 * Moves a trajectory's totals from one contribution of a line to another (null: none). Counts are exact. A highest or lowest
 * value cannot be found by differences once its bearer is gone: then the answer is true, and the extremes must be read anew
 * over all of its lines (see `refreshExtremes`).
 */
export function moveTotals(row: TrajectoryRow, before: Contribution | null, after: Contribution | null): boolean {
  row.lines += (after === null ? 0 : 1) - (before === null ? 0 : 1);
  row.sessionsCounted += (after?.counted ?? 0) - (before?.counted ?? 0);
  row.heldLines += (after?.isHeld === true ? 1 : 0) - (before?.isHeld === true ? 1 : 0);
  const lost = before !== null && losesExtreme(row, before, after);
  if (after !== null) raiseExtremes(row, after);
  return lost;
}

function losesExtreme(row: TrajectoryRow, before: Contribution, after: Contribution | null): boolean {
  if (after === null && (before.date === row.firstSession || before.date === row.lastSession)) return true;
  const heldHighest = before.lastPosition !== null && before.lastPosition === row.lastPosition;
  if (heldHighest && (after?.lastPosition ?? 0) < (before.lastPosition ?? 0)) return true;
  return before.line === row.conditionLine && (after?.condition ?? null) === null;
}

function raiseExtremes(row: TrajectoryRow, { line, date, lastPosition, condition }: Contribution): void {
  if (row.firstSession === null || date < row.firstSession) row.firstSession = date;
  if (row.lastSession === null || date > row.lastSession) row.lastSession = date;
  if (lastPosition !== null && (row.lastPosition === null || lastPosition > row.lastPosition)) row.lastPosition = lastPosition;
  if (condition !== null && !isLater(row, date, line)) {
    row.condition = condition;
    row.conditionOn = date;
    row.conditionLine = line;
  }
}

/** Whether the trajectory's condition comes from a later line than (date, line). */
const isLater = ({ conditionOn, conditionLine }: TrajectoryRow, date: string, line: string): boolean =>
  conditionOn !== null && (conditionOn > date || (conditionOn === date && (conditionLine ?? '') > line));
