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

/** Writes nothing, whatever the review says: answers why the command would be refused, or that it was only looked at. */
export async function lookAhead<R>(
  { store, policies, foldCache }: ExecutionContext,
  command: PersonCommand<R>,
): Promise<{ readonly outcome: 'refused'; readonly refusals: readonly Refusal[] }> {
  const cache = (store.capabilities.atomicUnits && foldCache) || null;
  const loaded = (await loadAll(store, [command], cache)).get(command.personId) as LoadedPerson;
  if (loaded.fold.erasedAt !== null) return { outcome: 'refused', refusals: [PERSON_ERASED] };
  const policy = await policies.inEffect();
  // In the fold alone: what stands to be booked is booked by the command, if it is ever given.
  standingBookings(loaded, policy);
  const plan = prepare(command, loaded.fold, { book: policy.book, store }, null);
  return { outcome: 'refused', refusals: plan.kind === 'refused' ? plan.refusals : LOOKED_AT };
}
