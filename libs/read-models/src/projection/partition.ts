/** Which events belong together: those of one person, or those of one stream that is of no person. */
import type { RecordedEvent } from '#libs/event-store';
import { POLICY_BOOK_STREAM } from '#libs/trajectory';

export type PartitionKind = 'person' | 'claim-file' | 'policy-book' | 'unknown';

export interface Partition {
  readonly kind: PartitionKind;
  /** Person id, or the stream's name. */
  readonly id: string;
  /** In log order. */
  readonly events: RecordedEvent[];
  /** Its person was parked, and the one event is the erasure: it ends the waiting, whatever came before. */
  readonly wasParked?: boolean;
}

/** The event that ends a person, parked or not. */
export const isErasure = ({ type }: RecordedEvent): boolean => type.startsWith('PersonErased.');

/** The log holds something that no code of ours writes: the projector stops, for it cannot tell whose event it is. */
export class BrokenLogError extends Error {
  override readonly name = 'BrokenLogError';
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const CLAIM_FILE_PREFIX = 'claim-file-';
export const DOSSIER_PREFIX = 'dossier-';
export const TRAJECTORY_PREFIX = 'trajectory-';

/** Whether the text is an id as we write them: a UUID in lower case. */
export const isId = (text: unknown): text is string => typeof text === 'string' && UUID.test(text);

/** Groups a batch by partition; partitions come in the order of their first event. Throws BrokenLogError. */
export function partitionsOf(events: readonly RecordedEvent[]): Map<string, Partition> {
  const partitions = new Map<string, Partition>();
  for (const event of events) {
    const { personId } = event.metadata;
    const id = personId ?? event.stream;
    let partition = partitions.get(id);
    if (partition === undefined) {
      partition = { kind: kindOf(event), id, events: [] };
      partitions.set(id, partition);
    }
    partition.events.push(event);
  }
  return partitions;
}

function kindOf({ id, stream, metadata }: RecordedEvent): PartitionKind {
  const isPersons = stream.startsWith(DOSSIER_PREFIX) || stream.startsWith(TRAJECTORY_PREFIX);
  if (metadata.personId === undefined) {
    if (isPersons) throw new BrokenLogError(`event ${id} lies in a stream of a person and its metadata names no person`);
    if (stream.startsWith(CLAIM_FILE_PREFIX) && isId(stream.slice(CLAIM_FILE_PREFIX.length))) return 'claim-file';
    return stream === POLICY_BOOK_STREAM ? 'policy-book' : 'unknown';
  }
  // The value is not repeated: whatever it is, it is not one of our random ids.
  if (!isId(metadata.personId)) throw new BrokenLogError(`event ${id} names a person by something that is not a person id`);
  return 'person';
}
