import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { lineKey } from '#libs/trajectory';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { standingLine } from '../override-decision/standing-line';
import { FactsBuilder } from '../person/facts-builder';
import { Refusals } from '../statements/refusals';
import { EndOverride } from './command';

@CommandHandler(EndOverride)
export class EndOverrideHandler implements ICommandHandler<EndOverride> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: EndOverride): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'EndOverride', (state) => {
      const unknown = unknownPerson(state);
      if (unknown.length > 0) return { refusals: unknown };
      const refusals = new Refusals();
      const found = standingLine(state, lineKey(input.practice, input.reference), refusals);
      if (found !== null && found.override === null)
        refusals.add('override-unknown', 'reference', 'nothing is set by hand for this line; was it ended before?');
      if (found === null || found.override === null) return { refusals: refusals.all };
      const { overrideId, practice, reference } = found.override;
      const facts = new FactsBuilder(state);
      facts.trajectory(found.trajectory, {
        type: 'OverrideEnded.v1',
        data: { overrideId, practice, reference, because: 'ended' },
      });
      return facts.build();
    });
  }
}
