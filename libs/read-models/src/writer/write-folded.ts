/** Writes what a batch changed, table by table, each in one statement; all inside the caller's transaction. */
import type { PoolClient } from 'pg';
import { SplitDifferences, type PersonChanges } from '../projection';
import {
  addRows,
  BOOKINGS,
  CLAIM_FILES,
  DOSSIERS,
  insertRows,
  PARKED_PARTITIONS,
  PAYER_SPLIT_MONTHS,
  PAYMENT_CHANGES,
  POLICY_ACTIVATIONS,
  RowCountError,
  SESSIONS,
  TRAJECTORIES,
  upsertRows,
  WORK_ITEMS,
  type Table,
  type WorkItemRow,
} from '../rows';
import type { Folded } from './fold-partitions';

export async function writeFolded(client: PoolClient, schema: string, folded: Folded): Promise<void> {
  const { persons } = folded;
  await writeHeld(
    client,
    schema,
    DOSSIERS,
    persons.map(({ dossier }) => dossier).filter(({ isChanged }) => isChanged),
  );
  await writeHeld(
    client,
    schema,
    TRAJECTORIES,
    persons.flatMap(({ trajectories }) => trajectories),
  );
  await writeHeld(
    client,
    schema,
    SESSIONS,
    persons.flatMap(({ sessions }) => sessions),
  );
  await insertRows(
    client,
    schema,
    BOOKINGS,
    persons.flatMap(({ bookings }) => bookings),
  );
  await insertRows(
    client,
    schema,
    PAYMENT_CHANGES,
    persons.flatMap(({ paymentChanges }) => paymentChanges),
  );
  await writeWorkItems(client, schema, persons);
  await writeSplit(client, schema, persons);
  await refreshExtremes(
    client,
    schema,
    persons.flatMap(({ lostExtremes }) => [...lostExtremes]),
  );
  await removeErased(client, schema, persons);
  await writeHeld(client, schema, CLAIM_FILES, folded.claimFiles);
  await insertRows(client, schema, POLICY_ACTIVATIONS, folded.policies);
  await upsertRows(client, schema, PARKED_PARTITIONS, folded.parked);
}

/** New rows are inserted, by COPY when they are many; stored ones are replaced. */
async function writeHeld<Row>(
  client: PoolClient,
  schema: string,
  target: Table<Row>,
  held: readonly { readonly row: Row; readonly isStored: boolean }[],
): Promise<void> {
  const rows = (isStored: boolean): Row[] => held.filter((each) => each.isStored === isStored).map(({ row }) => row);
  await insertRows(client, schema, target, rows(false));
  await upsertRows(client, schema, target, rows(true));
}

/** Rows of trajectories, sessions, bookings, payment changes and work items of those who were erased; the payer split keeps what they added to it. */
async function removeErased(client: PoolClient, schema: string, persons: readonly PersonChanges[]): Promise<void> {
  const erased = persons.filter(({ isErased }) => isErased).map(({ dossier }) => dossier.row.personId);
  if (erased.length === 0) return;
  for (const { name } of [TRAJECTORIES, SESSIONS, BOOKINGS, PAYMENT_CHANGES, WORK_ITEMS])
    await client.query(`delete from ${schema}.${name} where person_id = any($1::uuid[])`, [erased]);
}

async function writeWorkItems(client: PoolClient, schema: string, persons: readonly PersonChanges[]): Promise<void> {
  await writeHeld(
    client,
    schema,
    WORK_ITEMS,
    persons.flatMap(({ workItems }) => workItems.written),
  );
  const removed: WorkItemRow[] = persons.flatMap(({ workItems }) => workItems.removed);
  if (removed.length === 0) return;
  const { rowCount } = await client.query(
    `delete from ${schema}.work_item using unnest($1::uuid[], $2::text[]) as gone(subject, kind)
     where work_item.subject = gone.subject and work_item.kind = gone.kind`,
    [removed.map(({ subject }) => subject), removed.map(({ kind }) => kind)],
  );
  if (rowCount !== removed.length) throw new RowCountError('work_item', removed.length, rowCount);
}

async function writeSplit(client: PoolClient, schema: string, persons: readonly PersonChanges[]): Promise<void> {
  const all = new SplitDifferences();
  for (const { split } of persons) all.merge(split);
  const rows = all.rows();
  if (rows.length === 0) return;
  await addRows(client, schema, PAYER_SPLIT_MONTHS, rows, ['cents', 'sessions']);
  // Whether a cell fell to nothing on the way depends on how the log was cut into batches; the tables must not.
  await client.query(`delete from ${schema}.payer_split_month where cents = 0 and sessions = 0`);
}

/** Reads first, last, highest and latest anew over all uncredited lines of these trajectories. */
async function refreshExtremes(client: PoolClient, schema: string, trajectoryIds: readonly string[]): Promise<void> {
  if (trajectoryIds.length === 0) return;
  await client.query(
    `update ${schema}.trajectory set
       first_session = fresh.first_session, last_session = fresh.last_session, last_position = fresh.last_position,
       condition = fresh.latest[1], condition_on = fresh.latest[2]::date, condition_line = fresh.latest[3]
     from unnest($1::uuid[]) as lost(trajectory_id)
     cross join lateral (
       select min(date) as first_session, max(date) as last_session,
         max(last_position) filter (where status = 'decided') as last_position,
         (select array[latest.condition, latest.date::text, latest.line] from ${schema}.session as latest
          where latest.trajectory_id = lost.trajectory_id and not latest.withdrawn and latest.condition is not null
          order by latest.date desc, latest.line collate "C" desc limit 1) as latest
       from ${schema}.session where session.trajectory_id = lost.trajectory_id and not session.withdrawn
     ) as fresh
     where trajectory.trajectory_id = lost.trajectory_id`,
    [trajectoryIds],
  );
}
