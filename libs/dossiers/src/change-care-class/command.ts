import { Command } from '@nestjs/cqrs';
import type { CareClassChanged } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';
import type { StatementInput } from '../statements/statement-input';

export type CareClassInput = StatementInput<CareClassChanged>;

/** Sets the class of severity from a day on; it beats what lines assert. */
export class ChangeCareClass extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: CareClassInput,
  ) {
    super();
  }
}
