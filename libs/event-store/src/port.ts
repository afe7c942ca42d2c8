/**
 * The event store port. Two adapters implement it (./postgres, ./eventstoredb); `eventStoreContract` holds both to this text.
 */

/** Position in the log: a pair of unsigned integers written `a-b`. Opaque but for `comparePositions`. */
export type LogPosition = string & { readonly __logPosition: unique symbol };

/** Revision that a stream has when it is not there. */
export const NO_STREAM = -1;

export interface EventMetadata {
  /** Random id of the person whose event this is; absent on events of no one person (claim files, policy book). */
  readonly personId?: string;
  /** Command that wrote it. */
  readonly commandId: string;
  /** Who gave the command: a user or a process, never a person's data. */
  readonly actor: string;
  /** Of a correction: why it was made, as a code; the note beside it, by its id; and the second person who agreed. */
  readonly reason?: string;
  readonly note?: string;
  readonly approvedBy?: string;
  /** Campaign that gave the command, by its id: what it moves for many persons is told under one name. */
  readonly campaign?: string;
}

export interface NewEvent {
  /** UUID derived from the command id, so that a repeated append writes nothing twice. */
  readonly id: string;
  /** Declared constant with version, e.g. `SessionDeclared.v1`. */
  readonly type: string;
  /** JSON-serialisable. */
  readonly data: unknown;
  readonly metadata: EventMetadata;
}

export interface StreamAppend {
  readonly stream: string;
  /** Exact revision of the stream's last event, or NO_STREAM. */
  readonly expectedRevision: number;
  /** At least one. */
  readonly events: readonly NewEvent[];
}

/** What belongs together: usually all events of one person of one command. Streams of a unit are distinct. */
export interface AppendUnit {
  readonly streams: readonly StreamAppend[];
}

export type UnitOutcome =
  /** `position`: that of the unit's last event. */
  | { readonly outcome: 'appended'; readonly position: LogPosition }
  /** Every event of the unit was there before, by id. */
  | { readonly outcome: 'already-appended'; readonly position: LogPosition }
  /** Nothing of the unit was written (atomic adapters); else the streams before `stream`, in the unit's order, were. */
  | { readonly outcome: 'conflict'; readonly stream: string; readonly expectedRevision: number; readonly actualRevision: number }
  /** It may or may not have been written (connection lost, deadline): append again with the same ids. */
  | { readonly outcome: 'unknown'; readonly error: Error };

export interface RecordedEvent<T = unknown> {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: T;
  readonly metadata: EventMetadata;
  readonly position: LogPosition;
  /** ISO 8601 in UTC, set by the store. */
  readonly recordedAt: string;
}

export interface StreamRead {
  readonly stream: string;
  /** First revision wanted; default 0. */
  readonly fromRevision?: number;
}

export interface LogPage {
  readonly events: readonly RecordedEvent[];
  /** Where to go on: the position of the last event, or `after` when there is none. */
  readonly checkpoint: LogPosition | null;
}

export interface SubscriptionOptions {
  /** Exclusive; null = from the beginning. */
  readonly after: LogPosition | null;
  /** At most so many events per batch. */
  readonly batchSize: number;
  /** Called with batches in log order, one at a time; a rejection ends the subscription with that error. */
  readonly onBatch: (events: readonly RecordedEvent[], checkpoint: LogPosition) => Promise<void>;
  /** Called whenever the end of the log was reached. */
  readonly onCaughtUp?: () => void;
  readonly signal: AbortSignal;
  /** Revision last delivered per stream, when resuming with the knowledge of it; continuity is checked from there on. */
  readonly knownRevisions?: (streams: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

export interface StreamHead {
  readonly stream: string;
  readonly revision: number;
}

export interface EventStoreCapabilities {
  /** Whether all streams of a unit are written together or not at all. */
  readonly atomicUnits: boolean;
  /** Largest number of streams over all units that one transaction takes; larger batches are split between units. */
  readonly maxStreamsPerTransaction: number;
}

export interface EventStore {
  readonly capabilities: EventStoreCapabilities;
  /** Appends independent units in as few round trips as possible; answers in the order of the units. Never rejects for a conflict. */
  append(units: readonly AppendUnit[]): Promise<readonly UnitOutcome[]>;
  /** Reads many streams in one round trip, each in revision order, answers in the order asked; an absent stream is empty. */
  readStreams(reads: readonly StreamRead[]): Promise<readonly (readonly RecordedEvent[])[]>;
  /** A page of the log in the one safe order: no event can appear before a checkpoint that was handed out. */
  readLog(after: LogPosition | null, limit: number): Promise<LogPage>;
  /** Streams of a category (`dossier` of `dossier-<id>`) with their heads, by name, after `afterStream`. */
  listStreams(category: string, afterStream: string | null, limit: number): Promise<readonly StreamHead[]>;
  /** Catch-up subscription; resolves when aborted, rejects on an error of the handler or a broken stream continuity. */
  subscribe(options: SubscriptionOptions): Promise<void>;
  close(): Promise<void>;
}

/** Negative, zero or positive as `a` lies before, at or after `b`. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  const [a1 = '0', a2 = '0'] = a.split('-');
  const [b1 = '0', b2 = '0'] = b.split('-');
  const first = BigInt(a1) - BigInt(b1);
  const difference = first === 0n ? BigInt(a2) - BigInt(b2) : first;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
