import { Command } from '@nestjs/cqrs';
import type { StatementId } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

export interface StatementRetraction {
  readonly statementId: StatementId;
  readonly reason: string;
}

/** Takes a statement back: lines are decided as without it. */
export class RetractStatement extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: StatementRetraction,
  ) {
    super();
  }
}
