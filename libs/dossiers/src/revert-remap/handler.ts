import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { RevertRemap } from './command';
import { planReversal } from './plan';

@CommandHandler(RevertRemap)
export class RevertRemapHandler implements ICommandHandler<RevertRemap> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: RevertRemap): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'RevertRemap', (state) => {
      const refusals = unknownPerson(state);
      return refusals.length > 0 ? { refusals } : planReversal(state, input);
    });
  }
}
