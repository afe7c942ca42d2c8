import { Command } from '@nestjs/cqrs';
import type { TermExtended } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';
import type { StatementInput } from '../statements/statement-input';

export type TermExtensionInput = StatementInput<TermExtended>;

/** Grants the extension of the condition's term, wholly or some months of it. */
export class ExtendTerm extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: TermExtensionInput,
  ) {
    super();
  }
}
