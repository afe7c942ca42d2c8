import { isDeepStrictEqual } from 'node:util';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { FactsBuilder } from '../person/facts-builder';
import { checkInsurance } from '../register-person/checks';
import { StateInsurance } from './command';

@CommandHandler(StateInsurance)
export class StateInsuranceHandler implements ICommandHandler<StateInsurance> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: StateInsurance): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'StateInsurance', (state) => {
      const refusals = [...unknownPerson(state), ...checkInsurance(input.periods, input.diedOn, 'periods')];
      if (refusals.length > 0) return { refusals };
      const facts = new FactsBuilder(state);
      if (!isDeepStrictEqual(state.facts.insurance, input.periods) || state.facts.diedOn !== input.diedOn)
        facts.dossier({ type: 'InsuranceStated.v1', data: { periods: input.periods, diedOn: input.diedOn } });
      return facts.build();
    });
  }
}
