import type { LogPosition } from './port';

/** A subscriber met a stream whose events are not delivered one by one in order: something was lost, or came twice or too early. */
export class StreamContinuityError extends Error {
  override readonly name = 'StreamContinuityError';
  constructor(
    readonly stream: string,
    /** Revision that had to come next; null when it is unknown (the event before was never delivered). */
    readonly expectedRevision: number | null,
    readonly actualRevision: number,
    readonly position: LogPosition,
  ) {
    super(
      `Stream ${stream}: revision ${actualRevision} was delivered at position ${position} ` +
        (expectedRevision === null ? 'without the one before it' : `where ${expectedRevision} had to come next`) +
        '. Stop reading and compare the stream with the log before going on.',
    );
  }
}

/** A checkpoint that this store cannot have handed out: of another store, or from before a restore. */
export class UnknownCheckpointError extends Error {
  override readonly name = 'UnknownCheckpointError';
  constructor(
    readonly checkpoint: string,
    reason: string,
  ) {
    super(`Checkpoint ${JSON.stringify(checkpoint)}: ${reason}`);
  }
}

/** The server or its settings cannot carry this store; the message says what to change. */
export class EventStoreSetupError extends Error {
  override readonly name = 'EventStoreSetupError';
}

/** The store broke a promise of its own (an answer is missing, events do not add up). Never retried. */
export class EventStoreInvariantError extends Error {
  override readonly name = 'EventStoreInvariantError';
}
