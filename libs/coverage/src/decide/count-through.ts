/** How many sessions a trajectory has counted up to a date: what one insurer tells the next. */
import type { HistoryFact, PersonFacts, TrajectoryId } from '#libs/trajectory';
import { dayAfter } from '../calendar';
import type { PolicyBook } from '../policy/book';
import { advanceTo, nextPosition, prepareGroup } from './group';
import { spellsOf } from './insurance';
import { worksInOrder } from './order';
import { classOn } from './statements';
import { judge } from './validity';
import type { Group, Work } from './work';

/** Of the counting unit that a trajectory belongs to, in its last episode that has begun on the date. */
export interface CountThrough {
  /** The earliest counting session or stated start. */
  readonly startedOn: string;
  /** Positions that are taken up to and including the date. */
  readonly count: number;
  /** Lines of ours that count, in session order. A line may count for several sessions. */
  readonly own: readonly Work['session'][];
  /** Imports in effect that the count rests on beside our own lines. */
  readonly histories: readonly HistoryFact[];
  /** Year (`YYYY`) to sessions; null where an import that is counted does not say which years its sessions fell in. */
  readonly perCalendarYear: Readonly<Record<string, number>> | null;
  /** All codes of the lineage. */
  readonly codes: ReadonlySet<string>;
  /** What was stated of the episode, each field by the latest statement that has it. */
  readonly clinical: Group['stated']['clinical'];
  /** Class of severity that was set for the date; null = none was. */
  readonly careClass: string | null;
}

/**
 * Counts by the same steps as `decide`, up to a date and without deciding who pays. An import stands where its sessions do, whatever
 * later day its statement runs to: the date must not lie before the end of an import in effect.
 * @param survivor a trajectory of Annex 1 that nothing absorbed
 * @returns null when its sessions are not counted in a unit of Annex 1, such as COPD's
 */
export function countThrough(facts: PersonFacts, book: PolicyBook, survivor: TrajectoryId, through: string): CountThrough | null {
  const { works, groups } = worksInOrder(facts, book);
  const spells = spellsOf(facts, book);
  for (const work of works) judge(work, facts, spells, book);
  const group = unitOf(groups, facts.trajectories.get(survivor)?.diagnosis ?? '', through);
  if (group === null) return null;
  prepareGroup(group, spells, book);
  const counted = group.works.filter((each) => each.invalid === null && each.units > 0 && each.session.date <= through);
  for (const { session, units } of counted) {
    advanceTo(group, session.date);
    for (let i = 0; i < units; i += 1) group.position = nextPosition(group, session.date);
  }
  // imports that end on the date, or earlier and after our last session
  advanceTo(group, dayAfter(through));
  return {
    startedOn: group.start,
    count: group.position,
    own: counted.map(({ session }) => session),
    histories: group.histories,
    perCalendarYear: perCalendarYear(counted, group),
    codes: group.diagnoses,
    clinical: group.stated.clinical,
    careClass: classOn(group.stated, through),
  };
}

/** Episodes of a lineage stand rising, and share its codes. */
const unitOf = (groups: readonly Group[], diagnosis: string, date: string): Group | null =>
  groups.findLast((each) => each.regime === 'annex' && each.diagnoses.has(diagnosis) && each.episodeFrom <= date) ?? null;

function perCalendarYear(counted: readonly Work[], group: Group): Record<string, number> | null {
  const years = new Map<string, number>();
  const add = (year: string, sessions: number): void => void years.set(year, (years.get(year) ?? 0) + sessions);
  for (const { session, units } of counted) add(session.date.slice(0, 4), units);
  for (const { perCalendarYear: stated, count } of group.histories) {
    if (stated === undefined && count > 0) return null;
    for (const [year, sessions] of Object.entries(stated ?? {})) add(year, sessions);
  }
  // where a whole was stated, ours are inside it, and which of its years they fill is not known
  const total = [...years.values()].reduce((sum, sessions) => sum + sessions, 0);
  return total === group.position ? Object.fromEntries([...years].filter(([, n]) => n > 0).sort()) : null;
}
