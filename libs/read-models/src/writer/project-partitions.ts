/** Projects partitions inside a transaction, and finds the one event whose rows the database refuses. */
import type { PoolClient } from 'pg';
import type { RecordedEvent } from '#libs/event-store';
import { isDataError, type Partition } from '../projection';
import { PARKED_PARTITIONS, upsertRows, type ParkedRow } from '../rows';
import { foldPartitions, parkedAt } from './fold-partitions';
import { writeFolded } from './write-folded';

/**
 * Writes the rows of the partitions' events, and parks those that stop at an event; returns what was parked. Throws
 * StreamGapError, and every error of the database that is not about the data.
 */
export async function projectPartitions(
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
