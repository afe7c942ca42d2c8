/** Where a line belongs: storage is fixed by (person, regime, code lineage) and by nothing else. */
import type { TrajectoryId } from '../ids';
import type { Regime } from '../regime';
import type { PersonFacts, RemapFact, SessionFact, TrajectoryFacts } from './facts';

/** All codes that remaps have joined into this trajectory's lineage, its first code included. */
export function lineageCodes(trajectory: TrajectoryFacts): readonly string[] {
  return [...new Set([trajectory.diagnosis, ...trajectory.remaps.flatMap((remap) => [remap.from, remap.to])])];
}

/** The code that a line counts under: that of its last move, else the one that was declared. */
export const codeOf = ({ moved, diagnosis }: Pick<SessionFact, 'moved' | 'diagnosis'>): string => moved?.under ?? diagnosis;

/** A trajectory has at most one remap of two codes from a day on: why it was made does not tell it from another. */
export const isSameRemap = (one: Omit<RemapFact, 'reason'>, other: Omit<RemapFact, 'reason'>): boolean =>
  one.from === other.from && one.to === other.to && one.effectiveDate === other.effectiveDate;

/** The trajectory that `id` counts in: itself, or the end of its chain of absorptions. Throws on a cycle (a broken store). */
export function survivorOf(facts: PersonFacts, id: TrajectoryId): TrajectoryId {
  let current = id;
  for (let steps = 0; steps <= facts.trajectories.size; steps += 1) {
    const into = facts.trajectories.get(current)?.absorbedInto ?? null;
    if (into === null) return current;
    current = into;
  }
  throw new Error(`trajectory ${id}: its absorptions form a cycle`);
}

/** A trajectory with all that it took up, directly or over others, also where it was absorbed itself since. */
export function withAbsorbed(facts: PersonFacts, id: TrajectoryId): readonly TrajectoryFacts[] {
  const whole = new Set([id]);
  for (let size = 0; size < whole.size;) {
    size = whole.size;
    for (const each of facts.trajectories.values())
      if (each.absorbedInto !== null && whole.has(each.absorbedInto)) whole.add(each.id);
  }
  return [...facts.trajectories.values()].filter((each) => whole.has(each.id));
}

/** The trajectory that a line of this regime and code is stored in, or null when the person has none yet. */
export function routeOf(facts: PersonFacts, regime: Regime, diagnosis: string): TrajectoryId | null {
  for (const trajectory of facts.trajectories.values())
    if (trajectory.regime === regime && lineageCodes(trajectory).includes(diagnosis)) return survivorOf(facts, trajectory.id);
  return null;
}

/** The trajectories that count together: the survivor and all that it took up, directly or over others. */
export function absorbedBy(facts: PersonFacts, survivor: TrajectoryId): readonly TrajectoryFacts[] {
  return [...facts.trajectories.values()].filter((each) => survivorOf(facts, each.id) === survivor);
}
