import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { TermExtended } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { makeStatement, type StatementKind } from '../statements/make-statement';
import { ExtendTerm } from './command';

const KIND: StatementKind<TermExtended> = {
  command: 'ExtendTerm',
  checkForm: ({ episodeFrom }, refusals) => void refusals.date('episodeFrom', episodeFrom),
  checkRules({ episodeFrom, months, statedOn }, refusals, trajectory) {
    trajectory.checkEpisode(episodeFrom, refusals);
    // Asked of the day on which it was granted: a code may have been remapped since the term began.
    const condition = trajectory.conditionOn(statedOn);
    const most = condition?.terms.at(statedOn).extensionMonths ?? 0;
    if (most === 0)
      refusals.add(
        'condition-without-extension',
        'diagnosis',
        'the term of the condition of this trajectory cannot be extended; if the code belongs to several items, confirm which it is first',
      );
    else if (months !== undefined && (!Number.isInteger(months) || months < 1 || months > most))
      refusals.add('months-invalid', 'months', `give whole months from 1 to ${most}, or leave it out for all ${most}`);
  },
  event: (evidence, { episodeFrom, months }) => ({
    type: 'TermExtended.v1',
    data: { ...evidence, ...(episodeFrom === undefined ? {} : { episodeFrom }), ...(months === undefined ? {} : { months }) },
  }),
};

@CommandHandler(ExtendTerm)
export class ExtendTermHandler implements ICommandHandler<ExtendTerm> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: ExtendTerm): Promise<CommandResult> {
    return makeStatement(this.context, base, KIND, input);
  }
}
