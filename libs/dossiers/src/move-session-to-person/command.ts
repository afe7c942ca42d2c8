import { Command } from '@nestjs/cqrs';
import type { PersonId, TrajectoryId } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

export interface SessionMoveToPerson {
  /** Key of the line: the declaring practice and its reference. */
  readonly practice: string;
  readonly reference: string;
  /** Whose session it was. */
  readonly toPerson: PersonId;
  /** Where it counts with them: a trajectory of theirs, or a code. At most one; with neither, where a declaration of it would be stored. */
  readonly trajectory?: TrajectoryId;
  readonly diagnosis?: string;
}

/** A line that was declared for the wrong person counts for the right one; it keeps what was declared. */
export class MoveSessionToPerson extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: SessionMoveToPerson,
  ) {
    super();
  }
}
