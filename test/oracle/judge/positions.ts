/** Positions of sessions in their course, with imported ones in between; and what of a year has been used. */
import type { HistoryFact, PersonFacts } from '#libs/trajectory';
import { inOneText } from '../one-text';
import { addDays, termEnd, yearOf } from '../rules/calendar';
import { concernOf } from '../rules/insurers';
import type { Course, Line } from './history';

/** One session of a counting line: a line of quantity q has q. */
export interface Slot {
  readonly line: Line;
  readonly date: string;
}

/** A course of which it is known which lines count. */
export interface Counted {
  readonly facts: PersonFacts;
  readonly course: Course;
  readonly slots: readonly Slot[];
}

export const slotsOf = (counting: readonly Line[]): Slot[] =>
  counting.flatMap((line) => Array.from({ length: line.session.quantity }, () => ({ line, date: line.session.date })));

/** Day on which our insurance that contains the date began; labels of one concern that follow each other are one insurance. */
export function ourInsuranceBegan(facts: PersonFacts, date: string): string | null {
  const containing = facts.insurance.find((each) => each.from <= date && (each.through === null || date <= each.through));
  const concern = containing === undefined ? undefined : concernOf(containing.insurer);
  if (containing === undefined || concern === undefined) return null;
  let began = containing.from;
  for (;;) {
    const before = facts.insurance.find((each) => each.through === addDays(began, -1) && concernOf(each.insurer) === concern);
    if (before === undefined) return began;
    began = before.from;
  }
}

/** Own sessions up to this day come before the imported ones, later ones after. */
function placeOf(counted: Counted, history: HistoryFact): string {
  const began = ourInsuranceBegan(counted.facts, history.throughDate);
  const dayBefore = began === null ? history.throughDate : addDays(began, -1);
  return dayBefore < history.throughDate ? dayBefore : history.throughDate;
}

const ownUpTo = (counted: Counted, date: string): number => counted.slots.filter((slot) => slot.date <= date).length;

/** Of one through date, what was given elsewhere lies inside a statement of the whole. */
function isEarlier(one: HistoryFact, other: HistoryFact): boolean {
  if (one.throughDate !== other.throughDate) return one.throughDate < other.throughDate;
  if (one.scope !== other.scope) return one.scope === 'elsewhere';
  return textOf(one) < textOf(other);
}

const textOf = ({ importId, supersedes: _, status: __, ...said }: HistoryFact): string => inOneText(said) + importId;

/** What states the whole and is below our own sessions of that time: the whole is what it states. */
const statesFewer = (counted: Counted, history: HistoryFact): boolean =>
  history.scope === 'everything' && history.count < ownUpTo(counted, history.throughDate);

/** Of the imports the last that states fewer than our own: from its date on the count goes on from the number it states. */
const lastReset = (counted: Counted, imports: readonly HistoryFact[]): HistoryFact | undefined =>
  imports
    .filter((each) => statesFewer(counted, each))
    .reduce<HistoryFact | undefined>((last, each) => (last !== undefined && isEarlier(each, last) ? last : each), undefined);

/** The count on the through date of an import, by our own sessions and the imports that lie inside it. */
function reachedAt(counted: Counted, history: HistoryFact): number {
  const earlier = counted.course.imports.filter((other) => isEarlier(other, history));
  const reset = lastReset(counted, earlier);
  const since = earlier.filter((other) => reset === undefined || isEarlier(reset, other));
  const own = ownUpTo(counted, history.throughDate) - (reset === undefined ? 0 : ownUpTo(counted, reset.throughDate));
  return (reset?.count ?? 0) + own + since.reduce((sum, other) => sum + adds(counted, other), 0);
}

/** Positions that an import adds; one that states the whole adds what is missing. */
const adds = (counted: Counted, history: HistoryFact): number =>
  history.scope === 'elsewhere' ? history.count : Math.max(0, history.count - reachedAt(counted, history));

/** Position of the n-th own session of the course (or of what would be it), given on the date. */
export function positionAt(counted: Counted, n: number, date: string): number {
  const { imports } = counted.course;
  const reset = lastReset(
    counted,
    imports.filter((each) => each.throughDate < date),
  );
  const added = imports
    .filter((each) => !statesFewer(counted, each) && placeOf(counted, each) < date)
    .filter((each) => reset === undefined || (isEarlier(reset, each) && placeOf(counted, each) >= reset.throughDate))
    .reduce((sum, each) => sum + adds(counted, each), 0);
  let position = added + (reset === undefined ? n : reset.count + n - ownUpTo(counted, reset.throughDate));
  for (const each of imports)
    if (statesFewer(counted, each) && date <= each.throughDate) position = Math.min(position, each.count);
  return position;
}

/** First day of the course: the earliest counting own session or stated start. Undefined while nothing counts. */
export function startOf(counted: Counted): string | undefined {
  return [...counted.slots.map((slot) => slot.date), ...counted.course.imports.map((each) => each.startedOn)].sort()[0];
}

/** Whether the n-th session is known to have been given before the date; with imported ones that may lie before it, it is not. */
export const fellBefore = (counted: Counted, n: number, date: string): boolean =>
  !counted.course.imports.some((each) => each.count > 0 && each.startedOn < date) && (counted.slots[n - 1]?.date ?? date) < date;

/** Sessions of imports that fill a calendar year, as far as they come before the day. */
function importedInYear(counted: Counted, year: number, date: string): number {
  const addedBy = (history: HistoryFact): number => {
    const stated = history.perCalendarYear?.[String(year)] ?? 0;
    if (history.scope === 'elsewhere') return stated;
    const own = counted.slots.filter((slot) => yearOf(slot.date) === year && slot.date <= history.throughDate).length;
    const before = counted.course.imports
      .filter((other) => isEarlier(other, history))
      .reduce((sum, other) => sum + addedBy(other), 0);
    return Math.max(0, stated - own - before);
  };
  return counted.course.imports
    .filter((history) => date > placeOf(counted, history))
    .reduce((sum, history) => sum + addedBy(history), 0);
}

/** How many-th of its calendar year the n-th own session of the course is. */
export function ordinalInYear(counted: Counted, n: number, date: string): number {
  const earlierYears = counted.slots.slice(0, n - 1).filter((slot) => yearOf(slot.date) !== yearOf(date)).length;
  return n - earlierYears + importedInYear(counted, yearOf(date), date);
}

/** Which treatment year of twelve months from the start a day falls in, from 1; each computed from the start itself. */
export function treatmentYear(start: string, date: string): number {
  let year = 1;
  while (date >= termEnd(start, 12 * year)) year += 1;
  return year;
}

/**
 * Sessions that an import alone knows of: of one that states the whole, what is neither ours nor known of earlier imports. Where it is below
 * our own there are none, and what was cut off before it counts as given.
 */
function knownAlone(counted: Counted, history: HistoryFact): number {
  if (history.scope === 'elsewhere') return history.count;
  const before = counted.course.imports
    .filter((other) => isEarlier(other, history))
    .reduce((sum, other) => sum + knownAlone(counted, other), 0);
  return Math.max(0, history.count - ownUpTo(counted, history.throughDate) - before);
}

/** How many-th of its treatment year the n-th own session is; an imported count falls in the year that contains its date. */
export function ordinalInTreatmentYear(counted: Counted, start: string, n: number, date: string): number {
  const year = treatmentYear(start, date);
  const otherYears = counted.slots.slice(0, n - 1).filter((slot) => treatmentYear(start, slot.date) !== year).length;
  const imported = counted.course.imports
    .filter((history) => date > placeOf(counted, history) && treatmentYear(start, history.throughDate) === year)
    .reduce((sum, history) => sum + knownAlone(counted, history), 0);
  return n - otherYears + imported;
}
