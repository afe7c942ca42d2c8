/** What goes back behind a history that somebody verified: never without a second person. */
import { countedTogether } from '#libs/coverage';
import type { HistoryImportId, LineKey, TrajectoryEvent, TrajectoryId } from '#libs/trajectory';
import type { PlannedEffects } from '../person/command';
import type { LineMove, Outcome } from './shape';

type Planned = Pick<PlannedEffects, 'state' | 'facts' | 'historiesBefore' | 'book'>;

const isVerified = ({ historiesBefore }: Pick<Planned, 'historiesBefore'>, id: HistoryImportId): boolean =>
  historiesBefore.get(id)?.status === 'verified';

/** Verified imports that no longer stand once these events are recorded. */
export const endedVerified = (planned: Pick<Planned, 'historiesBefore'>, events: readonly TrajectoryEvent[]): HistoryImportId[] =>
  events
    .flatMap((event) => {
      if (event.type === 'HistoryRetracted.v1') return [event.data.importId];
      if (event.type === 'HistoryImported.v2' && event.data.supersedes !== undefined) return [event.data.supersedes];
      return [];
    })
    .filter((id) => isVerified(planned, id));

/** The lines that count together with a verified history, before or after, and get a lower position, or none. */
export function verifiedFalls(planned: Planned, lines: readonly LineMove[]): LineMove[] {
  const { state, facts, historiesBefore, book } = planned;
  if (![...historiesBefore.keys()].some((id) => isVerified(planned, id))) return [];
  const verified = new Set<TrajectoryId>();
  for (const { id, histories } of state.facts.trajectories.values()) {
    const events = facts.trajectories.get(id) ?? [];
    if (!histories.some(({ importId }) => isVerified(planned, importId)) && endedVerified(planned, events).length === 0) continue;
    for (const each of countedTogether(state.facts, id, book)) verified.add(each.id);
    // Until now its count was that of the trajectory which lets it go.
    for (const event of events) if (event.type === 'AbsorptionReverted.v1') verified.add(event.data.from);
  }
  const countsIn = (line: LineKey): TrajectoryId | undefined => state.decisions.get(line)?.trajectory;
  return lines.filter(
    ({ line, trajectory, before, after }) =>
      (verified.has(trajectory) || verified.has(countsIn(line) ?? trajectory)) && lastPosition(after) < lastPosition(before),
  );
}

const lastPosition = (outcome: Outcome | null): number =>
  Math.max(0, ...(outcome?.sessions.map(({ position }) => position ?? 0) ?? []));
