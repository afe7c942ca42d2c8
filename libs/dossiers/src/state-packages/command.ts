import { Command } from '@nestjs/cqrs';
import type { PackagePeriod } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

/** States all supplementary packages as known from now on; lines are decided anew by them, also retroactively. */
export class StatePackages extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: { readonly packages: readonly PackagePeriod[] },
  ) {
    super();
  }
}
