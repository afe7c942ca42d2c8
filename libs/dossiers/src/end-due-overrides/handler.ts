import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { FactsBuilder } from '../person/facts-builder';
import { EndLapsedOverrides } from './command';

@CommandHandler(EndLapsedOverrides)
export class EndLapsedOverridesHandler implements ICommandHandler<EndLapsedOverrides> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, overrides }: EndLapsedOverrides): Promise<CommandResult> {
    const today = this.context.today();
    return executeForPerson(this.context, base, 'EndLapsedOverrides', (state) => {
      const refusals = unknownPerson(state);
      if (refusals.length > 0) return { refusals };
      const facts = new FactsBuilder(state);
      for (const { id, overrides: inEffect } of state.facts.trajectories.values())
        for (const { overrideId, practice, reference, endsOn } of inEffect.values())
          if (endsOn < today && overrides.includes(overrideId))
            facts.trajectory(id, { type: 'OverrideEnded.v1', data: { overrideId, practice, reference, because: 'lapsed' } });
      return facts.build();
    });
  }
}
