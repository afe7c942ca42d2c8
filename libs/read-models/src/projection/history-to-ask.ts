/** Which switches of insurer still wait for a history. */
import type { HistoryEntry } from '../entities';

export interface TrajectoryHistory {
  readonly id: string;
  readonly absorbedInto: string | null;
  readonly switchDates: readonly string[];
  readonly histories: readonly HistoryEntry[];
}

/**
 * Subjects on which a history is to be asked: ids of trajectories, and `person` true for a switch reported without one. What
 * was absorbed counts with the trajectory that survived. An import in effect (not superseded, not retracted) through date D
 * answers a switch on S when no other switch lies strictly between them. Whether own sessions lie between is left to the
 * decision, which holds the lines then: the work item `held` shows it.
 *
 * A switch reported without a trajectory is answered by an import on any of the person's trajectories, and becomes the matter
 * of a trajectory that has a switch of the same date.
 */
export function historyToAsk(
  trajectories: readonly TrajectoryHistory[],
  reportedDates: readonly string[],
): { readonly trajectories: ReadonlySet<string>; readonly person: boolean } {
  const byId = new Map(trajectories.map((each) => [each.id, each]));
  const united = new Map<string, { switchDates: string[]; imports: HistoryEntry[] }>();
  for (const each of trajectories) {
    const survivor = survivorOf(each, byId);
    const union = united.get(survivor) ?? { switchDates: [], imports: [] };
    united.set(survivor, union);
    union.switchDates.push(...each.switchDates);
    union.imports.push(...each.histories.filter(({ endedBy }) => endedBy === null));
  }
  const open = new Set<string>();
  for (const [id, { switchDates, imports }] of united)
    if (switchDates.some((date) => !imports.some((given) => answers(given.throughDate, date, switchDates)))) open.add(id);
  const imports = [...united.values()].flatMap((each) => each.imports);
  const known = new Set([...united.values()].flatMap((each) => each.switchDates));
  const person = reportedDates.some(
    (date) => !known.has(date) && !imports.some((given) => answers(given.throughDate, date, reportedDates)),
  );
  return { trajectories: open, person };
}

function answers(throughDate: string, switchDate: string, switchDates: readonly string[]): boolean {
  const [from, to] = throughDate < switchDate ? [throughDate, switchDate] : [switchDate, throughDate];
  return !switchDates.some((other) => from < other && other < to);
}

/** Follows absorptions; a cycle, which the commands refuse, ends where it is entered. */
function survivorOf(trajectory: TrajectoryHistory, byId: ReadonlyMap<string, TrajectoryHistory>): string {
  const seen = new Set<string>([trajectory.id]);
  let current = trajectory;
  for (;;) {
    const next = current.absorbedInto === null ? undefined : byId.get(current.absorbedInto);
    if (next === undefined || seen.has(next.id)) return current.id;
    seen.add(next.id);
    current = next;
  }
}
