/** Brings the read models up to the erasures in the log, before anybody is answered from them. */
import type { DataSource } from 'typeorm';
import type { EventStore } from '#libs/event-store';
import { ReadModelQueries } from './queries';
import { startProjector, type ProjectorLogger } from './run-projector';

const POLL_MS = 100;
/** A projector that runs already is waited for so long; the one that this process starts takes the time it needs. */
const PATIENCE_MS = 300_000;

/** Rows of erased persons are left that following the log does not take away. */
export class ErasedRowsError extends Error {
  override readonly name = 'ErasedRowsError';
  constructor(persons: number) {
    super(
      `the read models still hold rows of ${persons} persons who were erased, and nothing is served from them: see that the projector runs, ` +
        'or make them anew (traject rebuild)',
    );
  }
}

/**
 * Resolves when no rows are left of these persons, who must have been erased. Where some are, it follows the log until its end, or until
 * the projector that does so already is there. Throws ErasedRowsError.
 */
export async function takeInErasures(
  {
    store,
    dataSource,
    logger,
  }: { readonly store: EventStore; readonly dataSource: DataSource; readonly logger: ProjectorLogger },
  personIds: readonly string[],
): Promise<void> {
  const queries = new ReadModelQueries(dataSource);
  if (personIds.length === 0 || (await queries.notErasedAmong(personIds)) === 0) return;
  const done = new AbortController();
  const look = setInterval(() => {
    queries.notErasedAmong(personIds).then(
      (left) => left === 0 && done.abort(),
      () => undefined, // the projector meets the same fault, and says so
    );
  }, POLL_MS);
  let isLeading = false;
  const patience = setTimeout(() => !isLeading && done.abort(), PATIENCE_MS);
  try {
    await startProjector({
      store,
      dataSource,
      logger,
      signal: done.signal,
      onProgress: ({ isCaughtUp }) => {
        isLeading = true;
        if (isCaughtUp) done.abort();
      },
    });
  } finally {
    clearInterval(look);
    clearTimeout(patience);
  }
  const left = await queries.notErasedAmong(personIds);
  if (left > 0) throw new ErasedRowsError(left);
}
