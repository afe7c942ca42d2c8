/** Walks over all streams of a kind, some at a time. */
import type { EventStore } from '#libs/event-store';
import type { PersonId } from '#libs/trajectory';

const STREAMS_PER_PAGE = 200;

/** Everybody who has a dossier, some at a time. */
export async function* dossierPages(store: EventStore): AsyncGenerator<PersonId[]> {
  for await (const names of streamPages(store, 'dossier')) yield names.map((name) => name.slice('dossier-'.length) as PersonId);
}

/** Names of the streams of a category, in their order. */
export async function* streamPages(store: EventStore, category: string): AsyncGenerator<string[]> {
  let after: string | null = null;
  for (;;) {
    const heads = await store.listStreams(category, after, STREAMS_PER_PAGE);
    if (heads.length === 0) return;
    yield heads.map((head) => head.stream);
    after = heads.at(-1)?.stream ?? null;
  }
}
