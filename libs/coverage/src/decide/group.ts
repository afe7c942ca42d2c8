/** Anchor, threshold and running position of a counting group. */
import { dayBefore, monthsAfter } from '../calendar';
import type { PolicyBook } from '../policy/book';
import type { CapPeriod } from '../policy/document';
import { ownSessions, placeImports, unansweredSwitch, unknownBefore } from './history';
import type { Spell } from './insurance';
import type { Group, PlacedImport } from './work';

/** Fixes what holds for the whole group once all its lines are judged: anchor, closed codes that wait for it, imports, threshold. */
export function prepareGroup(group: Group, spells: readonly Spell[], book: PolicyBook): void {
  findStart(group);
  refuseLateStarts(group);
  // what was refused has started nothing
  findStart(group);
  placeImports(group, spells);
  group.unansweredSwitch = unansweredSwitch(group);
  group.unknownBefore = unknownBefore(group, spells);
  group.threshold = thresholdByStart(group, book);
}

/** The earliest counting session or stated start. Diagnosis is never an anchor. */
function findStart(group: Group): void {
  group.firstWork = group.works.find((work) => work.units > 0) ?? null;
  group.start = group.firstWork?.session.date ?? '';
  for (const history of group.histories) {
    if (group.start === '' || history.startedOn < group.start) group.start = history.startedOn;
  }
}

/** A closed code that the insurer accepts only in trajectories started before a date is 8009 in one that started later. */
function refuseLateStarts(group: Group): void {
  for (const work of group.works) {
    const { startedBefore } = work;
    if (startedBefore === '' || (group.start !== '' && group.start < startedBefore)) continue;
    const { diagnosis, csi } = work.session;
    // what else was wrong is told with it, but for the combination: a code that is not accepted has none
    const others = work.invalid?.codes.filter((code) => code !== '8058') ?? [];
    // the highest code of its step, beside two others at most
    work.invalid = { rule: 'closed-code', codes: [...others, '8009'], values: { code: diagnosis, csi, startedBefore } };
    work.units = 0;
  }
}

/** 9, 12 or 20 by when the trajectory started; the lower number only if that session surely fell before the law changed. */
function thresholdByStart(group: Group, book: PolicyBook): number {
  // a group without a counting session holds only reports and the like: they are judged by their own date
  const start = group.start !== '' ? group.start : (group.works.find((work) => work.invalid === null)?.session.date ?? '');
  for (const row of book.document.thresholds.byStart) {
    if (start < (row.startedFrom ?? '') || start > (row.startedThrough ?? '9999-12-31')) continue;
    const boundary = row.ifReachedBefore;
    if (boundary === undefined) return row.sessions;
    const undated = group.histories.some((history) => history.count > 0 && history.startedOn < boundary);
    const reached = !undated && ownSessions(group, dayBefore(boundary)) >= row.sessions;
    return reached ? row.sessions : (row.otherwise ?? row.sessions);
  }
  return 0;
}

type Window = Extract<CapPeriod, 'treatment-year' | 'calendar-year' | 'twelve-months'>;

/** The window that sessions of the unit fill on the date, whatever each of them invokes; null when there is none. */
export function windowOf(group: Group, date: string): Window | null {
  const per = group.condition?.terms.at(date).capPer ?? null;
  return per === 'treatment-year' || per === 'calendar-year' || per === 'twelve-months' ? per : null;
}

/** Lets the imports that stand before the date take their positions, and moves the unit's window on to the date. */
export function advanceTo(group: Group, date: string): void {
  const per = windowOf(group, date);
  if (per !== null) enterWindow(group, date, per);
  for (;;) {
    const next = group.imports[group.nextImport];
    if (next === undefined || next.before > date) return;
    group.nextImport++;
    // a whole below our own bounds the count: what was imported before is inside it
    group.position = next.ceiling ?? group.position + next.positions;
    group.imported = next.ceiling === null ? group.imported + next.positions : 0;
    group.windowUsed += inWindow(group, next, per, date);
  }
}

function enterWindow(group: Group, date: string, per: Window): void {
  if (date < group.windowEnd) return;
  group.windowUsed = 0;
  if (per === 'twelve-months') {
    group.windowEnd = monthsAfter(date, 12);
    return;
  }
  if (per === 'calendar-year') {
    group.windowEnd = monthsAfter(`${date.slice(0, 4)}-01-01`, 12);
  } else {
    // reports alone open no treatment year
    if (group.start === '') return;
    while (date >= treatmentYear(group, group.windowIndex + 1)) group.windowIndex++;
    group.windowEnd = treatmentYear(group, group.windowIndex + 1);
  }
  for (const placed of group.imports.slice(0, group.nextImport)) group.windowUsed += inWindow(group, placed, per, date);
}

/** First day of a treatment year, the first being 0. */
const treatmentYear = (group: Group, index: number): string => monthsAfter(group.start, 12 * index);

/** Sessions of the import that fall in the window of the date. */
function inWindow(group: Group, { history, knownAlone, through }: PlacedImport, per: Window | null, date: string): number {
  if (per === 'calendar-year') return history === null ? 0 : inCalendarYear(group, history, date.slice(0, 4));
  const isOfYear = per === 'treatment-year' && through < group.windowEnd && through >= treatmentYear(group, group.windowIndex);
  return isOfYear ? knownAlone : 0;
}

/**
 * Sessions of a calendar year that only the import knows; of an `everything` count our own sessions of that year are taken off, and
 * what imports of earlier dates know of it.
 */
function inCalendarYear(group: Group, history: Group['histories'][number], year: string): number {
  const stated = history.perCalendarYear?.[year] ?? 0;
  if (history.scope === 'elsewhere') return stated;
  let own = 0;
  // `placeImports` put the histories in their order
  for (const earlier of group.histories) {
    if (earlier === history) break;
    own += inCalendarYear(group, earlier, year);
  }
  for (const work of group.works) {
    const date = work.session.date;
    if (date <= history.throughDate && date.startsWith(year)) own += work.units;
  }
  return Math.max(0, stated - own);
}

/** The position that the next session of the date takes. */
export function nextPosition(group: Group, date: string): number {
  let next = group.position + 1;
  for (const { ceiling, through } of group.imports) if (ceiling !== null && date <= through) next = Math.min(next, ceiling);
  return next;
}
