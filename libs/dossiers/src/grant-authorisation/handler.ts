import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { AuthorisationGranted } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { makeStatement, type StatementKind } from '../statements/make-statement';
import { GrantAuthorisation } from './command';

const KIND: StatementKind<AuthorisationGranted> = {
  command: 'GrantAuthorisation',
  checkForm({ number, from, through, maximum }, refusals) {
    refusals.text('number-missing', 'number', number, 'give the number of the authorisation, as lines declare it');
    // A consent may be given for days to come.
    const areDates = [refusals.date('from', from), refusals.date('through', through)].every((each) => each);
    if (areDates && through !== null && through < from)
      refusals.add('period-reversed', 'through', 'the last day lies before the first; exchange them');
    if (maximum !== null && (!Number.isInteger(maximum) || maximum < 0))
      refusals.add('maximum-invalid', 'maximum', 'give a whole number of sessions from 0, or null for no maximum');
  },
  checkRules: ({ item }, refusals, trajectory) => trajectory.checkItem(item, refusals),
  event: (evidence, { number, item, from, through, maximum }) => ({
    type: 'AuthorisationGranted.v1',
    data: { ...evidence, number: number.trim(), ...(item === undefined ? {} : { item }), from, through, maximum },
  }),
};

@CommandHandler(GrantAuthorisation)
export class GrantAuthorisationHandler implements ICommandHandler<GrantAuthorisation> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: GrantAuthorisation): Promise<CommandResult> {
    return makeStatement(this.context, base, KIND, input);
  }
}
