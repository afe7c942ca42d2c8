/** Finds the lines that left one person and never came to another: what the process that moved them was killed over. */
import type { EventStore } from '#libs/event-store';
import { dossierPages } from '../person/dossier-pages';
import { loadPersons } from '../person/load';
import { notArrived, sentBy, type Transit } from './transit';

/** Over all persons. Reads only; `arrive` finishes each. A move that is under way just now may be among them: finishing it twice does no harm. */
export async function* unfinishedMoves(store: EventStore): AsyncGenerator<Transit> {
  for await (const ids of dossierPages(store))
    yield* await notArrived(store, [...(await loadPersons(store, ids)).values()].flatMap(sentBy));
}
