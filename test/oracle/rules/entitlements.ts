/** Article 2.6 and Annex 1 as numbers: thresholds, caps, terms, start conditions, age limits. */

/** Months of the term; items that are not here have an open one. */
const TERM_MONTHS: Readonly<Record<string, number>> = {
  '1.a.10': 3,
  '1.b.7': 12,
  '1.b.16': 3,
  '1.b.17': 3,
  '1.b.18': 6,
  '1.d.5': 12,
  '1.d.6': 12,
  '1.d.7': 24,
  '2.6-4': 12,
  '2.6-5': 12,
  'covid-1': 6,
  'covid-2': 6,
};
export const termOf = (condition: string): number | null => TERM_MONTHS[condition] ?? null;

/** Whiplash alone can be extended, by so many months at most. */
export const EXTENDABLE: Readonly<Record<string, number>> = { '1.b.16': 6 };

const START_WITHIN_THREE_MONTHS: Readonly<Record<string, 'diagnosedOn' | 'dischargedOn'>> = {
  '1.a.10': 'diagnosedOn',
  '1.b.7': 'diagnosedOn',
  '1.b.16': 'diagnosedOn',
  '1.b.17': 'diagnosedOn',
  '1.d.5': 'dischargedOn',
  '1.d.7': 'dischargedOn',
};
export const startConditionOf = (condition: string): 'diagnosedOn' | 'dischargedOn' | null =>
  START_WITHIN_THREE_MONTHS[condition] ?? null;

/** Sessions once, whatever the year. */
export const CAP: Readonly<Record<string, number>> = { '2.6-3': 9, '2.6-4': 37, '2.6-5': 12, 'covid-1': 50, 'covid-2': 50 };
export const CHILD_CAP_PER_YEAR = 18;

/** Recovery care: no term may start from the first date, nothing is given from the second. */
export const COVID_NO_START_FROM = '2024-07-01';
export const COVID_ENDS = '2025-01-01';

/** The item is for persons younger than this. */
export const YOUNGER_THAN: Readonly<Record<string, number>> = { '1.a.6': 17, '1.b.3': 22 };

/** From the date on the threshold is gone, by the date of the session. */
export const FROM_FIRST_SESSION: Readonly<Record<string, string>> = { 'ra-severe': '2025-01-01', 'axspa-severe': '2026-01-01' };

/**
 * How many sessions an adult bears of an annex condition, by the start of the treatment and the date of the ninth or twelfth session.
 * @param start first day of the course
 * @param fellBefore whether the n-th session is known to have been given before the date
 */
export function annexThreshold(start: string, fellBefore: (n: number, date: string) => boolean): number {
  if (start < '2011-01-01') return fellBefore(9, '2011-01-01') ? 9 : 12;
  if (start < '2012-01-01') return fellBefore(12, '2012-01-01') ? 12 : 20;
  return 20;
}

const parts = (item: string): [string, string, number] => {
  const [paragraph = '', letter = '', number = ''] = item.split('.');
  return [paragraph, letter, Number(number)];
};
const inNumericOrder = (one: string, other: string): number => {
  const [a, b] = [parts(one), parts(other)];
  return a[0].localeCompare(b[0]) || a[1].localeCompare(b[1]) || a[2] - b[2];
};
/** Of several items the one with the longest term, an open one being the longest, then the lowest number. */
export function defaultItem(items: readonly string[]): string | undefined {
  return [...items].sort(
    (one, other) => (termOf(other) ?? Infinity) - (termOf(one) ?? Infinity) || inNumericOrder(one, other),
  )[0];
}
