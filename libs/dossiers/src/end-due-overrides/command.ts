import { Command } from '@nestjs/cqrs';
import type { OverrideId } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

/** Overrides of one person whose last day has passed end. Those that are not in effect any more are passed over. */
export class EndLapsedOverrides extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly overrides: readonly OverrideId[],
  ) {
    super();
  }
}
