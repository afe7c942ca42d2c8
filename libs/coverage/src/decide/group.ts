/** Anchor, threshold and running position of a counting group. */
import { dayBefore, monthsAfter } from '../calendar';
import type { PolicyBook } from '../policy/book';
import type { CapPeriod } from '../policy/document';
import { MAX_CODES } from './money';
import { ownSessions, placeImports, unansweredSwitch } from './history';
import type { Spell } from './insurance';
import type { Group } from './work';

/** Fixes what holds for the whole group once all its lines are judged: anchor, closed codes that wait for it, imports, threshold. */
export function prepareGroup(group: Group, spells: readonly Spell[], book: PolicyBook): void {
  findStart(group);
  if (refuseLateStarts(group)) findStart(group);
  if (group.histories.length > 0) placeImports(group, spells);
  if (group.switchDates.length > 0) group.unansweredSwitch = unansweredSwitch(group);
  group.threshold = thresholdByStart(group, book);
}

/** The earliest counting session or stated start. Diagnosis is never an anchor. */
function findStart(group: Group): void {
  group.firstWork = null;
  group.start = '';
  for (const work of group.works) {
    if (work.invalid === null && work.units > 0) {
      group.firstWork = work;
      group.start = work.session.date;
      break;
    }
  }
  for (const history of group.histories) {
    if (group.start === '' || history.startedOn < group.start) group.start = history.startedOn;
  }
}

/** A closed code that the insurer accepts only in trajectories started before a date is 8009 in one that started later. */
function refuseLateStarts(group: Group): boolean {
  let changed = false;
  for (const work of group.works) {
    if (!work.awaitsStart) continue;
    const startedBefore = work.terms?.closedStartedBefore ?? '';
    if (group.start !== '' && group.start < startedBefore) continue;
    const { diagnosis, csi } = work.session;
    // what else was wrong is told with it, but for the combination: a code that is not accepted has none
    const others = work.invalid?.codes.filter((code) => code !== '8058') ?? [];
    if (work.invalid === null) changed = true;
    const codes = [...others, '8009'].sort().slice(0, MAX_CODES);
    work.invalid = { rule: 'closed-code', codes, values: { code: diagnosis, csi, startedBefore } };
  }
  return changed;
}

/** 9, 12 or 20 by when the trajectory started; the lower number only if that session surely fell before the law changed. */
function thresholdByStart(group: Group, book: PolicyBook): number {
  // a group without a counting session holds only reports and the like: they are judged by their own date
  const start = group.start !== '' ? group.start : (group.works.find((work) => work.invalid === null)?.session.date ?? '');
  for (const row of book.document.thresholds.byStart) {
    if (row.startedFrom !== undefined && start < row.startedFrom) continue;
    if (row.startedThrough !== undefined && start > row.startedThrough) continue;
    if (row.ifReachedBefore === undefined || row.otherwise === undefined) return row.sessions;
    const boundary = row.ifReachedBefore;
    const undated = group.histories.some((history) => history.count > 0 && history.startedOn < boundary);
    const reached = !undated && ownSessions(group, dayBefore(boundary)) >= row.sessions;
    return reached ? row.sessions : row.otherwise;
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
    if (per === 'treatment-year' && sameTreatmentYear(group, next.through)) group.windowUsed += next.knownAlone;
    if (per === 'calendar-year' && next.history !== null)
      group.windowUsed += inCalendarYear(group, next.history, date.slice(0, 4));
  }
}

function enterWindow(group: Group, date: string, per: Window): void {
  if (group.windowIndex >= 0 && date < group.windowEnd) return;
  if (per === 'twelve-months') {
    group.windowIndex += 1;
    group.windowEnd = monthsAfter(date, 12);
    group.windowUsed = 0;
    return;
  }
  if (per === 'calendar-year') {
    const year = date.slice(0, 4);
    group.windowIndex = Number(year);
    group.windowEnd = `${String(group.windowIndex + 1).padStart(4, '0')}-01-01`;
    group.windowUsed = 0;
    for (let i = 0; i < group.nextImport; i++) {
      const history = group.imports[i]?.history;
      if (history != null) group.windowUsed += inCalendarYear(group, history, year);
    }
    return;
  }
  if (group.start === '') return;
  let index = Math.max(0, group.windowIndex);
  let end = monthsAfter(group.start, 12 * (index + 1));
  while (date >= end) {
    index++;
    end = monthsAfter(group.start, 12 * (index + 1));
  }
  group.windowIndex = index;
  group.windowEnd = end;
  group.windowUsed = 0;
  for (let i = 0; i < group.nextImport; i++) {
    const placed = group.imports[i];
    if (placed !== undefined && sameTreatmentYear(group, placed.through)) group.windowUsed += placed.knownAlone;
  }
}

const sameTreatmentYear = (group: Group, date: string): boolean =>
  date < group.windowEnd && date >= monthsAfter(group.start, 12 * group.windowIndex);

/**
 * Sessions of a calendar year that only the import knows; of an `everything` count our own sessions of that year are taken off, and
 * what imports of earlier dates know of it.
 */
function inCalendarYear(group: Group, history: Group['histories'][number], year: string): number {
  const stated = history.perCalendarYear?.[year] ?? 0;
  if (history.scope === 'elsewhere' || stated === 0) return stated;
  let own = 0;
  // `placeImports` put the histories in their order
  for (const earlier of group.histories) {
    if (earlier === history) break;
    own += inCalendarYear(group, earlier, year);
  }
  for (const work of group.works) {
    const date = work.session.date;
    if (work.invalid === null && date <= history.throughDate && date.startsWith(year)) own += work.units;
  }
  return Math.max(0, stated - own);
}

/** The position that the next session of the date takes. */
export function nextPosition(group: Group, date: string): number {
  let next = group.position + 1;
  for (const { ceiling, through } of group.imports) if (ceiling !== null && date <= through && next > ceiling) next = ceiling;
  return next;
}
