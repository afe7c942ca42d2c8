import type { LineKey, PersonState, SessionFact, TrajectoryId } from '#libs/trajectory';

export interface DeclaredLine {
  readonly session: SessionFact;
  readonly trajectory: TrajectoryId;
}

/** Every line that is or was the person's, with the trajectory it is stored in; of a key that stands in two the one where it counts. */
export function declaredLines({ facts }: Pick<PersonState, 'facts'>): ReadonlyMap<LineKey, DeclaredLine> {
  const lines = new Map<LineKey, DeclaredLine>();
  for (const { id, departed, withdrawn } of facts.trajectories.values()) {
    for (const [line, { session }] of departed) lines.set(line, { session, trajectory: id });
    for (const [line, { session }] of withdrawn) lines.set(line, { session, trajectory: id });
  }
  for (const { id, sessions } of facts.trajectories.values())
    for (const [line, session] of sessions) lines.set(line, { session, trajectory: id });
  return lines;
}
