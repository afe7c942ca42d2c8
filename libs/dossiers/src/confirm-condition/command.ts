import { Command } from '@nestjs/cqrs';
import type { ConditionConfirmed } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';
import type { StatementInput } from '../statements/statement-input';

export type ConditionInput = StatementInput<ConditionConfirmed>;

/** Says which item a trajectory is decided under, where its code belongs to several; positions stay. */
export class ConfirmCondition extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: ConditionInput,
  ) {
    super();
  }
}
