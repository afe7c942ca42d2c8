/** The line that is to be moved, or why it cannot be. */
import { departureOf, lineKey, type LineKey, type PersonState, type SessionFact, type TrajectoryId } from '#libs/trajectory';
import type { Refusal } from '../refusal';

export interface LineToMove {
  readonly line: LineKey;
  /** As it counts now. */
  readonly session: SessionFact;
  /** Every trajectory in whose stream it stands, rising: one, or those that two writers stored it in. */
  readonly holders: readonly TrajectoryId[];
}

const refused = (code: string, problem: string): { readonly refusal: Refusal } => ({
  refusal: { code, field: 'reference', problem },
});

export function findLine(
  state: PersonState,
  { practice, reference }: { readonly practice: string; readonly reference: string },
): LineToMove | { readonly refusal: Refusal } {
  const line = lineKey(practice, reference);
  // by id: the engine takes a line that stands in two streams from the lowest
  const all = [...state.facts.trajectories.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const holders = all.filter(({ sessions }) => sessions.has(line));
  if (holders.some(({ overrides }) => overrides.has(line)))
    return refused(
      'line-overridden',
      'its decision is set by hand, for where it counts now; end the override first, then move the line',
    );
  const session = holders[0]?.sessions.get(line);
  if (session !== undefined) return { line, session, holders: holders.map(({ id }) => id) };
  if (all.some(({ withdrawn }) => withdrawn.has(line)))
    return refused('line-credited', 'this line was credited: it counts nowhere, and cannot be moved');
  if (departureOf(state.facts, line) !== null)
    return refused('line-moved-away', 'this line was moved to another person; move it from there');
  return refused('line-unknown', 'this person has no line of this practice under this reference; check both');
}
