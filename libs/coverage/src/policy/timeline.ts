/** Values in force by date, compiled from dated series: one lookup gives all values of a day at once. */
import { dayAfter } from '../calendar';
import type { Validity } from './document';

interface Segment<T> {
  readonly from: string;
  readonly value: T;
}

/** Before the first date the first value stands: a policy file says what holds "since", older sessions are judged by it too. */
export class Timeline<T> {
  constructor(private readonly segments: readonly [Segment<T>, ...Segment<T>[]]) {}

  at(date: string): T {
    for (let i = this.segments.length - 1; i > 0; i--) {
      const segment = this.segments[i];
      if (segment !== undefined && segment.from <= date) return segment.value;
    }
    return this.segments[0].value;
  }

  /** Every value that is ever in force, earliest first. */
  all(): readonly T[] {
    return this.segments.map((segment) => segment.value);
  }
}

/** The row of a series that is in force on the date; outside all of them the nearest earlier, else the first. */
export function inForce<R extends Validity>(rows: readonly R[], date: string): R | null {
  let best: R | null = null;
  for (const row of rows) {
    if (row.from <= date && (best === null || row.from > best.from)) best = row;
  }
  return best ?? rows[0] ?? null;
}

/** Whether the row's own dates hold on the date, both inclusive. */
export const holdsOn = (row: Validity, date: string): boolean =>
  row.from <= date && (row.through === undefined || row.through >= date);

/** Like `inForce`, but null where no row holds on the date. */
export function strictlyInForce<R extends Validity>(rows: readonly R[], date: string): R | null {
  return rows.find((row) => holdsOn(row, date)) ?? null;
}

/** Cuts time at every date on which one of the series changes and compiles the values of each piece once. */
export function timelineOf<T>(series: readonly (readonly Validity[])[], at: (date: string) => T): Timeline<T> {
  const starts = new Set<string>();
  for (const rows of series) {
    for (const row of rows) {
      starts.add(row.from);
      if (row.through !== undefined) starts.add(dayAfter(row.through));
    }
  }
  const [first = '0000-01-01', ...rest] = [...starts].sort();
  return new Timeline<T>([{ from: first, value: at(first) }, ...rest.map((from) => ({ from, value: at(from) }))]);
}
