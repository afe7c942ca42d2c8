import { Command } from '@nestjs/cqrs';
import type { DecisionOverridden } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

/** Codes that say that a valid line is not paid. */
export const OVERRIDE_CODES = ['0584', '0613'] as const;

/** The line by its key, its split in cents, the last day on which that is to hold, and the code of what is not paid. */
export type OverrideInput = Omit<DecisionOverridden['data'], 'overrideId'>;

/** The money of one line is set by hand, for a time; nothing else of the line changes. */
export class OverrideDecision extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: OverrideInput,
  ) {
    super();
  }
}
