/** Shows a command's review what it would do, by the way it would be carried out, up to the point where something is written. */
import type { Refusal } from '../refusal';
import type { PersonCommand } from './command';
import { loadAll } from './cached-load';
import { PERSON_ERASED } from './erased';
import type { ExecutionContext } from './execute';
import type { LoadedPerson } from './load';
import { prepare } from './prepare';
import { standingBookings } from './standing';

/** What it answers of a command that nothing speaks against: it was looked at and no more. */
const LOOKED_AT: readonly Refusal[] = [{ code: 'preview-only', field: '', problem: 'this was a preview; nothing was written' }];

export interface Looked {
  readonly outcome: 'refused';
  readonly refusals: readonly Refusal[];
  /** Something of others would be booked before the command's own facts: it is not among the effects of the command. */
  readonly booksFirst: boolean;
}

/** Writes nothing, whatever the review says: answers why the command would be refused, or that it was only looked at. */
export async function lookAhead<R>(
  context: ExecutionContext,
  command: PersonCommand<R>,
): Promise<Pick<Looked, 'outcome' | 'refusals'>> {
  const [{ outcome, refusals }] = (await lookAheadAll(context, [command])) as [Looked];
  return { outcome, refusals };
}

/** The same for one command each of many persons, with one load for all of them; in the order of the commands. */
export async function lookAheadAll<R>(
  { store, policies, foldCache }: ExecutionContext,
  commands: readonly PersonCommand<R>[],
): Promise<readonly Looked[]> {
  const cache = (store.capabilities.atomicUnits && foldCache) || null;
  const loaded = await loadAll(store, commands, cache);
  const policy = await policies.inEffect();
  return commands.map((command) => {
    const person = loaded.get(command.personId) as LoadedPerson;
    if (person.fold.erasedAt !== null) return { outcome: 'refused', refusals: [PERSON_ERASED], booksFirst: false };
    // In the fold alone: what stands to be booked is booked by the command, if it is ever given.
    const booksFirst = standingBookings(person, policy).length > 0;
    const plan = prepare(command, person.fold, { book: policy.book, books: false }, null);
    return { outcome: 'refused', refusals: plan.kind === 'refused' ? plan.refusals : LOOKED_AT, booksFirst };
  });
}
