import type { LineKey, OverrideFact, PersonState, SessionFact, TrajectoryId } from '#libs/trajectory';
import type { Refusals } from '../statements/refusals';

export interface StandingLine {
  readonly session: SessionFact;
  /** The stream it is read from: of two that hold the key the one of the lowest id, as the engine reads it. */
  readonly trajectory: TrajectoryId;
  readonly override: OverrideFact | null;
}

/** The person's line of that key, uncredited; null when it is refused. */
export function standingLine({ facts }: PersonState, line: LineKey, refusals: Refusals): StandingLine | null {
  const streams = [...facts.trajectories.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id, sessions, overrides } of streams) {
    const session = sessions.get(line);
    if (session !== undefined) return { session, trajectory: id, override: overrides.get(line) ?? null };
  }
  if (streams.some(({ withdrawn }) => withdrawn.has(line)))
    refusals.add('line-credited', 'reference', 'this line was credited: nothing stands on it any more');
  else refusals.add('line-unknown', 'reference', 'this person has no such line; check practice and reference number');
  return null;
}
