/** What must hold of a person's decisions and books at any time. */
import { decide, type PolicyBook } from '#libs/coverage';
import type { RecordedEvent } from '#libs/event-store';
import { bookingOf, settle } from '#libs/settlement';
import type { Booking, LineKey, PersonDecided, PersonState, SettlementEntry } from '#libs/trajectory';
import { mustBe } from './fault';

const FIELDS = [
  'basic',
  'supplementary',
  'insured',
  'paidToProvider',
  'claimFromInsured',
] as const satisfies readonly (keyof Booking)[];

/** Entries of whatever was decided of the person, by line and field. */
export function sumsOf(log: readonly RecordedEvent[]): ReadonlyMap<LineKey, Booking> {
  const sums = new Map<LineKey, Booking>();
  for (const { type, data } of log)
    if (type === 'PersonDecided.v1')
      for (const entry of (data as PersonDecided['data']).entries) sums.set(entry.line, added(sums.get(entry.line), entry));
  return sums;
}

const added = (sum: Booking | undefined, entry: SettlementEntry): Booking => {
  const of = (field: keyof Booking): number => (sum?.[field] ?? 0) + (entry[field] ?? 0);
  return {
    ...{ basic: of('basic'), supplementary: of('supplementary'), insured: of('insured') },
    ...{ paidToProvider: of('paidToProvider'), claimFromInsured: of('claimFromInsured') },
  };
};

/** Every line of the person closes, what is booked is what is decided, all entries together are what stands, and settling again books nothing. */
export function ledgerMustClose(state: PersonState, log: readonly RecordedEvent[], book: PolicyBook): void {
  const declared = new Map<LineKey, number>();
  for (const { sessions } of state.facts.trajectories.values())
    for (const [line, { declaredCents }] of sessions) declared.set(line, declaredCents);
  for (const [line, cents] of declared) {
    const split = state.decisions.get(line)?.split;
    mustBe(split !== undefined, 'every declared line is decided', () => line);
    const total = split.basic + split.supplementary + split.insured + split.refused + split.undecided;
    mustBe(total === cents, 'the split of every line closes', () => `${line} adds up to ${total}, ${cents} were declared`);
  }
  mustBe(
    state.decisions.size === declared.size,
    'a decision stands on declared lines only',
    () => `${state.decisions.size} decisions, ${declared.size} lines`,
  );
  const sums = sumsOf(log.filter(({ metadata }) => metadata.personId === state.facts.personId));
  for (const line of new Set([...state.decisions.keys(), ...sums.keys()])) {
    const decision = state.decisions.get(line);
    const stands = decision === undefined ? null : bookingOf(decision);
    for (const field of FIELDS) {
      const [booked, decided] = [sums.get(line)?.[field] ?? 0, stands?.[field] ?? 0];
      mustBe(
        booked === decided,
        'all entries add up to what stands',
        () => `${line} ${field}: ${booked} booked, ${decided} decided`,
      );
    }
  }
  const { decisions, withdrawn, entries } = settle(state, decide(state.facts, book));
  mustBe(decisions.length + withdrawn.length + entries.length === 0, 'settling again books nothing', () =>
    JSON.stringify({ decisions, withdrawn, entries }),
  );
}
