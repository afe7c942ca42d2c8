/**
 * Takes batches of the log into the read models: rows and checkpoint in one transaction. The outcome is the same however the
 * log is cut into batches and wherever a process stopped, so that live tables and rebuilt ones are equal.
 */
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { comparePositions, type EventStore, type LogPosition, type RecordedEvent } from '#libs/event-store';
import { dossierStream, trajectoryStream, type PersonId, type TrajectoryId } from '#libs/trajectory';
import { writeLock } from './locks';
import { schemaNameOf, schemaOf } from './migrations/schema';
import { isErasure, isId, partitionsOf, type Partition } from './projection';
import type { ParkedRow } from './rows';
import { projectPartitions, release } from './writer';

/** The tables are at another position than this projector left them: another one wrote, or a rebuild was switched in. */
export class CheckpointMovedError extends Error {
  override readonly name = 'CheckpointMovedError';
  constructor(expected: LogPosition | null, actual: LogPosition | null) {
    super(`the read models are at ${actual ?? 'the beginning'} and not at ${expected ?? 'the beginning'}; go on from there`);
  }
}

export interface ProjectedBatch {
  /** Partitions that stopped at an event of this batch. */
  readonly parked: readonly ParkedRow[];
  /** Events of the batch that wait because their partition was parked before. */
  readonly waiting: number;
}

export type RetryOutcome =
  | { readonly outcome: 'not-parked' }
  | { readonly outcome: 'released'; readonly events: number }
  | { readonly outcome: 'still-parked'; readonly error: string };

/** Streams read at a time when a parked person is replayed. */
const RETRY_STREAMS = 200;

export class ReadModelProjector {
  private readonly schema: string;
  private readonly lock: string;

  constructor(private readonly dataSource: DataSource) {
    this.schema = schemaOf(dataSource);
    this.lock = writeLock(schemaNameOf(dataSource));
  }

  /** Position of the last event taken in; null before the first. */
  async checkpoint(): Promise<LogPosition | null> {
    const rows: { position: LogPosition | null }[] = await this.dataSource.query(
      `select position from ${this.schema}.checkpoint where id = 1`,
    );
    return rows[0]?.position ?? null;
  }

  /**
   * Projects the events that follow `after` in the log, up to `checkpoint`, in one transaction. A poisoned event parks its
   * partition and nothing else. Throws CheckpointMovedError when the tables are not at `after`, StreamGapError and
   * BrokenLogError when the log cannot be right, and whatever the database throws; then nothing was written.
   */
  async project(events: readonly RecordedEvent[], checkpoint: LogPosition, after: LogPosition | null): Promise<ProjectedBatch> {
    const partitions = partitionsOf(events);
    return this.inTransaction(async (client) => {
      const actual = await readCheckpoint(client, this.schema);
      if (actual !== after) throw new CheckpointMovedError(after, actual);
      const waitingFor = await parkedAmong(client, this.schema, [...partitions.keys()]);
      const open: Partition[] = [];
      let waiting = 0;
      for (const [id, partition] of partitions)
        if (!waitingFor.has(id)) open.push(partition);
        else {
          const erasures = partition.events.filter(isErasure);
          waiting += partition.events.length - erasures.length;
          if (erasures.length > 0) open.push({ ...partition, events: erasures, wasParked: true });
        }
      const parked = await projectPartitions(client, this.schema, open);
      await client.query(
        `update ${this.schema}.checkpoint set position = $1, events = events + $2, updated_at = now() where id = 1`,
        [checkpoint, events.length],
      );
      return { parked, waiting };
    });
  }

  /**
   * Replays a parked partition from its streams, up to the checkpoint: what was wrong may have been a defect that is mended.
   * `partition` is a person id or a stream's name. May run beside the projector, in another process.
   */
  async retryParked(store: EventStore, partition: string): Promise<RetryOutcome> {
    return this.inTransaction(async (client) => {
      const parked = await parkedAmong(client, this.schema, [partition]);
      if (!parked.has(partition)) return { outcome: 'not-parked' };
      const checkpoint = await readCheckpoint(client, this.schema);
      if (checkpoint === null) return { outcome: 'not-parked' };
      const events = await eventsUpTo(store, await this.streamsOf(store, client, partition), checkpoint);
      await release(client, this.schema, [partition]);
      const [again] = await projectPartitions(client, this.schema, [...partitionsOf(events).values()]);
      return again === undefined
        ? { outcome: 'released', events: events.length }
        : { outcome: 'still-parked', error: again.error };
    });
  }

  /** The dossier and every trajectory that it links or that is known already; of no person: the stream itself. */
  private async streamsOf(store: EventStore, client: PoolClient, partition: string): Promise<string[]> {
    if (!isId(partition)) return [partition];
    const dossier = dossierStream(partition as PersonId);
    const { rows } = await client.query<{ id: string }>(
      `select trajectory_id as id from ${this.schema}.trajectory where person_id = $1`,
      [partition],
    );
    const trajectories = new Set(rows.map(({ id }) => id));
    const [events = []] = await store.readStreams([{ stream: dossier }]);
    for (const { type, data } of events)
      if (type.startsWith('TrajectoryLinked.')) trajectories.add((data as { trajectoryId: string }).trajectoryId);
    return [dossier, ...[...trajectories].map((id) => trajectoryStream(id as TrajectoryId))];
  }

  /** One writer at a time; the lock comes first, so that a schema that is switched meanwhile is seen by every statement after it. */
  private async inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    try {
      await client.query('begin');
      await client.query(`select pg_advisory_xact_lock(${this.lock})`);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

async function readCheckpoint(client: PoolClient, schema: string): Promise<LogPosition | null> {
  const { rows } = await client.query<{ position: LogPosition | null }>(`select position from ${schema}.checkpoint where id = 1`);
  const row = rows[0];
  if (row === undefined) throw new Error(`${schema}.checkpoint has lost its row; rebuild the read models`);
  return row.position;
}

async function parkedAmong(client: PoolClient, schema: string, partitions: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ partition: string }>(
    `select partition from ${schema}.parked_partition where partition = any($1::text[])`,
    [partitions],
  );
  return new Set(rows.map(({ partition }) => partition));
}

/** All events of the streams up to the position, in log order. */
async function eventsUpTo(store: EventStore, streams: readonly string[], checkpoint: LogPosition): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let i = 0; i < streams.length; i += RETRY_STREAMS)
    for (const read of await store.readStreams(streams.slice(i, i + RETRY_STREAMS).map((stream) => ({ stream }))))
      for (const event of read) if (comparePositions(event.position, checkpoint) <= 0) events.push(event);
  return events.sort((a, b) => comparePositions(a.position, b.position));
}
