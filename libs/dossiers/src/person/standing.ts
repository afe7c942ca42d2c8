/** What a person stands with before a command adds anything: booked first. */
import type { AppendUnit, EventStore, LogPosition, UnitOutcome } from '#libs/event-store';
import { dossierStream, type PersonId } from '#libs/trajectory';
import type { PolicyInEffect } from '../policy/registry';
import { bookPerson, bookUnseen, type Booking, type BegunCommand } from './book';
import { activationCommandId, DECIDED, DECIDED_BY_FINDER, decidedInPart } from './event-ids';
import type { LoadedPerson } from './load';
import { toNewEvent } from './prepare';

/** `current`: there was nothing to book; `moved`: another writer came between; else what was booked, up to which position. */
export type Standing = 'current' | 'moved' | { readonly position: LogPosition; readonly bookings: readonly Booking[] };

/**
 * What is to be booked before the command's own facts, in this order; the fold is brought up to it. Writes nothing.
 */
export function standingBookings(loaded: LoadedPerson, policy: PolicyInEffect, begun?: BegunCommand): Booking[] {
  const { fold, unseen } = loaded;
  const bookings: Booking[] = [];
  if (fold.lastDecided !== null && fold.lastDecided.policy.digest !== policy.book.digest) {
    // A decision on the old facts alone cannot be written behind newer dossier facts: those are then seen with it.
    for (const event of unseen) if (event.stream === dossierStream(fold.personId)) fold.apply(event);
    const command = activationCommandId(policy.activation, fold.personId);
    const decided = bookPerson(fold, policy.book, { command, type: 'ActivatePolicy' });
    bookings.push({ command, actor: 'policy', warrant: {}, isWhole: true, ...decided });
  }
  bookings.push(...bookUnseen(loaded, policy.book, begun));
  return bookings;
}

/**
 * Books what a person stands with before the command's own facts: old facts under a policy version that has been activated
 * since, and facts that no decision has seen. Answers per person what was done.
 */
export async function bookStanding(
  store: EventStore,
  policy: PolicyInEffect,
  persons: readonly LoadedPerson[],
  begun: ReadonlyMap<PersonId, BegunCommand>,
): Promise<ReadonlyMap<PersonId, Standing>> {
  const standing = new Map<PersonId, Standing>();
  const units: { readonly person: PersonId; readonly bookings: readonly Booking[]; readonly unit: AppendUnit }[] = [];
  for (const loaded of persons) {
    const { fold, unseen } = loaded;
    standing.set(fold.personId, 'current');
    const stream = dossierStream(fold.personId);
    const inDossier = unseen.filter((event) => event.stream === stream).length;
    const expectedRevision = (fold.revisions.get(stream) ?? -1) + inDossier;
    const bookings = standingBookings(loaded, policy, begun.get(fold.personId));
    if (bookings.length === 0) continue;
    const keyOf = ({ command, event, isWhole }: Booking, i: number): string => {
      if (!isWhole) return decidedInPart(expectedRevision + 1 + i);
      const isOwn = begun.get(fold.personId)?.command === command || event.data.cause.type === 'ActivatePolicy';
      return isOwn ? DECIDED : DECIDED_BY_FINDER;
    };
    const events = bookings.map((each, i) =>
      toNewEvent(each.event, each.command, { actor: each.actor, ...each.warrant }, fold.personId, stream, keyOf(each, i)),
    );
    units.push({ person: fold.personId, bookings, unit: { streams: [{ stream, expectedRevision, events }] } });
  }
  const answers = units.length === 0 ? [] : await store.append(units.map((each) => each.unit));
  units.forEach(({ person, bookings }, i) => {
    const answer = answers[i] as UnitOutcome;
    standing.set(person, answer.outcome === 'appended' ? { position: answer.position, bookings } : 'moved');
  });
  return standing;
}
