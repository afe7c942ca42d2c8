/** Loading with the cache of folded histories, and keeping the long ones in it. */
import type { EventStore } from '#libs/event-store';
import { dossierStream, type PersonId } from '#libs/trajectory';
import type { PersonCommand, PersonOutcome } from './command';
import { EVENTS_TO_KEEP, type FoldCache, type FoldToKeep } from './fold-cache';
import { loadPersons, type LoadedPerson } from './load';
import { tellsPayments } from './untold';

/** Loads the persons; whose command was decided before is read from the streams alone, to recall what the command met and did. */
export async function loadAll(
  store: EventStore,
  commands: readonly Pick<PersonCommand<unknown>, 'personId' | 'commandId'>[],
  cache: FoldCache | null,
): Promise<ReadonlyMap<PersonId, LoadedPerson>> {
  const ids = commands.map((command) => command.personId);
  const loaded = await loadPersons(store, ids, cache);
  if (cache === null) return loaded;
  const decidedBefore = commands.filter(({ personId, commandId }) => {
    const person = loaded.get(personId);
    return person?.earlier.has(commandId) === true || person?.fold.decidedCommands.has(commandId) === true;
  });
  if (decidedBefore.length === 0) return loaded;
  const whole = await loadPersons(
    store,
    decidedBefore.map((command) => command.personId),
  );
  return new Map([...loaded, ...whole]);
}

/** Keeps the folds of those whose streams have grown long since their last snapshot. */
export async function keepLong<R>(
  foldCache: FoldCache | null,
  loaded: ReadonlyMap<PersonId, LoadedPerson>,
  outcomes: ReadonlyMap<PersonId, PersonOutcome<R>>,
): Promise<void> {
  if (foldCache === null) return;
  const folds: FoldToKeep[] = [];
  for (const [personId, { fold, events, earlier }] of loaded) {
    const outcome = outcomes.get(personId);
    if (outcome?.outcome !== 'done' || !outcome.changed || outcome.state !== fold) continue;
    // What nobody has told of yet is read off the streams: a snapshot ends at a decision that was told.
    if (!tellsPayments(outcome.decided?.cause.type ?? '')) continue;
    const gained = events.length + (outcome.decided?.decisions.length ?? 0);
    if (gained < EVENTS_TO_KEEP) continue;
    folds.push({ fold, revision: fold.revisions.get(dossierStream(personId)) ?? -1, earlier });
  }
  await foldCache.keep(folds);
}
