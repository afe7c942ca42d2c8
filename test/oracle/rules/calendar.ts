/** Dates are `YYYY-MM-DD` strings; they compare as strings. Written for the oracle alone. */

export const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;

const two = (value: number): string => String(value).padStart(2, '0');
export const dateOf = (year: number, month: number, day: number): string =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;

export const yearOf = (date: string): number => Number(date.slice(0, 4));
export const monthOf = (date: string): number => Number(date.slice(5, 7));
export const dayOf = (date: string): number => Number(date.slice(8, 10));

export function addDays(date: string, days: number): string {
  const moment = new Date(Date.UTC(yearOf(date), monthOf(date) - 1, dayOf(date) + days));
  return dateOf(moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate());
}

const shiftedMonth = (date: string, months: number): { readonly year: number; readonly month: number } => {
  const count = yearOf(date) * 12 + monthOf(date) - 1 + months;
  return { year: Math.floor(count / 12), month: (count % 12) + 1 };
};

/** First day that is outside a term of so many months: the same-numbered day, and where there is none the first of the next month. */
export function termEnd(anchor: string, months: number): string {
  const { year, month } = shiftedMonth(anchor, months);
  if (dayOf(anchor) <= daysIn(year, month)) return dateOf(year, month, dayOf(anchor));
  return addDays(dateOf(year, month, daysIn(year, month)), 1);
}

/** Last day that is within so many months of an event: the same-numbered day, and where there is none the last of that month. */
export function lastDayWithin(event: string, months: number): string {
  const { year, month } = shiftedMonth(event, months);
  return dateOf(year, month, Math.min(dayOf(event), daysIn(year, month)));
}

/** Completed years; born on 29 February, one reaches an age on 1 March of a common year. */
export function ageOn(birth: string, date: string): number {
  const years = yearOf(date) - yearOf(birth);
  return date.slice(5) >= birth.slice(5) ? years : years - 1;
}

/** The compulsory deductible begins on the first day of the month after the eighteenth birthday. */
export function deductibleAgeOn(birth: string, date: string): boolean {
  const eighteenth = termEnd(birth, 18 * 12);
  const month = dateOf(yearOf(eighteenth), monthOf(eighteenth), 1);
  return date >= termEnd(month, 1);
}
