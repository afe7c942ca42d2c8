/** The dossier of somebody who was erased is closed: it books nothing any more, and every command is refused, also one given again. */
import type { PersonId } from '#libs/trajectory';
import type { Refusal } from '../refusal';
import type { PersonCommand, PersonOutcome } from './command';
import type { LoadedPerson } from './load';

export const PERSON_ERASED: Refusal = {
  code: 'person-erased',
  field: 'personId',
  problem: 'this person was erased and the dossier is closed; someone with the same number is registered as a new person',
};

/** Refuses the commands of persons who were erased. */
export function refuseErased<R>(
  loaded: ReadonlyMap<PersonId, LoadedPerson>,
  commands: readonly PersonCommand<R>[],
  outcomes: Map<PersonId, PersonOutcome<R>>,
): void {
  for (const { personId } of commands)
    if (loaded.get(personId)?.fold.erasedAt != null) outcomes.set(personId, { outcome: 'refused', refusals: [PERSON_ERASED] });
}
