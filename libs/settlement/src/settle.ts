import type { Booking, Cents, LineDecision, LineKey, PersonState, SettlementEntry } from '#libs/trajectory';
import { sameDecision } from './same-decision';

/** What one `PersonDecided` records: the decisions that changed and the money that moves. */
export interface Settlement {
  readonly decisions: readonly LineDecision[];
  /** Lines that had a decision and are no longer declared (credited). */
  readonly withdrawn: readonly LineKey[];
  readonly entries: readonly SettlementEntry[];
}

const NOTHING: Booking = { basic: 0, supplementary: 0, insured: 0, paidToProvider: 0, claimFromInsured: 0 };

/** The money of a decision that is booked: the three purses and the flow. Refused and undecided cents are no purses. */
export const bookingOf = (decision: LineDecision): Booking => ({
  basic: decision.split.basic,
  supplementary: decision.split.supplementary,
  insured: decision.split.insured,
  paidToProvider: decision.paidToProvider,
  claimFromInsured: decision.claimFromInsured,
});

/** The entry that brings `booked` to `desired`, or null when nothing moves. */
export function difference(line: LineKey, booked: Booking, desired: Booking): SettlementEntry | null {
  const entry: { line: LineKey } & Partial<Record<keyof Booking, Cents>> = { line };
  let moves = false;
  for (const field of ['basic', 'supplementary', 'insured', 'paidToProvider', 'claimFromInsured'] as const) {
    const cents = desired[field] - booked[field];
    if (cents === 0) continue;
    entry[field] = cents;
    moves = true;
  }
  return moves ? entry : null;
}

/**
 * Settlement by difference: desired minus booked. `decisions` holds one decision for every declared, uncredited line of the
 * person. Recording the result and settling again gives an empty settlement, so nothing is ever booked twice.
 */
export function settle(
  state: Pick<PersonState, 'decisions' | 'booked'> & Partial<Pick<PersonState, 'stands'>>,
  decisions: readonly LineDecision[],
): Settlement {
  const changed: LineDecision[] = [];
  const entries: SettlementEntry[] = [];
  let known = 0;
  const post = (line: LineKey, desired: Booking): void => {
    const entry = difference(line, state.booked.get(line) ?? NOTHING, desired);
    if (entry !== null) entries.push(entry);
  };
  for (const decision of decisions) {
    if (state.stands?.(decision) === true) {
      known += 1;
      continue;
    }
    const recorded = state.decisions.get(decision.line);
    if (recorded !== undefined) known += 1;
    if (recorded === undefined || !sameDecision(recorded, decision)) changed.push(decision);
    post(decision.line, bookingOf(decision));
  }
  // Most commands credit nothing: then every recorded line still stands and there is nothing to look for.
  const withdrawn: LineKey[] = [];
  if (known < state.decisions.size) {
    const standing = new Set(decisions.map((each) => each.line));
    for (const line of state.decisions.keys()) if (!standing.has(line)) withdrawn.push(line);
  }
  for (const line of withdrawn) post(line, NOTHING);
  return { decisions: changed, withdrawn, entries };
}
