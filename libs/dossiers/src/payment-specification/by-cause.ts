import type { CausedPaymentChanges, PaymentChange } from '#libs/trajectory';

/** The same changes with each cause once, in the order in which the causes come first. */
export function byCause(given: Iterable<CausedPaymentChanges>): CausedPaymentChanges[] {
  const merged = new Map<string, { readonly cause: CausedPaymentChanges['cause']; readonly changes: PaymentChange[] }>();
  for (const { cause, changes } of given) {
    const key = `${cause.type} ${cause.id}`;
    const known = merged.get(key) ?? { cause, changes: [] };
    merged.set(key, known);
    known.changes.push(...changes);
  }
  return [...merged.values()];
}
