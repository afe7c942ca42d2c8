/** A person as they stand in the store, and what the oracle says of their facts. */
import { loadPersons } from '#libs/dossiers';
import type { LineKey, PersonFold } from '#libs/trajectory';
import { told } from '../oracle/compare';
import { oracle, type PackageLimits } from '../oracle/oracle';
import type { Desk } from './desk';
import { mustBe } from './fault';

export interface Look {
  readonly state: PersonFold;
  /** What the oracle decides of each line, in words that compare. */
  readonly oracle: ReadonlyMap<LineKey, string>;
  /** Lines on which the recorded decision says something else. */
  readonly disagreed: readonly LineKey[];
}

export async function readState(desk: Desk, person = desk.person): Promise<PersonFold> {
  const loaded = (await loadPersons(desk.store, [person])).get(person);
  mustBe(loaded?.unseen.length === 0, 'every fact is followed by a decision', () => `${loaded?.unseen.length} facts are not`);
  return loaded.fold;
}

export async function lookAt(desk: Desk, packages: readonly PackageLimits[], person = desk.person): Promise<Look> {
  const state = await readState(desk, person);
  const byOracle = new Map<LineKey, string>(oracle(state.facts, packages).map((each) => [each.line, told(each)]));
  const lines = [...new Set([...byOracle.keys(), ...state.decisions.keys()])];
  return { state, oracle: byOracle, disagreed: lines.filter((line) => toldOf(state, line) !== byOracle.get(line)) };
}

/** What is recorded of the line, in the words in which the oracle is told. */
export function toldOf({ decisions }: PersonFold, line: LineKey): string | undefined {
  const decision = decisions.get(line);
  return decision === undefined ? undefined : told(decision);
}

/** Lines of which the oracle says something else the second time, ascending. */
export const redecidedByOracle = (before: Look, after: Look): LineKey[] =>
  [...new Set([...before.oracle.keys(), ...after.oracle.keys()])]
    .filter((line) => before.oracle.get(line) !== after.oracle.get(line))
    .sort();
