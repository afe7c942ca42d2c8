/** What the checks of every file share: series of dated rows, and keys that stand once. */
import { dayAfter } from '#libs/coverage';

export type Path = readonly PropertyKey[];
export type Report = (path: Path, problem: string) => void;
export interface Dated {
  readonly from: string;
  readonly through?: string | undefined;
}

/** Rows in order of their dates, each beginning the day after the one before ends. */
export function checkSeries(rows: readonly Dated[], path: Path, report: Report): void {
  rows.forEach((row, i) => {
    checkDates(row, [...path, i], report);
    const next = rows[i + 1];
    if (next === undefined) return;
    if (row.through === undefined) {
      report([...path, i + 1], `overlaps the value from ${row.from}, which has no end: give that one a \`through\``);
    } else if (next.from <= row.through) {
      report([...path, i + 1], `begins on ${next.from} and overlaps the value before it, which ends on ${row.through}`);
    } else if (next.from !== dayAfter(row.through)) {
      report([...path, i + 1], `leaves a gap: the value before it ends on ${row.through}, this one begins on ${next.from}`);
    }
  });
}

/** A row may not end before it begins. */
export function checkDates(row: Dated, path: Path, report: Report): void {
  if (row.through !== undefined && row.through < row.from)
    report(path, `ends on ${row.through}, before it begins on ${row.from}`);
}

/** No key may stand twice; `what` is what it is a key of. */
export function checkUnique(keys: readonly string[], path: Path, what: string, report: Report): void {
  const seen = new Set<string>();
  keys.forEach((key, i) => {
    if (seen.has(key)) report([...path, i], `${what} ${key} stands here twice`);
    seen.add(key);
  });
}
