/** What all statements share: found by the trajectory's name, checked, recorded once, followed by one decision. */
import { isDeepStrictEqual } from 'node:util';
import type { PolicyBook } from '#libs/coverage';
import type { Evidence, PersonState, StatementFact } from '#libs/trajectory';
import { executeForPerson, unknownPerson, type CommandBase, type CommandResult } from '../command-result';
import type { DossierContext } from '../context';
import type { PlannedFacts } from '../person/command';
import { statementId } from '../person/event-ids';
import { FactsBuilder } from '../person/facts-builder';
import type { Refusal } from '../refusal';
import { Refusals } from './refusals';
import { findTrajectory, type StatedTrajectory } from './stated-trajectory';
import type { StatementInput } from './statement-input';

/** One kind of statement. */
export interface StatementKind<E extends StatementFact> {
  /** Command name; the type of the cause of what it books. */
  readonly command: string;
  /** Refuses what is wrong by itself; the evidence is checked for all kinds. `today` is `YYYY-MM-DD`. */
  checkForm(input: StatementInput<E>, refusals: Refusals, today: string): void;
  /** Refuses what the trajectory or the policy does not allow; asked only of an input that is right by itself. */
  checkRules(input: StatementInput<E>, refusals: Refusals, trajectory: StatedTrajectory, book: PolicyBook): void;
  event(evidence: Evidence, input: StatementInput<E>): E;
}

/** Carries out the command that makes a statement. What is in effect already, on the same document, is not stated again. */
export function makeStatement<E extends StatementFact>(
  context: DossierContext,
  base: CommandBase,
  kind: StatementKind<E>,
  input: StatementInput<E>,
): Promise<CommandResult> {
  const today = context.today();
  return executeForPerson(context, base, kind.command, (state, book) => plan(state, book, base, kind, input, today));
}

function plan<E extends StatementFact>(
  state: PersonState,
  book: PolicyBook,
  { commandId }: CommandBase,
  kind: StatementKind<E>,
  input: StatementInput<E>,
  today: string,
): { readonly refusals: readonly Refusal[] } | PlannedFacts {
  const unknown = unknownPerson(state);
  if (unknown.length > 0) return { refusals: unknown };
  const facts = new FactsBuilder(state);
  const { statedOn, source, statedBy, document } = input;
  const event = kind.event({ statementId: statementId(commandId), statedOn, source, statedBy, document }, input);
  const isOurs = (each: StatementFact): boolean => each.data.statementId === event.data.statementId;
  if ([...state.facts.trajectories.values()].some((each) => each.statements.some(isOurs))) return facts.build();

  const refusals = new Refusals();
  refusals.evidence(input, today);
  kind.checkForm(input, refusals, today);
  const stated = findTrajectory(state, book, input, refusals);
  if (refusals.all.length > 0 || stated === null) return { refusals: refusals.all };
  if (stated.statements.some((each) => saysTheSame(each, event))) return facts.build();
  kind.checkRules(input, refusals, stated, book);
  if (refusals.all.length > 0) return { refusals: refusals.all };
  const { regime, diagnosis } = stated.trajectory;
  facts.trajectory(facts.trajectoryFor(regime, diagnosis), event);
  return facts.build();
}

/** One document says one thing once, whoever sends it in, and in whose words its origin is told. */
function saysTheSame(one: StatementFact, other: StatementFact): boolean {
  return isDeepStrictEqual(contentsOf(one), contentsOf(other));
}

/** As a store gives it back: what is undefined is not there. */
function contentsOf({ type, data }: StatementFact): unknown {
  const { statementId: _id, source: _source, statedBy: _statedBy, ...contents } = data;
  return JSON.parse(JSON.stringify({ type, contents }));
}
