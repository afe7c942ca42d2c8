import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { FactsBuilder } from '../person/facts-builder';
import { RetractHistory } from './command';

@CommandHandler(RetractHistory)
export class RetractHistoryHandler implements ICommandHandler<RetractHistory> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: RetractHistory): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'RetractHistory', (state) => {
      const refusals = unknownPerson(state);
      const holder = [...state.facts.trajectories.values()].find((each) =>
        each.histories.some((history) => history.importId === input.importId),
      );
      if (refusals.length === 0 && holder === undefined)
        refusals.push({
          code: 'history-unknown',
          field: 'importId',
          problem: 'this person has no import with this id in effect',
        });
      if (input.reason.trim() === '')
        refusals.push({ code: 'reason-missing', field: 'reason', problem: 'say why the history is taken back' });
      if (refusals.length > 0 || holder === undefined) return { refusals };
      const facts = new FactsBuilder(state);
      facts.trajectory(holder.id, { type: 'HistoryRetracted.v1', data: { importId: input.importId, reason: input.reason } });
      return facts.build();
    });
  }
}
