import { isDeepStrictEqual } from 'node:util';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { FactsBuilder } from '../person/facts-builder';
import { checkPackages } from '../register-person/checks';
import { StatePackages } from './command';

@CommandHandler(StatePackages)
export class StatePackagesHandler implements ICommandHandler<StatePackages> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: StatePackages): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'StatePackages', (state) => {
      const refusals = [...unknownPerson(state), ...checkPackages(input.packages)];
      if (refusals.length > 0) return { refusals };
      const facts = new FactsBuilder(state);
      if (!isDeepStrictEqual(state.facts.packages, input.packages))
        facts.dossier({ type: 'PackagesStated.v1', data: { packages: input.packages } });
      return facts.build();
    });
  }
}
