import { comparePositions, type EventStore, type RecordedEvent } from '#libs/event-store';
import {
  dossierStream,
  PersonFold,
  trajectoryStream,
  type PersonDecided,
  type PersonId,
  type TrajectoryId,
} from '#libs/trajectory';

/** A person as read: folded up to the last decision, and the facts that no decision has seen yet. */
export interface LoadedPerson {
  readonly fold: PersonFold;
  /** In log order. Not empty only after a crash, or while another process is between its facts and its decision. */
  readonly unseen: readonly RecordedEvent[];
  /** Everything that was read, dossier first: to fold again from. */
  readonly events: readonly RecordedEvent[];
}

const linkedTrajectories = (dossier: readonly RecordedEvent[]): TrajectoryId[] =>
  dossier
    .filter((event) => event.type.startsWith('TrajectoryLinked.'))
    .map((event) => (event.data as { trajectoryId: TrajectoryId }).trajectoryId);

/** Reads all streams of the persons in two round trips: the dossiers, then the trajectories they link to. */
export async function loadPersons(store: EventStore, persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, LoadedPerson>> {
  const dossiers = await store.readStreams(persons.map((person) => ({ stream: dossierStream(person) })));
  const wanted = dossiers.map(linkedTrajectories);
  const flat = wanted.flat();
  const trajectories = flat.length === 0 ? [] : await store.readStreams(flat.map((id) => ({ stream: trajectoryStream(id) })));
  const loaded = new Map<PersonId, LoadedPerson>();
  let next = 0;
  persons.forEach((person, i) => {
    const own = trajectories.slice(next, next + (wanted[i]?.length ?? 0));
    next += own.length;
    loaded.set(person, foldLoaded(person, dossiers[i] ?? [], own));
  });
  return loaded;
}

/** Folds what the last decision had seen and sets the rest apart. */
function foldLoaded(
  person: PersonId,
  dossier: readonly RecordedEvent[],
  trajectories: readonly (readonly RecordedEvent[])[],
): LoadedPerson {
  const fold = new PersonFold(person);
  const lastDecision = dossier.findLastIndex((event) => event.type.startsWith('PersonDecided.'));
  const seen = lastDecision < 0 ? {} : (dossier[lastDecision]?.data as PersonDecided['data']).seen;
  const unseen: RecordedEvent[] = [];
  dossier.forEach((event, i) => (i <= lastDecision ? fold.apply(event) : unseen.push(event)));
  for (const events of trajectories)
    for (const event of events) {
      if (event.revision <= (seen[event.stream] ?? -1)) fold.apply(event);
      else unseen.push(event);
    }
  if (unseen.length > 1) unseen.sort((a, b) => comparePositions(a.position, b.position));
  return { fold, unseen, events: [...dossier, ...trajectories.flat()] };
}

/** The same person folded anew from what was read, as `loadPersons` gave it, or with what no decision has seen as well. */
export function refold(loaded: LoadedPerson, withUnseen = false): PersonFold {
  const unseen = new Set(withUnseen ? [] : loaded.unseen);
  const fold = new PersonFold(loaded.fold.personId);
  for (const event of loaded.events) if (!unseen.has(event)) fold.apply(event);
  return fold;
}
