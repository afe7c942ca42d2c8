/** Folds the partitions of a batch in memory: what is to be written, and which of them stopped at an event. */
import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-store';
import type { PolicyActivated } from '#libs/trajectory';
import {
  CLAIM_FILE_PREFIX,
  evolveClaimFile,
  parkedReason,
  PersonProjection,
  PoisonedEventError,
  StreamGapError,
  DOSSIER_PREFIX,
  type LoadedPerson,
  type Partition,
  type PersonChanges,
} from '../projection';
import type { ClaimFileRow, ParkedRow, PolicyActivationRow } from '../rows';
import { fullPerson, loadClaimFiles, loadHeads, loadSessions, type LoadedHeads } from './load';

export interface Folded {
  readonly persons: readonly PersonChanges[];
  readonly claimFiles: readonly { readonly row: ClaimFileRow; readonly isStored: boolean }[];
  readonly policies: readonly PolicyActivationRow[];
  readonly parked: readonly ParkedRow[];
}

/** Loads what is stored, leaves out what was applied before, and folds the rest. Throws StreamGapError. */
export async function foldPartitions(
  client: PoolClient,
  schema: string,
  partitions: readonly Partition[],
  isThorough: boolean,
): Promise<Folded> {
  const ofKind = (kind: Partition['kind']): Partition[] => partitions.filter((partition) => partition.kind === kind);
  const parked: ParkedRow[] = [];
  const persons = await foldPersons(client, schema, ofKind('person'), isThorough, parked);
  const claimFiles = await foldClaimFiles(client, schema, ofKind('claim-file'), parked);
  const policies = await foldPolicyBook(client, schema, ofKind('policy-book'), parked);
  for (const { id, events } of ofKind('unknown'))
    parked.push(parkedAt(id, events[0] as RecordedEvent, new PoisonedEventError('no read model knows streams of this kind')));
  return { persons, claimFiles, policies, parked };
}

async function foldPersons(
  client: PoolClient,
  schema: string,
  partitions: readonly Partition[],
  isThorough: boolean,
  parked: ParkedRow[],
): Promise<PersonChanges[]> {
  const heads = await loadHeads(
    client,
    schema,
    partitions.map(({ id }) => id),
  );
  const pending: Partition[] = [];
  for (const partition of partitions) {
    const head = heads.get(partition.id) as LoadedHeads;
    if (head.dossier?.erasedAt != null) continue;
    // of a person who was parked the erasure alone is taken in, whatever revisions lie between
    const events = partition.wasParked === true ? partition.events : unapplied(partition.events, revisionsOf(partition.id, head));
    if (events.length > 0) pending.push({ ...partition, events });
  }
  const sessions = await loadSessions(client, schema, pending, heads, isThorough);
  const changes: PersonChanges[] = [];
  for (const { id, events } of pending) {
    const loaded = fullPerson(heads.get(id) as LoadedHeads, sessions.get(id));
    const folded = foldPerson(id, loaded, events);
    if (folded.changes !== null) changes.push(folded.changes);
    if (folded.parked !== null) parked.push(folded.parked);
  }
  return changes;
}

function revisionsOf(personId: string, { dossier, trajectories }: LoadedHeads): Map<string, number> {
  const revisions = new Map(trajectories.map(({ trajectoryId, revision }) => [`trajectory-${trajectoryId}`, revision]));
  revisions.set(`${DOSSIER_PREFIX}${personId}`, dossier?.revision ?? -1);
  return revisions;
}

/** Leaves out events that were applied before; every other must be the next of its stream. Throws StreamGapError. */
function unapplied(events: readonly RecordedEvent[], revisions: Map<string, number>): RecordedEvent[] {
  return events.filter(({ stream, revision }) => {
    const known = revisions.get(stream) ?? -1;
    if (revision <= known) return false;
    if (revision !== known + 1) throw new StreamGapError(stream, known, revision);
    revisions.set(stream, revision);
    return true;
  });
}

/** Folds until the first event that cannot be; what came before it stands. */
function foldPerson(
  id: string,
  loaded: LoadedPerson,
  events: readonly RecordedEvent[],
): { changes: PersonChanges | null; parked: ParkedRow | null } {
  const projection = new PersonProjection(id, loaded);
  for (const [i, event] of events.entries()) {
    try {
      projection.apply(event);
    } catch (error) {
      // The event may have left half of itself behind: fold again what came before it.
      const before = i === 0 ? null : foldPerson(id, loaded, events.slice(0, i)).changes;
      return { changes: before, parked: parkedAt(id, event, error) };
    }
  }
  return { changes: projection.changes(), parked: null };
}

async function foldClaimFiles(
  client: PoolClient,
  schema: string,
  partitions: readonly Partition[],
  parked: ParkedRow[],
): Promise<{ row: ClaimFileRow; isStored: boolean }[]> {
  const fileId = ({ id }: Partition): string => id.slice(CLAIM_FILE_PREFIX.length);
  const stored = await loadClaimFiles(client, schema, partitions.map(fileId));
  const folded: { row: ClaimFileRow; isStored: boolean }[] = [];
  for (const partition of partitions) {
    const before = stored.get(fileId(partition)) ?? null;
    let row = before;
    for (const event of unapplied(partition.events, new Map([[partition.id, before?.revision ?? -1]]))) {
      try {
        row = evolveClaimFile(row, event);
      } catch (error) {
        parked.push(parkedAt(partition.id, event, error));
        break;
      }
    }
    if (row !== null && row !== before) folded.push({ row, isStored: before !== null });
  }
  return folded;
}

async function foldPolicyBook(
  client: PoolClient,
  schema: string,
  partitions: readonly Partition[],
  parked: ParkedRow[],
): Promise<PolicyActivationRow[]> {
  const rows: PolicyActivationRow[] = [];
  for (const { id, events } of partitions) {
    const { rows: known } = await client.query<{ revision: number }>(
      `select coalesce(max(revision), -1) as revision from ${schema}.policy_activation`,
    );
    for (const event of unapplied(events, new Map([[id, known[0]?.revision ?? -1]]))) {
      if (event.type !== 'PolicyActivated.v1') {
        parked.push(parkedAt(id, event, new PoisonedEventError('its type is not known to this version of Traject')));
        break;
      }
      const { digest, version } = event.data as PolicyActivated['data'];
      rows.push({ revision: event.revision, digest, version, eventId: event.id, recordedAt: event.recordedAt });
    }
  }
  return rows;
}

export const parkedAt = (partition: string, event: RecordedEvent, error: unknown): ParkedRow => ({
  partition,
  eventId: event.id,
  eventType: event.type,
  position: event.position,
  error: parkedReason(error),
  since: event.recordedAt,
});
