/** Dates as `YYYY-MM-DD`, and the periods in which the practices of the sample declare. */
import type { Random } from './random';

const DAY_MS = 86_400_000;

/** Days since 1970-01-01. */
const dayOf = (date: string): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8))) / DAY_MS;

/** Texts of the days that were asked for: a few thousand, and millions of sessions ask for them. */
const TEXTS = new Map<number, string>();

function textOf(day: number): string {
  let text = TEXTS.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    TEXTS.set(day, text);
  }
  return text;
}

/** The day itself, or the Monday after when it falls in a weekend. Day 0 was a Thursday. */
function weekdayFrom(day: number): number {
  const sinceMonday = (day + 3) % 7;
  return sinceMonday < 5 ? day : day + 7 - sinceMonday;
}

export const addDays = (date: string, days: number): string => textOf(dayOf(date) + days);

export function dateBetween(random: Random, from: string, through: string): string {
  return addDays(from, random.whole(0, dayOf(through) - dayOf(from)));
}

/** At most `count` weekdays from `start`, `least` to `most` days apart (a weekend may add two), none after `through`. */
export function sessionDates(
  random: Random,
  start: string,
  through: string,
  count: number,
  [least, most]: readonly [number, number],
): string[] {
  const dates: string[] = [];
  const last = dayOf(through);
  let day = weekdayFrom(dayOf(start));
  while (dates.length < count && day <= last) {
    dates.push(textOf(day));
    day = weekdayFrom(day + random.whole(least, most));
  }
  return dates;
}

/** PM304 takes sessions before 2025, and the codes closed on 2024-07-01: these years are therefore fixed. */
export const FIRST_DATE = '2023-01-01';
export const LAST_DATE = '2024-12-31';

export interface ClaimPeriod {
  readonly from: string;
  readonly through: string;
  readonly invoiceDate: string;
  /** Year and month under which the file is named: files sorted by name are in the order in which they came in. */
  readonly label: string;
}

/** Eight quarters, and a last month for what comes after them: late lines, credits, lines sent twice. */
export const CLAIM_PERIODS: readonly ClaimPeriod[] = [
  ...['2023', '2024'].flatMap((year) =>
    [
      ['01-01', '03-31', '04-10'],
      ['04-01', '06-30', '07-10'],
      ['07-01', '09-30', '10-10'],
      ['10-01', '12-31', '01-10'],
    ].map(([from, through, invoice], quarter): ClaimPeriod => ({
      from: `${year}-${from}`,
      through: `${year}-${through}`,
      invoiceDate: `${quarter === 3 ? Number(year) + 1 : year}-${invoice}`,
      label: `${year}-${String(quarter * 3 + 3).padStart(2, '0')}`,
    })),
  ),
  { from: '2025-01-01', through: '2025-01-31', invoiceDate: '2025-02-05', label: '2025-01' },
];

/** The last period: no session lies in it, except by mistake. */
export const AFTERMATH = CLAIM_PERIODS.length - 1;

/** The period in which a session is declared when nothing goes wrong: the quarter it lies in. */
export function periodOf(date: string): number {
  const found = CLAIM_PERIODS.findIndex((period) => period.from <= date && date <= period.through);
  if (found < 0) throw new RangeError(`no claim period of the sample contains ${date}`);
  return found;
}

/** A later period, the aftermath at the latest. */
export const laterPeriod = (period: number, by: number): number => Math.min(period + by, AFTERMATH);
