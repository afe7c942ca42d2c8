/** Lines that a clerk has moved to another course of the person. Drawn apart, so that all else of a seed's person stays what it was. */
import type { LineKey, PersonFacts, SessionFact, TrajectoryFacts, TrajectoryId } from '#libs/trajectory';
import type { Random } from './random';

const codesOf = ({ diagnosis, remaps }: TrajectoryFacts): string[] => [
  diagnosis,
  ...remaps.flatMap(({ from, to }) => [from, to]),
];

/** One person in four has one to four lines in another stream than they were declared for, of the same regime. */
export function withMoves(facts: PersonFacts, random: Random): PersonFacts {
  if (!random.oneIn(4)) return facts;
  const sessions = new Map<TrajectoryId, Map<LineKey, SessionFact>>(
    [...facts.trajectories].map(([id, stream]) => [id, new Map(stream.sessions)]),
  );
  const streams = [...facts.trajectories.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  for (let i = random.pick([1, 1, 2, 4]); i > 0; i -= 1) {
    const from = random.pick(streams);
    const to = streams.filter((each) => each !== from && each.regime === from.regime && each.absorbedInto === null);
    const lines = [...(sessions.get(from.id)?.values() ?? [])].sort((one, other) => (one.line < other.line ? -1 : 1));
    if (to.length === 0 || lines.length === 0) continue;
    const [target, line] = [random.pick(to), random.pick(lines)];
    // whoever else had stored it no longer has it
    for (const stored of sessions.values()) stored.delete(line.line);
    const moved = { move: (line.moved?.move ?? 0) + 1, under: random.pick(codesOf(target)) };
    sessions.get(target.id)?.set(line.line, { ...line, moved });
  }
  const trajectories = [...facts.trajectories].map(
    ([id, stream]) => [id, { ...stream, sessions: sessions.get(id) ?? stream.sessions }] as const,
  );
  return { ...facts, trajectories: new Map(trajectories) };
}
