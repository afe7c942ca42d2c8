import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { countedTogether, type PolicyBook } from '#libs/coverage';
import type { PersonState, StatementFact, TrajectoryFacts } from '#libs/trajectory';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import type { PlannedFacts } from '../person/command';
import { FactsBuilder } from '../person/facts-builder';
import type { Refusal } from '../refusal';
import { Refusals } from '../statements/refusals';
import { RetractStatement, type StatementRetraction } from './command';

@CommandHandler(RetractStatement)
export class RetractStatementHandler implements ICommandHandler<RetractStatement> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: RetractStatement): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'RetractStatement', (state, book) => plan(state, book, input));
  }
}

function plan(
  state: PersonState,
  book: PolicyBook,
  { statementId, reason }: StatementRetraction,
): { readonly refusals: readonly Refusal[] } | PlannedFacts {
  const unknown = unknownPerson(state);
  if (unknown.length > 0) return { refusals: unknown };
  const refusals = new Refusals();
  const [holder, statement] = find(state, statementId);
  if (holder === null)
    refusals.add(
      'statement-unknown',
      'statementId',
      'this person has no statement with this id in effect; was it retracted before?',
    );
  else {
    const resting = restingOn(statement, countedTogether(state.facts, holder.id, book));
    if (resting.length > 0)
      refusals.add(
        'episode-in-use',
        'statementId',
        `statements about this episode are in effect; retract them first: ${resting.map((each) => each.data.statementId).join(', ')}`,
      );
  }
  refusals.text('reason-missing', 'reason', reason, 'say why the statement is taken back');
  if (refusals.all.length > 0 || holder === null) return { refusals: refusals.all };
  const facts = new FactsBuilder(state);
  facts.trajectory(holder.id, { type: 'StatementRetracted.v1', data: { statementId, reason } });
  return facts.build();
}

function find(
  state: PersonState,
  id: StatementRetraction['statementId'],
): readonly [TrajectoryFacts, StatementFact] | readonly [null] {
  for (const trajectory of state.facts.trajectories.values()) {
    const statement = trajectory.statements.find((each) => each.data.statementId === id);
    if (statement !== undefined) return [trajectory, statement];
  }
  return [null];
}

/** What would be about no episode any more, and so silently without effect. */
function restingOn(retracted: StatementFact, together: readonly TrajectoryFacts[]): readonly StatementFact[] {
  if (retracted.type !== 'NewEpisodeConfirmed.v1') return [];
  const { from, statementId } = retracted.data;
  const statements = together.flatMap((each) => each.statements);
  const isConfirmedTwice = statements.some(
    (each) => each.type === 'NewEpisodeConfirmed.v1' && each.data.from === from && each.data.statementId !== statementId,
  );
  if (isConfirmedTwice) return [];
  return statements.filter(
    (each) => (each.type === 'ClinicalFactsStated.v1' || each.type === 'TermExtended.v1') && each.data.episodeFrom === from,
  );
}
