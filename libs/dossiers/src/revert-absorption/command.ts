import { Command } from '@nestjs/cqrs';
import type { TrajectoryId } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

export interface AbsorptionReversal {
  /** The trajectory that was absorbed. */
  readonly trajectoryId: TrajectoryId;
  readonly reason: string;
}

/** An absorption that no remap carries any more is taken back: the absorbed trajectory counts by itself again. */
export class RevertAbsorption extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: AbsorptionReversal,
  ) {
    super();
  }
}
