import { countedTogether, type PolicyBook } from '#libs/coverage';
import type { PersonFacts, TrajectoryId } from '#libs/trajectory';
import type { BeyondCommand, LineMove } from './shape';

/** By trajectory and practice. What counts together with a trajectory is part of it. */
export function beyondTheCommand(
  facts: PersonFacts,
  moves: readonly LineMove[],
  touched: ReadonlySet<TrajectoryId>,
  book: PolicyBook,
): BeyondCommand[] {
  // A command on the person alone (insurance, packages) speaks of all trajectories.
  if (touched.size === 0) return [];
  const spokenOf = new Set([...touched].flatMap((id) => countedTogether(facts, id, book).map((each) => each.id)));
  const practices = new Set(
    [...spokenOf].flatMap((id) => [...(facts.trajectories.get(id)?.sessions.values() ?? [])].map((each) => each.practice)),
  );
  const beyond = new Map<string, BeyondCommand>();
  for (const { practice, trajectory, before, after } of moves) {
    if (spokenOf.has(trajectory)) continue;
    const key = `${trajectory}/${practice}`;
    const known = beyond.get(key) ?? { lines: 0, paidToProvider: 0, claimFromInsured: 0 };
    beyond.set(key, {
      practice,
      trajectory,
      lines: known.lines + 1,
      paidToProvider: known.paidToProvider + (after?.paidToProvider ?? 0) - (before?.paidToProvider ?? 0),
      claimFromInsured: known.claimFromInsured + (after?.claimFromInsured ?? 0) - (before?.claimFromInsured ?? 0),
      practiceIsThird: !practices.has(practice),
    });
  }
  return [...beyond].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
