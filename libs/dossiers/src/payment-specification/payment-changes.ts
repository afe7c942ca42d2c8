import {
  movedGrants,
  type LineKey,
  type PaymentChange,
  type PersonDecided,
  type PersonState,
  type SessionFact,
} from '#libs/trajectory';

/** The lines whose grant to the provider one decision moved, with what had been granted and what is granted now. */
export function paymentChanges(state: PersonState, decided: PersonDecided['data']): PaymentChange[] {
  return movedGrants(decided).map(({ line, ...granted }) => {
    const session = declaredLine(state, line);
    if (session === undefined) throw new Error('a booked line was never declared');
    const { practice, reference, invoice, date } = session;
    return { practice, reference, invoice, date, ...granted };
  });
}

/** A line that is or was the person's. */
function declaredLine(state: PersonState, line: LineKey): SessionFact | undefined {
  for (const { sessions, withdrawn, departed } of state.facts.trajectories.values()) {
    const session = sessions.get(line) ?? withdrawn.get(line)?.session ?? departed.get(line)?.session;
    if (session !== undefined) return session;
  }
  return undefined;
}
