import type { PaymentCause, PaymentChange } from '#libs/trajectory';
import { paymentSpecifications, type PaymentSpecification } from './specification';

/**
 * Specifications of lines that come practice by practice and, of a practice, cause by cause; in that order.
 * @param date on the specifications
 */
export function specificationsByPractice(
  lines: Iterable<PaymentChange & { readonly cause: PaymentCause }>,
  date: string,
): PaymentSpecification[] {
  const groups: { readonly practice: string; readonly cause: PaymentCause; readonly changes: PaymentChange[] }[] = [];
  for (const { cause, ...change } of lines) {
    const last = groups.at(-1);
    if (last?.practice === change.practice && last.cause.type === cause.type && last.cause.id === cause.id)
      last.changes.push(change);
    else groups.push({ practice: change.practice, cause, changes: [change] });
  }
  return groups.flatMap((group) => paymentSpecifications([group], date));
}
