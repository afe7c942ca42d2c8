/** What a decision moved of what practices are granted for lines that were declared before. */
import { dutchDay, movedGrants, paymentCause, type ClaimFileId, type LineKey, type PersonDecided } from '#libs/trajectory';
import type { PaymentChangeRow, SessionRow } from '../rows';
import { PoisonedEventError } from './poisoned-event';

/** A decision with what its event says of where and when it was recorded. */
export type Recorded = PersonDecided['data'] & {
  readonly revision: number;
  readonly recordedAt: string;
  /** Campaign that gave the command. */
  readonly campaign?: string | undefined;
};

/**
 * Lines that the decision's own command declared or credited are told in its return message or answer, and have no row.
 * @param rowOf of every line that the decision names, with the decision applied
 */
export function paymentChangesOf(
  personId: string,
  decided: Recorded,
  rowOf: (line: LineKey) => SessionRow | undefined,
): PaymentChangeRow[] {
  const moved = movedGrants(decided);
  if (moved.length === 0) return [];
  const { command } = decided.cause;
  const isOwn = ({ declaredBy, creditedBy }: SessionRow): boolean => declaredBy === command || creditedBy === command;
  const changes = moved
    .map(({ line, ...granted }) => {
      const row = rowOf(line);
      if (row === undefined) throw new PoisonedEventError('it books on a claim line that was never declared');
      return { row, granted };
    })
    .filter(({ row }) => !isOwn(row));
  if (changes.length === 0) return [];
  const named = [...decided.decisions.map(({ line }) => line), ...decided.withdrawn];
  const own = named.map(rowOf).find((row) => row !== undefined && isOwn(row));
  const file = own?.declaredBy === command ? own.fileId : own?.creditFileId;
  const { type, id } = paymentCause(decided, {
    file: (file ?? undefined) as ClaimFileId | undefined,
    campaign: decided.campaign,
  });
  const recordedOn = dutchDay(new Date(decided.recordedAt));
  return changes.map(({ row, granted }) => ({
    ...{ personId, revision: decided.revision, line: row.line },
    ...{ practice: row.practice, reference: row.reference, invoice: row.invoice, sessionDate: row.date },
    ...granted,
    ...{ causeType: type, causeId: id, recordedOn },
  }));
}
