import { DATABASE_RESTART, isConnectionFailure, withRetry } from '#libs/platform';

/** The database was lost and did not come back; what was taken in stays. */
export class IngestionInterruptedError extends Error {
  override readonly name = 'IngestionInterruptedError';
  /** As the system says of a server that is not there: whoever reports errors knows it. */
  readonly code = 'ECONNREFUSED';
  constructor(path: string, cause: Error) {
    super(
      `${path}: the database was lost while the file was taken in, and did not come back within a minute (${cause.message}). ` +
        'Start it, then ingest the same file again: it goes on where it stopped, and nothing is done twice.',
      { cause },
    );
  }
}

/**
 * Asks again while the database restarts, about a minute long. Every step of an ingestion may be done twice, for its ids derive from
 * the file. Throws IngestionInterruptedError when the database stays away.
 */
export async function whileItRestarts<T>(path: string, work: () => Promise<T>, policy = DATABASE_RESTART): Promise<T> {
  try {
    return await withRetry(policy, work);
  } catch (error) {
    throw isConnectionFailure(error) ? new IngestionInterruptedError(path, error as Error) : error;
  }
}
