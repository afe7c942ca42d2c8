import { Command } from '@nestjs/cqrs';
import type { IsoDate } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

/** Records that sessions of this code before `switchDate` may be unknown here; starts the trajectory when there is none yet. */
export class RecordSwitch extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: { readonly switchDate: IsoDate; readonly diagnosis: string; readonly previousInsurer?: string },
  ) {
    super();
  }
}
