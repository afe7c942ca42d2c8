import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { NewEpisodeConfirmed } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { makeStatement, type StatementKind } from '../statements/make-statement';
import { ConfirmNewEpisode } from './command';

const KIND: StatementKind<NewEpisodeConfirmed> = {
  command: 'ConfirmNewEpisode',
  checkForm(input, refusals, today) {
    refusals.pastDate('from', input.from, today);
    refusals.text('event-missing', 'event', input.event, 'say what began the episode, e.g. operation, discharge, recurrence');
  },
  checkRules({ from }, refusals, trajectory) {
    const condition = trajectory.conditionOn(from);
    if (condition?.terms.at(from).newEpisodeAllowed !== true)
      refusals.add(
        'episode-refused',
        'from',
        condition === null
          ? 'on that day no condition is invoked, so nothing is counted that could begin anew; check code, regime and day'
          : `condition ${condition.id} does not begin anew on that day; its sessions go on being counted as they are; if the code belongs to several items, confirm which it is first`,
      );
    if (trajectory.hasEpisode(from))
      refusals.add(
        'episode-exists',
        'from',
        'an episode of this trajectory begins on that day already; retract that one to correct it',
      );
  },
  event: (evidence, { from, side, event }) => ({
    type: 'NewEpisodeConfirmed.v1',
    data: { ...evidence, from, ...(side === undefined ? {} : { side }), event },
  }),
};

@CommandHandler(ConfirmNewEpisode)
export class ConfirmNewEpisodeHandler implements ICommandHandler<ConfirmNewEpisode> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: ConfirmNewEpisode): Promise<CommandResult> {
    return makeStatement(this.context, base, KIND, input);
  }
}
