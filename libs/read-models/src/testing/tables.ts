/** Whole tables as text, to compare two ways of getting there. */
import type { DataSource } from 'typeorm';
import type { LogPosition, RecordedEvent } from '#libs/event-store';
import { schemaOf } from '../migrations/schema';
import type { ReadModelProjector } from '../projector';

const TABLES = [
  'trajectory',
  'session',
  'dossier',
  'booking',
  'payment_change',
  'work_item',
  'payer_split_month',
  'claim_file',
  'policy_activation',
  'parked_partition',
];

/** Every row of every table, as JSON, in a fixed order. */
export async function dumpTables(dataSource: DataSource): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {};
  for (const name of TABLES) {
    const rows: { row: string }[] = await dataSource.query(
      `select to_jsonb(t)::text as row from ${schemaOf(dataSource)}.${name} t order by 1`,
    );
    dump[name] = rows.map(({ row }) => row);
  }
  return dump;
}

/** Empties every table and puts the checkpoint at the beginning. */
export async function emptyTables(dataSource: DataSource): Promise<void> {
  const schema = schemaOf(dataSource);
  await dataSource.query(`truncate ${TABLES.map((name) => `${schema}.${name}`).join(', ')}`);
  await dataSource.query(`update ${schema}.checkpoint set position = null, events = 0`);
}

/** Projects a log from the checkpoint on, in batches of the sizes that `sizeOf` gives. */
export async function projectLog(
  projector: ReadModelProjector,
  log: readonly RecordedEvent[],
  sizeOf: () => number,
): Promise<void> {
  const checkpoint = await projector.checkpoint();
  let at = checkpoint === null ? 0 : log.findIndex(({ position }) => position === checkpoint) + 1;
  let after: LogPosition | null = checkpoint;
  while (at < log.length) {
    const batch = log.slice(at, at + Math.max(1, sizeOf()));
    const last = (batch.at(-1) as RecordedEvent).position;
    await projector.project(batch, last, after);
    at += batch.length;
    after = last;
  }
}
