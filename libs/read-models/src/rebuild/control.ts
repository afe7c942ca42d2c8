/** The record of rebuilds, in a schema of its own that no switch replaces. */
import type { DataSource, QueryRunner } from 'typeorm';
import { migrationLock } from '../locks';
import { quoteName } from '../migrations/schema';
import { allowedActions, type RebuildAction, type RebuildState } from './states';

const CONTROL_SCHEMA = 'read_control';
const TABLE = `${quoteName(CONTROL_SCHEMA)}.rebuild`;

export interface RebuildRecord {
  readonly id: number;
  readonly state: RebuildState;
  readonly projectionVersion: number;
  readonly eventsTotal: number | null;
  readonly eventsDone: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly updatedAt: string;
}

/** The last rebuild, whatever became of it, and what may be asked for next. */
export interface RebuildStatus {
  readonly last: RebuildRecord | null;
  readonly allowed: readonly RebuildAction[];
}

export async function installControl(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query(`select pg_advisory_lock(${migrationLock(CONTROL_SCHEMA)})`);
    try {
      await runner.query(`create schema if not exists ${quoteName(CONTROL_SCHEMA)}`);
      await runner.query(
        `create table if not exists ${TABLE} (
           id integer generated always as identity primary key,
           schema_name text not null,
           state text not null,
           projection_version integer not null,
           events_total bigint,
           events_done bigint not null default 0,
           started_at timestamptz not null default now(),
           updated_at timestamptz not null default now())`,
      );
    } finally {
      await runner.query(`select pg_advisory_unlock(${migrationLock(CONTROL_SCHEMA)})`);
    }
  } finally {
    await runner.release();
  }
}

export async function lastRebuild(dataSource: DataSource, schemaName: string): Promise<RebuildRecord | null> {
  const rows: (Omit<RebuildRecord, 'eventsTotal' | 'eventsDone' | 'startedAt' | 'updatedAt'> & {
    events_total: string | null;
    events_done: string;
    started_at: Date;
    updated_at: Date;
  })[] = await dataSource.query(
    `select id, state, projection_version as "projectionVersion", events_total, events_done, started_at, updated_at
     from ${TABLE} where schema_name = $1 order by id desc limit 1`,
    [schemaName],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    state: row.state,
    projectionVersion: row.projectionVersion,
    eventsTotal: row.events_total === null ? null : Number(row.events_total),
    eventsDone: Number(row.events_done),
    startedAt: row.started_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

export async function recordStart(
  dataSource: DataSource,
  schemaName: string,
  projectionVersion: number,
  eventsTotal: number | null,
): Promise<number> {
  const rows: { id: number }[] = await dataSource.query(
    `insert into ${TABLE} (schema_name, state, projection_version, events_total) values ($1, 'prepare', $2, $3) returning id`,
    [schemaName, projectionVersion, eventsTotal],
  );
  return (rows[0] as { id: number }).id;
}

/** Moves to a state, in the transaction of the runner when it has one. */
export const recordState = async (runner: DataSource | QueryRunner, id: number, state: RebuildState): Promise<void> => {
  await runner.query(`update ${TABLE} set state = $2, updated_at = now() where id = $1`, [id, state]);
};

export const recordProgress = async (dataSource: DataSource, id: number, eventsDone: number): Promise<void> => {
  await dataSource.query(`update ${TABLE} set events_done = $2, updated_at = now() where id = $1`, [id, eventsDone]);
};

export async function rebuildStatusOf(dataSource: DataSource, schemaName: string): Promise<RebuildStatus> {
  await installControl(dataSource);
  const last = await lastRebuild(dataSource, schemaName);
  return { last, allowed: allowedActions(last?.state ?? null) };
}
