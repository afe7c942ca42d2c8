import { Command } from '@nestjs/cqrs';
import type { HistoryImported } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

/** A stated number of earlier sessions of a trajectory, known by its diagnosis code. */
export type HistoryInput = Omit<HistoryImported['data'], 'importId' | 'status'> & {
  readonly diagnosis: string;
  /** Said or not: an import is asserted until another person verifies it. */
  readonly status?: 'asserted';
};

/** Imports a treatment history: it answers a switch, moves positions and releases what was held. */
export class ImportHistory extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: HistoryInput,
  ) {
    super();
  }
}
