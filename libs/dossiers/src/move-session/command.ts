import { Command } from '@nestjs/cqrs';
import type { TrajectoryId } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

export interface SessionMove {
  /** Key of the line: the declaring practice and its reference. */
  readonly practice: string;
  readonly reference: string;
  /** Where it counts from now on: a trajectory of the person, or the code of one, which begins where there is none. One of the two. */
  readonly trajectory?: TrajectoryId;
  readonly diagnosis?: string;
}

/** A line that was declared for one trajectory of the person counts in another; it keeps what was declared. */
export class MoveSession extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: SessionMove,
  ) {
    super();
  }
}
