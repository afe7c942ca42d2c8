import { comparePositions, type EventStore, type RecordedEvent, type StreamRead } from '#libs/event-store';
import {
  dossierStream,
  PersonFold,
  trajectoryStream,
  type CommandId,
  type PersonDecided,
  type PersonId,
  type RestoredPerson,
  type TrajectoryId,
} from '#libs/trajectory';
import type { FoldCache } from './fold-cache';

/** A person as read: folded up to the last decision, and the facts that no decision has seen yet. */
export interface LoadedPerson {
  readonly fold: PersonFold;
  /** In log order. Not empty only after a crash, or while another process is between its facts and its decision. */
  readonly unseen: readonly RecordedEvent[];
  /** Everything that was read, dossier first: to fold again from. After a snapshot only what came later. */
  readonly events: readonly RecordedEvent[];
  /** Where folding begins: an empty fold, or one from the cache; each call gives a new one. */
  readonly begin: () => PersonFold;
  /** Commands that were decided before the snapshot; their decisions are in the streams only. */
  readonly earlier: ReadonlySet<CommandId>;
}

const NO_COMMANDS: ReadonlySet<CommandId> = new Set();

const linkedTrajectories = (dossier: readonly RecordedEvent[]): TrajectoryId[] =>
  dossier
    .filter((event) => event.type.startsWith('TrajectoryLinked.'))
    .map((event) => (event.data as { trajectoryId: TrajectoryId }).trajectoryId);

/**
 * Reads all streams of the persons in two round trips: the dossiers, then the trajectories they link to. With a cache a person's
 * streams are read from where its snapshot ends; what the snapshot does not link to is read after.
 */
export async function loadPersons(
  store: EventStore,
  persons: readonly PersonId[],
  cache: FoldCache | null = null,
): Promise<ReadonlyMap<PersonId, LoadedPerson>> {
  const kept = cache === null ? new Map<PersonId, () => RestoredPerson>() : await cache.read(persons);
  const starts = persons.map((person): Start => startOf(person, kept.get(person)));
  const known = starts.map(({ first }) => [...first.trajectories.keys()]);
  const read = await store.readStreams([
    ...starts.map(({ first }) => readFrom(first, dossierStream(first.personId))),
    ...starts.flatMap(({ first }, i) => (known[i] ?? []).map((id) => readFrom(first, trajectoryStream(id)))),
  ]);
  const dossiers = read.slice(0, persons.length);
  const fresh = dossiers.map((dossier, i) =>
    linkedTrajectories(dossier).filter((id) => starts[i]?.first.trajectories.has(id) !== true),
  );
  const flat = fresh.flat();
  const later = flat.length === 0 ? [] : await store.readStreams(flat.map((id) => ({ stream: trajectoryStream(id) })));
  const loaded = new Map<PersonId, LoadedPerson>();
  let [nextKnown, nextLater] = [persons.length, 0];
  starts.forEach((start, i) => {
    const [knownHere, freshHere] = [known[i]?.length ?? 0, fresh[i]?.length ?? 0];
    const own = [...read.slice(nextKnown, nextKnown + knownHere), ...later.slice(nextLater, nextLater + freshHere)];
    nextKnown += knownHere;
    nextLater += freshHere;
    loaded.set(start.first.personId, foldLoaded(start, dossiers[i] ?? [], own));
  });
  return loaded;
}

/** Where the folding of one person begins. */
interface Start {
  readonly first: PersonFold;
  readonly begin: () => PersonFold;
  readonly earlier: ReadonlySet<CommandId>;
}

function startOf(person: PersonId, kept: (() => RestoredPerson) | undefined): Start {
  if (kept === undefined) return { first: new PersonFold(person), begin: () => new PersonFold(person), earlier: NO_COMMANDS };
  const { fold, commands } = kept();
  return { first: fold, begin: () => kept().fold, earlier: commands };
}

const readFrom = (fold: PersonFold, stream: string): StreamRead => ({
  stream,
  fromRevision: (fold.revisions.get(stream) ?? -1) + 1,
});

/** Folds what the last decision had seen and sets the rest apart. */
function foldLoaded(
  { first: fold, begin, earlier }: Start,
  dossier: readonly RecordedEvent[],
  trajectories: readonly (readonly RecordedEvent[])[],
): LoadedPerson {
  // Nothing is decided after an erasure, which is the dossier's last event: what is there is all there will be.
  const isClosed = dossier.at(-1)?.type.startsWith('PersonErased.') === true || fold.erasedAt !== null;
  const lastDecision = dossier.findLastIndex((event) => event.type.startsWith('PersonDecided.'));
  const last = lastDecision < 0 ? fold.lastDecided : (dossier[lastDecision]?.data as PersonDecided['data']);
  const seen = last?.seen ?? {};
  const unseen: RecordedEvent[] = [];
  dossier.forEach((event, i) => (isClosed || i <= lastDecision ? fold.apply(event) : unseen.push(event)));
  for (const events of trajectories)
    for (const event of events) {
      if (isClosed || event.revision <= (seen[event.stream] ?? -1)) fold.apply(event);
      else unseen.push(event);
    }
  if (unseen.length > 1) unseen.sort((a, b) => comparePositions(a.position, b.position));
  return { fold, unseen, events: [...dossier, ...trajectories.flat()], begin, earlier };
}

/** The same person folded anew from what was read, as `loadPersons` gave it, or with what no decision has seen as well. */
export function refold(loaded: LoadedPerson, withUnseen = false): PersonFold {
  const unseen = new Set(withUnseen ? [] : loaded.unseen);
  const fold = loaded.begin();
  for (const event of loaded.events) if (!unseen.has(event)) fold.apply(event);
  return fold;
}
