import { Command } from '@nestjs/cqrs';
import type { CommandBase, CommandResult } from '../command-result';

/** The line whose override is ended, by its key. */
export interface OverrideEnd {
  readonly practice: string;
  readonly reference: string;
}

/** What was set by hand for a line ends before its last day: the line is decided by its facts again. */
export class EndOverride extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: OverrideEnd,
  ) {
    super();
  }
}
