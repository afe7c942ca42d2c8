import { Command } from '@nestjs/cqrs';
import type { IsoDate } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

export interface RemapReversal {
  /** The remap that is taken back: the code that was left, the one that followed, and its day. */
  readonly from: string;
  readonly to: string;
  readonly effectiveDate: IsoDate;
  readonly reason: string;
}

/** A remap is taken back, with the absorption that came with it: what was joined is counted apart again. */
export class RevertRemap extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: RemapReversal,
  ) {
    super();
  }
}
