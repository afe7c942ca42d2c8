/** Copies of what the streams hold of a person, in tables of the command side and of the API. An erasure removes them. */
import type { Pool, PoolClient } from 'pg';
import type { LoadedPerson } from '../person/load';
import type { CommandId, PersonId, TrajectoryId } from '#libs/trajectory';

/** By what a copy tells whose it is. */
export interface PersonTraces {
  readonly personId: PersonId;
  readonly trajectories: readonly TrajectoryId[];
  /** Every command that has written an event of the person. */
  readonly commands: readonly CommandId[];
}

/** Read off the person's streams. */
export function tracesOf(personId: PersonId, loaded: LoadedPerson | undefined): PersonTraces {
  const commands = new Set((loaded?.events ?? []).map(({ metadata }) => metadata.commandId as CommandId));
  return { personId, trajectories: [...(loaded?.fold.trajectories.keys() ?? [])], commands: [...commands] };
}

export interface CopyOfPerson {
  readonly what: string;
  /** With its schema; a table that is not there (the API has never run) holds nothing. */
  readonly table: string;
  /** SQL condition over `parameters`. */
  readonly where: string;
  readonly parameters: (traces: PersonTraces) => unknown[];
}

/** A table that keeps anything of a person beside the streams, the vault and the read models gets its line here. */
export const COPIES: readonly CopyOfPerson[] = [
  {
    what: 'folds of long histories',
    table: 'dossiers.folded_person',
    where: 'person_id = $1::uuid',
    parameters: ({ personId }) => [personId],
  },
  {
    what: 'kept answers of the API',
    table: 'api.idempotency',
    // an answer names its command; other answers name the person or a trajectory somewhere
    where: `answer is not null and (answer ->> 'commandId' = any($1::text[])
      or exists (select from unnest($2::text[]) id where strpos(answer::text, id) > 0))`,
    parameters: ({ personId, trajectories, commands }) => [commands, [personId, ...trajectories]],
  },
];

/** How many rows there are of each copy. */
export async function countCopies(pool: Pool, traces: PersonTraces): Promise<{ what: string; rows: number }[]> {
  return overCopies(pool, async ({ what, table, where, parameters }) => {
    const { rows } = await pool.query<{ n: string }>(`select count(*) n from ${table} where ${where}`, parameters(traces));
    return { what, rows: Number(rows[0]?.n ?? 0) };
  });
}

/** Removes every copy; answers how many rows went. */
export async function removeCopies(client: Pool | PoolClient, traces: PersonTraces): Promise<{ what: string; rows: number }[]> {
  return overCopies(client, async ({ what, table, where, parameters }) => {
    const { rowCount } = await client.query(`delete from ${table} where ${where}`, parameters(traces));
    return { what, rows: rowCount ?? 0 };
  });
}

async function overCopies<T>(client: Pool | PoolClient, work: (copy: CopyOfPerson) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (const copy of COPIES) {
    const { rows } = await client.query<{ is_there: boolean }>('select to_regclass($1) is not null is_there', [copy.table]);
    if (rows[0]?.is_there === true) done.push(await work(copy));
  }
  return done;
}
