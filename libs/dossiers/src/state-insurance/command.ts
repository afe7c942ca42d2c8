import { Command } from '@nestjs/cqrs';
import type { InsurancePeriod, IsoDate } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

/** States all basic insurance periods as known from now on; lines are decided anew by them, also retroactively. */
export class StateInsurance extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: { readonly periods: readonly InsurancePeriod[]; readonly diedOn: IsoDate | null },
  ) {
    super();
  }
}
