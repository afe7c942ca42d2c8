import type { LineKey, PaymentChange, PersonDecided, PersonState, SessionFact } from '#libs/trajectory';

/** The lines whose grant to the provider one decision moved, with what had been granted and what is granted now. */
export function paymentChanges(state: PersonState, decided: PersonDecided['data']): PaymentChange[] {
  const moved = decided.entries.filter((entry) => (entry.paidToProvider ?? 0) !== 0);
  if (moved.length === 0) return [];
  return moved.map((entry) => {
    const session = declaredLine(state, entry.line);
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

/** A line that is or was the person's. */
function declaredLine(state: PersonState, line: LineKey): SessionFact | undefined {
  for (const { sessions, withdrawn, departed } of state.facts.trajectories.values()) {
    const session = sessions.get(line) ?? withdrawn.get(line)?.session ?? departed.get(line)?.session;
    if (session !== undefined) return session;
  }
  return undefined;
}
