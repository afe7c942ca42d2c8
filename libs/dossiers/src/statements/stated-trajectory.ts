/** The trajectory that a statement is about, with all that counts together with it. */
import { conditionOn, countedTogether, itemsOf, type Condition, type PolicyBook } from '#libs/coverage';
import {
  lineageCodes,
  routeOf,
  type IsoDate,
  type PersonState,
  type Regime,
  type StatementFact,
  type TrajectoryFacts,
} from '#libs/trajectory';
import type { Refusals } from './refusals';
import type { NamedTrajectory } from './statement-input';

export class StatedTrajectory {
  /** Statements in effect, of all streams that count together. */
  readonly statements: readonly StatementFact[];
  readonly #together: readonly TrajectoryFacts[];

  constructor(
    /** The one that absorbed the others, in whose stream a statement is recorded. */
    readonly trajectory: TrajectoryFacts,
    state: PersonState,
    private readonly book: PolicyBook,
  ) {
    this.#together = countedTogether(state.facts, trajectory.id, book);
    this.statements = this.#together.flatMap((each) => each.statements);
  }

  /** The condition on that date by the policy in effect; null = it has none. */
  conditionOn(date: IsoDate): Condition | null {
    const { regime, diagnosis } = this.trajectory;
    const remaps = this.#together.flatMap((each) => each.remaps);
    return conditionOn(this.book, { regime, diagnosis, remaps, statements: this.statements }, date);
  }

  /** Refuses an item that the policy does not know, or that no code of the lineage has. */
  checkItem(item: string | undefined, refusals: Refusals): void {
    if (item === undefined) return;
    if (!this.book.conditions.has(item)) {
      refusals.add('item-unknown', 'item', `the policy in effect knows no item ${item}; take one of its conditions, e.g. 1.b.16`);
      return;
    }
    const items = itemsOf(this.book, this.trajectory.regime, this.#together.flatMap(lineageCodes));
    if (items.has(item)) return;
    const choice = items.size === 0 ? 'they have none' : `they have ${[...items].join(', ')}`;
    refusals.add('item-not-of-trajectory', 'item', `no code of this trajectory has item ${item}; ${choice}`);
  }

  hasEpisode(from: IsoDate): boolean {
    return this.statements.some((each) => each.type === 'NewEpisodeConfirmed.v1' && each.data.from === from);
  }

  /** Refuses the name of an episode that nobody confirmed. */
  checkEpisode(episodeFrom: IsoDate | undefined, refusals: Refusals): void {
    if (episodeFrom === undefined || this.hasEpisode(episodeFrom)) return;
    refusals.add(
      'episode-unknown',
      'episodeFrom',
      'no episode of this trajectory begins on that day; confirm it first, or leave the field out for the first one',
    );
  }
}

/** The person's trajectory of that name; null when it is refused. */
export function findTrajectory(
  state: PersonState,
  book: PolicyBook,
  { diagnosis, regime }: NamedTrajectory,
  refusals: Refusals,
): StatedTrajectory | null {
  if (!/^\d{4}$/.test(diagnosis)) {
    refusals.add('diagnosis-invalid', 'diagnosis', 'give the DCSPH code, four digits');
    return null;
  }
  const under = [...state.facts.trajectories.values()].filter((each) => lineageCodes(each).includes(diagnosis));
  const regimes = [...new Set(under.map((each) => each.regime))];
  const chosen = chooseRegime(diagnosis, regimes, regime, refusals);
  const routed = chosen === null ? null : routeOf(state.facts, chosen, diagnosis);
  const trajectory = routed === null ? undefined : state.facts.trajectories.get(routed);
  return trajectory === undefined ? null : new StatedTrajectory(trajectory, state, book);
}

function chooseRegime(
  diagnosis: string,
  regimes: readonly Regime[],
  named: Regime | undefined,
  refusals: Refusals,
): Regime | null {
  const [only, ...others] = regimes;
  if (only === undefined) {
    refusals.add(
      'trajectory-unknown',
      'diagnosis',
      `no trajectory under ${diagnosis} has begun; check the code, or take in its lines first`,
    );
    return null;
  }
  if (named === undefined && others.length === 0) return only;
  if (named === undefined) {
    refusals.add(
      'regime-ambiguous',
      'regime',
      `${diagnosis} has trajectories of several regimes; say which: ${regimes.join(', ')}`,
    );
    return null;
  }
  if (regimes.includes(named)) return named;
  refusals.add(
    'trajectory-unknown',
    'regime',
    `no trajectory under ${diagnosis} is of this regime; there is ${regimes.join(', ')}`,
  );
  return null;
}
