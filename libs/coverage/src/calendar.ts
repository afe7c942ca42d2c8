/**
 * Calendar arithmetic on `YYYY-MM-DD` strings, without Date objects: pure, free of time zones and quick.
 *
 * Two readings of "n months after" are needed and kept apart by name, see `monthsAfter` and `sameDayMonthsAfter`.
 */
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (DAYS[month - 1] ?? 31));
const two = (n: number): string => (n < 10 ? `0${n}` : String(n));
const iso = (year: number, month: number, day: number): string => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;

const yearOf = (date: string): number => Number(date.slice(0, 4));
const monthOf = (date: string): number => Number(date.slice(5, 7));
const dayOf = (date: string): number => Number(date.slice(8, 10));

/** Whether the text is a date that exists, written `YYYY-MM-DD`. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const month = monthOf(text);
  const day = dayOf(text);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(yearOf(text), month);
}

/**
 * First day after a half-open term of `months`: [date, result). A day that the month does not have becomes the 1st of the next
 * month. Always computed from the original date, never from an earlier result.
 */
export function monthsAfter(date: string, months: number): string {
  const index = yearOf(date) * 12 + monthOf(date) - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  const day = dayOf(date);
  if (day <= daysIn(year, month)) return iso(year, month, day);
  return month === 12 ? iso(year + 1, 1, 1) : iso(year, month + 1, 1);
}

/** Last day that is still "within `months` of the date": the same-numbered day, or the last day of that month. */
export function sameDayMonthsAfter(date: string, months: number): string {
  const index = yearOf(date) * 12 + monthOf(date) - 1 + months;
  const year = Math.floor(index / 12);
  const month = (index % 12) + 1;
  return iso(year, month, Math.min(dayOf(date), daysIn(year, month)));
}

export function dayAfter(date: string): string {
  const year = yearOf(date);
  const month = monthOf(date);
  const day = dayOf(date);
  if (day < daysIn(year, month)) return iso(year, month, day + 1);
  return month === 12 ? iso(year + 1, 1, 1) : iso(year, month + 1, 1);
}

export function dayBefore(date: string): string {
  const year = yearOf(date);
  const month = monthOf(date);
  const day = dayOf(date);
  if (day > 1) return iso(year, month, day - 1);
  return month === 1 ? iso(year - 1, 12, 31) : iso(year, month - 1, daysIn(year, month - 1));
}
