import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { OverrideDecision } from './command';
import { planOverride } from './plan';

@CommandHandler(OverrideDecision)
export class OverrideDecisionHandler implements ICommandHandler<OverrideDecision> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: OverrideDecision): Promise<CommandResult> {
    const today = this.context.today();
    return executeForPerson(this.context, base, 'OverrideDecision', (state, book) => {
      const refusals = unknownPerson(state);
      return refusals.length > 0 ? { refusals } : planOverride(state, book, base.commandId, input, today);
    });
  }
}
