import { Command } from '@nestjs/cqrs';
import type { IsoDate } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

export interface RemapInput {
  /** The code that is left, and the code under which the same trajectory goes on. */
  readonly from: string;
  readonly to: string;
  readonly effectiveDate: IsoDate;
  readonly reason: string;
  /** Whether a second trajectory that has begun under the other code is taken up into the one that survives. */
  readonly absorb: boolean;
}

/** The same trajectory goes on under another code; the count runs through. */
export class RemapDiagnosis extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: RemapInput,
  ) {
    super();
  }
}
