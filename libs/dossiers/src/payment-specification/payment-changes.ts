import type { PaymentChange, PersonDecided, PersonState, SessionFact } from '#libs/trajectory';

/** The lines whose grant to the provider one decision moved, with what had been granted and what is granted now. */
export function paymentChanges(state: PersonState, decided: PersonDecided['data']): PaymentChange[] {
  const moved = decided.entries.filter((entry) => (entry.paidToProvider ?? 0) !== 0);
  if (moved.length === 0) return [];
  const sessions = new Map<string, SessionFact>();
  for (const trajectory of state.facts.trajectories.values()) {
    for (const session of trajectory.sessions.values()) sessions.set(session.line, session);
    for (const { session } of trajectory.withdrawn.values()) sessions.set(session.line, session);
  }
  return moved.map((entry) => {
    const session = sessions.get(entry.line);
    if (session === undefined) throw new Error('a booked line was never declared');
    const { practice, reference, invoice, date } = session;
    const grantedNowCents = grantedAfter(state, decided, entry.line);
    return {
      practice,
      reference,
      invoice,
      date,
      grantedBeforeCents: grantedNowCents - (entry.paidToProvider ?? 0),
      grantedNowCents,
    };
  });
}

/** What the provider was granted right after this decision, which need not be the person's last. */
function grantedAfter(state: PersonState, decided: PersonDecided['data'], line: string): number {
  return decided.decisions.find((each) => each.line === line)?.paidToProvider ?? 0;
}
