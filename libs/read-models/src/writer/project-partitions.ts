/** Projects partitions inside a transaction, and finds the one event whose rows the database refuses. */
import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-store';
import { isDataError, isErasure, type Partition } from '../projection';
import { PARKED_PARTITIONS, upsertRows, type ParkedRow } from '../rows';
import { foldPartitions, parkedAt } from './fold-partitions';
import { writeFolded } from './write-folded';

/**
 * Writes the rows of the partitions' events, and parks those that stop at an event; returns what was parked. Throws
 * StreamGapError, and every error of the database that is not about the data.
 *
 * An erasure comes when everything before it is written, or parked: so what its person has added to the totals does not depend on how
 * the log was cut into batches. Nobody who is erased stays parked.
 */
export async function projectPartitions(
  client: PoolClient,
  schema: string,
  partitions: readonly Partition[],
): Promise<readonly ParkedRow[]> {
  const erasures = partitions.filter(({ events }) => events.some(isErasure));
  if (erasures.length === 0) return projectTogether(client, schema, partitions);
  const before = partitions.map((partition) => ({ ...partition, events: untilErasure(partition.events) }));
  const parked = await projectTogether(
    client,
    schema,
    before.filter(({ events }) => events.length > 0),
  );
  const stopped = new Set(parked.map(({ partition }) => partition));
  const last = erasures.map((partition): Partition => {
    const wasParked = partition.wasParked === true || stopped.has(partition.id);
    return { ...partition, wasParked, events: partition.events.filter(isErasure) };
  });
  await release(
    client,
    schema,
    last.filter(({ wasParked }) => wasParked).map(({ id }) => id),
  );
  const after = await projectTogether(client, schema, last);
  const erased = new Set(last.map(({ id }) => id));
  return [...parked.filter(({ partition }) => !erased.has(partition)), ...after];
}

function untilErasure(events: readonly RecordedEvent[]): RecordedEvent[] {
  const at = events.findIndex(isErasure);
  return at < 0 ? [...events] : events.slice(0, at);
}

/** Ends the waiting of partitions. */
export async function release(client: PoolClient, schema: string, partitions: readonly string[]): Promise<void> {
  if (partitions.length > 0)
    await client.query(`delete from ${schema}.parked_partition where partition = any($1::text[])`, [partitions]);
}

async function projectTogether(
  client: PoolClient,
  schema: string,
  partitions: readonly Partition[],
): Promise<readonly ParkedRow[]> {
  try {
    return await atSavepoint(client, () => projectAll(client, schema, partitions, false));
  } catch (error) {
    if (!isDataError(error)) throw error;
    return halve(client, schema, partitions);
  }
}

/** Halves the partitions, then takes the events of the guilty one singly, until the one that is refused stands alone. */
async function halve(client: PoolClient, schema: string, partitions: readonly Partition[]): Promise<readonly ParkedRow[]> {
  try {
    return await atSavepoint(client, () => projectAll(client, schema, partitions, true));
  } catch (error) {
    if (!isDataError(error)) throw error;
    const [first] = partitions;
    if (first === undefined) throw error;
    if (partitions.length === 1) return singly(client, schema, first, error);
    const middle = Math.ceil(partitions.length / 2);
    const parked = await halve(client, schema, partitions.slice(0, middle));
    return [...parked, ...(await halve(client, schema, partitions.slice(middle)))];
  }
}

async function singly(client: PoolClient, schema: string, partition: Partition, refused: unknown): Promise<readonly ParkedRow[]> {
  if (partition.events.length === 1) {
    const row = parkedAt(partition.id, partition.events[0] as RecordedEvent, refused);
    await upsertRows(client, schema, PARKED_PARTITIONS, [row]);
    return [row];
  }
  for (const event of partition.events) {
    const parked = await halve(client, schema, [{ ...partition, events: [event] }]);
    if (parked.length > 0) return parked;
  }
  return [];
}

async function projectAll(
  client: PoolClient,
  schema: string,
  partitions: readonly Partition[],
  isThorough: boolean,
): Promise<readonly ParkedRow[]> {
  const folded = await foldPartitions(client, schema, partitions, isThorough);
  await writeFolded(client, schema, folded);
  return folded.parked;
}

async function atSavepoint<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  await client.query('savepoint attempt');
  try {
    const result = await work();
    await client.query('release savepoint attempt');
    return result;
  } catch (error) {
    // A lost connection has no savepoint to go back to; the first error is the one to tell.
    await client.query('rollback to savepoint attempt; release savepoint attempt').catch(() => undefined);
    throw error;
  }
}
