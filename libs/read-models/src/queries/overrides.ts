/** Decisions set by hand, as far as the read models know; which are in effect is decided over the facts. */
import type { DataSource } from 'typeorm';
import type { OverrideEntry } from '../entities';
import { schemaOf } from '../migrations/schema';

const PAGE = 1_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

export interface OverriddenTrajectory {
  readonly personId: string;
  readonly trajectoryId: string;
  readonly overrides: readonly OverrideEntry[];
}

/**
 * Trajectories with decisions set by hand in effect, page by page, by person.
 * @param before only with one whose last day lies before it, `YYYY-MM-DD`; null = all
 */
export async function* overriddenTrajectories(
  readModels: DataSource,
  before: string | null = null,
): AsyncGenerator<OverriddenTrajectory> {
  for (let [person, trajectory] = [FIRST, FIRST]; ;) {
    const rows: OverriddenTrajectory[] = await readModels.query(
      `select person_id as "personId", trajectory_id as "trajectoryId", overrides from ${schemaOf(readModels)}.trajectory
       where overrides <> '[]'::jsonb and (person_id, trajectory_id) > ($1::uuid, $2::uuid)
         and ($3::text is null or exists (select from jsonb_array_elements(overrides) as each where each->>'endsOn' < $3))
       order by person_id, trajectory_id limit ${PAGE}`,
      [person, trajectory, before],
    );
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    [person, trajectory] = [end.personId, end.trajectoryId];
  }
}

/** Persons that may have decisions set by hand whose last day lies before the day. */
export async function* personsWithOverridesBefore(readModels: DataSource, day: string): AsyncGenerator<string> {
  let last = '';
  for await (const { personId } of overriddenTrajectories(readModels, day)) {
    if (personId !== last) yield personId;
    last = personId;
  }
}

/** Persons for whom the end of a lapsed override has moved money on the Dutch day, `YYYY-MM-DD`. */
export async function* personsWithLapsesBooked(readModels: DataSource, day: string): AsyncGenerator<string> {
  for (let last = FIRST; ;) {
    const rows: { person_id: string }[] = await readModels.query(
      `select distinct person_id from ${schemaOf(readModels)}.booking
       where command_type = 'EndLapsedOverrides' and person_id > $1
         and (recorded_at at time zone 'Europe/Amsterdam')::date = $2::date
       order by person_id limit ${PAGE}`,
      [last, day],
    );
    for (const { person_id: id } of rows) yield id;
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = end.person_id;
  }
}
