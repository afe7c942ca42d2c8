import type { Position, ResolvedEvent } from '@eventstore/db-client';
import { EventStoreInvariantError, UnknownCheckpointError } from '../errors';
import type { EventMetadata, LogPosition, RecordedEvent } from '../port';

/** Metadata of an event that others wrote into the same store. */
const FOREIGN: EventMetadata = Object.freeze({ commandId: '', actor: '' });

export function positionOf(position: Position): LogPosition {
  return `${position.commit}-${position.prepare}` as LogPosition;
}

export function parsePosition(position: LogPosition): Position {
  const parts = /^(\d{1,20})-(\d{1,20})$/.exec(position);
  if (!parts)
    throw new UnknownCheckpointError(position, 'it is not a commit and a prepare position, as EventStoreDB hands them out');
  return { commit: BigInt(parts[1] ?? 0), prepare: BigInt(parts[2] ?? 0) };
}

/** The port's event, or null for what is the server's own (types and streams that begin with `$`). */
export function recordedEventOf(resolved: Pick<ResolvedEvent, 'event'>): RecordedEvent | null {
  const { event } = resolved;
  if (!event || event.type.startsWith('$') || event.streamId.startsWith('$')) return null;
  if (!event.position)
    throw new EventStoreInvariantError(`Event ${event.id} of ${event.streamId} came without a position in the log`);
  return {
    id: event.id,
    stream: event.streamId,
    revision: Number(event.revision),
    type: event.type,
    data: event.data,
    metadata: isMetadata(event.metadata) ? event.metadata : FOREIGN,
    position: positionOf(event.position),
    recordedAt: event.created.toISOString(),
  };
}

function isMetadata(metadata: unknown): metadata is EventMetadata {
  return typeof metadata === 'object' && metadata !== null && 'commandId' in metadata && 'actor' in metadata;
}
