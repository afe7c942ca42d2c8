/** Decides persons anew by the policy in effect, each only if a review of exactly that agrees to it. */
import { decide } from '#libs/coverage';
import { settle } from '#libs/settlement';
import type { PersonId } from '#libs/trajectory';
import type { Refusal } from '../refusal';
import { loadAll } from './cached-load';
import type { PlannedFacts, Review } from './command';
import { PERSON_ERASED } from './erased';
import type { ExecutionContext } from './execute';
import type { LoadedPerson } from './load';
import { bookStanding } from './standing';

const MAX_ATTEMPTS = 5;

/** `current`: the version in effect had decided the person before. `looked-at`: nothing speaks against it, and nothing was written. */
export type DecidedAnew =
  | { readonly outcome: 'booked' | 'current' | 'looked-at' }
  | { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] };

const NO_FACTS: PlannedFacts = { dossier: [], trajectories: new Map() };

const AT_WORK: readonly Refusal[] = [
  { code: 'person-at-work', field: '', problem: 'facts of this person are not booked yet, or kept coming; try again later' },
];

/**
 * The whole of what a policy version changes for a person is booked, or nothing; what is booked is computed on the revisions at which it is appended, so
 * it is what the review saw. `write` false: only the reviews are wanted.
 */
export async function decideAnew(
  context: Pick<ExecutionContext, 'store' | 'policies' | 'foldCache'>,
  reviews: ReadonlyMap<PersonId, Review>,
  write: boolean,
): Promise<ReadonlyMap<PersonId, DecidedAnew>> {
  const { store, policies } = context;
  const outcomes = new Map<PersonId, DecidedAnew>();
  for (let attempt = 1, pending = [...reviews.keys()]; pending.length > 0; attempt += 1) {
    // What was kept of a fold is used at most once: a stale one would be met again.
    const cache = (attempt === 1 && store.capabilities.atomicUnits && context.foldCache) || null;
    const loaded = await loadAll(store, pending.map(bare), cache);
    const policy = await policies.inEffect();
    const agreed: LoadedPerson[] = [];
    const again: PersonId[] = [];
    for (const personId of pending) {
      const person = loaded.get(personId) as LoadedPerson;
      const { fold, unseen } = person;
      if (fold.erasedAt !== null) outcomes.set(personId, { outcome: 'refused', refusals: [PERSON_ERASED] });
      else if (fold.lastDecided === null || fold.lastDecided.policy.digest === policy.book.digest)
        outcomes.set(personId, { outcome: 'current' });
      else if (unseen.length > 0) again.push(personId);
      else {
        const settlement = settle(fold, decide(fold, policy.book));
        const before = { historiesBefore: historiesOf(person), packagesBefore: fold.packages };
        const effects = { state: fold, facts: NO_FACTS, ...before, settlement, book: policy.book };
        const refusals = reviews.get(personId)?.(effects) ?? [];
        if (refusals.length > 0) outcomes.set(personId, { outcome: 'refused', refusals });
        else if (write) agreed.push(person);
        else outcomes.set(personId, { outcome: 'looked-at' });
      }
    }
    for (const [personId, standing] of await bookStanding(store, policy, agreed, new Map()))
      if (typeof standing === 'object') outcomes.set(personId, { outcome: 'booked' });
      else again.push(personId);
    if (attempt === MAX_ATTEMPTS || !write)
      for (const personId of again.splice(0)) outcomes.set(personId, { outcome: 'refused', refusals: AT_WORK });
    pending = again;
  }
  return outcomes;
}

const historiesOf = ({ fold }: LoadedPerson) =>
  new Map([...fold.trajectories.values()].flatMap(({ histories }) => histories.map((each) => [each.importId, each] as const)));

/** To be loaded a person need not be given a command. */
const bare = (personId: PersonId) => ({ personId, commandId: '' as never });
