import { Command } from '@nestjs/cqrs';
import type { CausedPaymentChanges, CommandId, IsoDate, PaymentChange, PersonId, ProcessedLine } from '#libs/trajectory';
import type { LogPosition } from '#libs/event-store';
import type { ClaimLine } from './claim-line';

/** The lines of one person in a batch, in the order of the message. */
export interface PersonLines {
  readonly personId: PersonId;
  readonly birthDate: IsoDate;
  readonly commandId: CommandId;
  readonly lines: readonly ClaimLine[];
}

/** What became of a line; `record` is its index in `PersonLines.lines`. */
export type LineOutcome = Omit<ProcessedLine, 'record'>;

export interface PersonLinesResult {
  readonly personId: PersonId;
  readonly outcomes: readonly LineOutcome[];
  /** Lines declared earlier whose grant moved. */
  readonly changes: readonly PaymentChange[];
  /** Grants that had moved before, untold until now, by cause. */
  readonly standing: readonly CausedPaymentChanges[];
  readonly position: LogPosition | null;
}

/** Declares the claim lines of many persons; each person's lines are accepted, decided and booked together. */
export class DeclareClaimLines extends Command<readonly PersonLinesResult[]> {
  constructor(
    readonly persons: readonly PersonLines[],
    readonly receivedOn: IsoDate,
    readonly actor: string,
  ) {
    super();
  }
}
