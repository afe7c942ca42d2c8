import type { PolicyBook } from '#libs/coverage';
import type { EventStore } from '#libs/event-store';
import type { PersonId } from '#libs/trajectory';
import type { PersonCommand, PersonOutcome } from './command';
import type { LoadedPerson } from './load';

/** One attempt: what was read, and where its ends go. */
export interface Round<R> {
  readonly store: EventStore;
  readonly book: PolicyBook;
  readonly loaded: ReadonlyMap<PersonId, LoadedPerson>;
  readonly outcomes: Map<PersonId, PersonOutcome<R>>;
  readonly sent: Set<PersonId>;
}

export const loadedOf = <R>(round: Round<R>, command: PersonCommand<R>): LoadedPerson =>
  round.loaded.get(command.personId) as LoadedPerson;
