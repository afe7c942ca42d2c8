import { Command } from '@nestjs/cqrs';
import type { AuthorisationGranted } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';
import type { StatementInput } from '../statements/statement-input';

export type AuthorisationInput = StatementInput<AuthorisationGranted>;

/** Records an insurer's consent, for conditions that need one. */
export class GrantAuthorisation extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: AuthorisationInput,
  ) {
    super();
  }
}
