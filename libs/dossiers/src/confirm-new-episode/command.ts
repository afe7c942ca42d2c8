import { Command } from '@nestjs/cqrs';
import type { NewEpisodeConfirmed } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';
import type { StatementInput } from '../statements/statement-input';

export type NewEpisodeInput = StatementInput<NewEpisodeConfirmed>;

/** Sessions from a day on are counted anew: count, term and cap begin again. */
export class ConfirmNewEpisode extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: NewEpisodeInput,
  ) {
    super();
  }
}
