import { Command } from '@nestjs/cqrs';
import type { ClinicalFactsStated } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';
import type { StatementInput } from '../statements/statement-input';

export type ClinicalFactsInput = StatementInput<ClinicalFactsStated>;

/** Dates and findings that no claim line carries: what opens an entitlement, and where its term begins. */
export class StateClinicalFacts extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: ClinicalFactsInput,
  ) {
    super();
  }
}
