import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandResult } from '../command-result';
import { executeForPerson, unknownPerson } from '../command-result';
import { DossierContext } from '../context';
import { FactsBuilder } from '../person/facts-builder';
import { RecordSwitch } from './command';

@CommandHandler(RecordSwitch)
export class RecordSwitchHandler implements ICommandHandler<RecordSwitch> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: RecordSwitch): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'RecordSwitch', (state) => {
      const refusals = unknownPerson(state);
      if (refusals.length > 0) return { refusals };
      const facts = new FactsBuilder(state);
      facts.recordSwitch(input.diagnosis, input.switchDate, input.previousInsurer, 'command');
      return facts.build();
    });
  }
}
