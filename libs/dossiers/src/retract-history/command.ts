import { Command } from '@nestjs/cqrs';
import type { HistoryImportId } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

/** Takes back a history import: positions and money go back to what they are without it. */
export class RetractHistory extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: { readonly importId: HistoryImportId; readonly reason: string },
  ) {
    super();
  }
}
