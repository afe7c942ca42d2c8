import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { MoveSession } from './command';
import { planMove } from './plan';

@CommandHandler(MoveSession)
export class MoveSessionHandler implements ICommandHandler<MoveSession> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: MoveSession): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'MoveSession', (state, book) => {
      const refusals = unknownPerson(state);
      return refusals.length > 0 ? { refusals } : planMove(state, book, input);
    });
  }
}
