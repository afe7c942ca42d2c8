/** What one decision moved of what providers are granted, and by what name they are told of it. */
import type { ClaimFileId, LineKey } from './ids';
import type { PaymentCause, PersonDecided } from './events';

export interface MovedGrant {
  readonly line: LineKey;
  readonly grantedBeforeCents: number;
  readonly grantedNowCents: number;
}

/** Right after this decision, which need not be the person's last. A line that it no longer decides is with nobody, or with another person. */
export function movedGrants({ decisions, entries }: Pick<PersonDecided['data'], 'decisions' | 'entries'>): MovedGrant[] {
  const moved = entries.filter((entry) => (entry.paidToProvider ?? 0) !== 0);
  if (moved.length === 0) return [];
  const granted = new Map(decisions.map(({ line, paidToProvider }) => [line, paidToProvider]));
  return moved.map(({ line, paidToProvider = 0 }) => {
    const grantedNowCents = granted.get(line) ?? 0;
    return { line, grantedBeforeCents: grantedNowCents - paidToProvider, grantedNowCents };
  });
}

/**
 * A practice is told under one cause what one activation, one claim file or one campaign moves of the lines of many persons.
 * @param of the file in which the command's lines came; the campaign that gave the command
 */
export function paymentCause(
  { cause, policy }: Pick<PersonDecided['data'], 'cause' | 'policy'>,
  of: { readonly file?: ClaimFileId | undefined; readonly campaign?: string | undefined },
): PaymentCause {
  if (cause.type === 'ActivatePolicy') return { type: cause.type, id: policy.digest };
  return { type: cause.type, id: of.file ?? of.campaign ?? cause.command };
}
