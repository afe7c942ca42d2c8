/**
 * Imported sessions take positions among our own; switches wait for an import that answers them.
 *
 * An import of N sessions through date D stands at P = D, or, when D lies in a spell of our own insurance, the day before that
 * spell begins: after own sessions on or before P, before later ones. `elsewhere`: N positions on top of ours. `everything`: the
 * whole up to D, ours and earlier imports included; where it states fewer than we hold, positions up to D stop at N and the next is
 * N + 1 [ours]. That bounds positions alone: a treatment year holds all our own sessions, and of imports what they alone know of.
 */
import { compareHistories, type HistoryFact } from '#libs/trajectory';
import { dayAfter, monthsAfter } from '../calendar';
import { compare } from './compare';
import type { Spell } from './insurance';
import { spellOn } from './insurance';
import type { Group, PlacedImport, Work } from './work';

export function placeImports(group: Group, spells: readonly Spell[]): void {
  const placed: PlacedImport[] = [];
  /** Own sessions up to the last statement that was below them, and the count that it stated. */
  let stated = { count: 0, own: 0 };
  let imported = 0;
  /** Sessions that the imports so far know of and we do not. */
  let known = 0;
  group.histories.sort(compareHistories);
  for (const history of group.histories) {
    const spell = spellOn(spells, history.throughDate);
    const before = spell === null ? dayAfter(history.throughDate) : spell.from;
    const through = history.throughDate;
    const own = ownSessions(group, through);
    const knownAlone = history.scope === 'elsewhere' ? history.count : Math.max(0, history.count - own - known);
    known += knownAlone;
    if (history.scope === 'everything' && own > history.count) {
      group.statedBelowOwn = true;
      stated = { count: history.count, own };
      imported = 0;
      // what it states of a calendar year stands where its sessions stand; its bound is where it ends
      placed.push({ history, before, positions: 0, knownAlone, ceiling: null, through });
      placed.push({ history: null, before: dayAfter(through), positions: 0, knownAlone: 0, ceiling: history.count, through });
      continue;
    }
    const reached = stated.count + own - stated.own + imported;
    const positions = history.scope === 'elsewhere' ? history.count : Math.max(0, history.count - reached);
    imported += positions;
    placed.push({ history, before, positions, knownAlone, ceiling: null, through });
  }
  // of one day in the order of their dates: sorting is stable
  group.imports = placed.sort((a, b) => compare(a.before, b.before));
}

/** Own counting sessions on or before the date. */
export function ownSessions(group: Group, through: string): number {
  let count = 0;
  for (const work of group.works) {
    if (work.session.date > through) break;
    count += work.units;
  }
  return count;
}

/** The earliest recorded switch that no import answers, or ''. */
export function unansweredSwitch(group: Group): string {
  return group.switchDates.toSorted().find((date) => !group.histories.some((history) => answers(history, date, group))) ?? '';
}

/**
 * Our insurances before which sessions may have been given that no import tells of: none runs to the first day or beyond, or is followed by
 * nothing that we know of until then. An episode that begins later has nothing before it.
 */
export const unknownBefore = (group: Group, spells: readonly Spell[]): readonly Spell[] =>
  spells.filter(
    ({ from }) =>
      group.episodeFrom < from &&
      !group.histories.some((history) => history.throughDate >= from || answers(history, from, group)),
  );

/**
 * Whether the line asks for what was given before our insurance: the first session here of an adult whose count matters, within the months.
 * To be asked once of every decided line, in their order.
 */
export function asksHistory(work: Work, threshold: number, adult: boolean, months: number | null): boolean {
  const { group, session, units, condition } = work;
  if (units === 0 || !adult || threshold === 0 || condition?.regime !== 'annex') return false;
  const spell = spellOn(group.unknownBefore, session.date);
  if (spell === null || group.seenSince === spell.from) return false;
  group.seenSince = spell.from;
  return months !== null && session.date < monthsAfter(spell.from, months);
}

/** No own session and no other switch lies strictly between the import's date and the switch. */
function answers({ throughDate }: HistoryFact, switchDate: string, group: Group): boolean {
  const between = (date: string): boolean =>
    (throughDate < date && date < switchDate) || (switchDate < date && date < throughDate);
  if (group.switchDates.some(between)) return false;
  return !group.works.some((work) => work.units > 0 && between(work.session.date));
}
