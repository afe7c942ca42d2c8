import { Command } from '@nestjs/cqrs';
import type { HistoryImportId } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';

export interface HistoryVerification {
  readonly importId: HistoryImportId;
  /** SHA-256 of the document that was looked at, 64 hexadecimal digits in lower case. */
  readonly documentDigest?: string;
}

/** An imported history was held against its document by another person than who recorded it. It changes no decision. */
export class VerifyHistory extends Command<CommandResult> {
  constructor(
    readonly base: CommandBase,
    readonly input: HistoryVerification,
  ) {
    super();
  }
}
