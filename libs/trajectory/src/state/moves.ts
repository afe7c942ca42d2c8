/** Where a line that was moved is now. */
import type { LineKey } from '../ids';
import type { Departure, PersonFacts } from './facts';

/** The line's departure to another person, where it has not come back since; null = it is here, or never was. */
export function departureOf(facts: PersonFacts, line: LineKey): Departure | null {
  let last: Departure | null = null;
  for (const { sessions, withdrawn, departed } of facts.trajectories.values()) {
    if (sessions.has(line) || withdrawn.has(line)) return null;
    const here = departed.get(line);
    if (here !== undefined && (last === null || here.move > last.move)) last = here;
  }
  return last;
}

/** All lines that are with another person now, or on their way there. */
export function departuresOf(facts: PersonFacts): readonly Departure[] {
  const lines = new Set([...facts.trajectories.values()].flatMap(({ departed }) => [...departed.keys()]));
  return [...lines].flatMap((line) => departureOf(facts, line) ?? []);
}

/** Whether the line has come to this person by that move, whatever became of it since. */
export function hasArrived(facts: PersonFacts, line: LineKey, move: number): boolean {
  for (const { sessions, withdrawn, departed } of facts.trajectories.values()) {
    const held = sessions.get(line) ?? withdrawn.get(line)?.session;
    if ((held?.moved?.move ?? 0) >= move || (departed.get(line)?.move ?? 0) > move) return true;
  }
  return false;
}
