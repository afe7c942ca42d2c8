/** Whom a campaign may be about, as far as the read models know; who is to be treated how is decided over the facts. */
import type { DataSource } from 'typeorm';
import { schemaOf } from '../migrations/schema';

const PAGE = 1_000;

/** Those under the codes, or everybody where they are null. */
export const campaignCandidates = (readModels: DataSource, codes: readonly string[] | null): AsyncGenerator<string> =>
  codes === null ? personsWithTrajectories(readModels) : personsUnderCodes(readModels, codes);

/** Ids of the persons that have an Annex trajectory under one of these codes, or one that a remap has joined; ascending, page by page. */
const personsUnderCodes = (readModels: DataSource, codes: readonly string[]): AsyncGenerator<string> =>
  pages(
    readModels,
    `select distinct person_id from ${schemaOf(readModels)}.trajectory
     where regime = 'annex' and person_id > $1
       and (diagnosis = any($3) or exists (select from jsonb_array_elements(remaps) as remap where remap->>'from' = any($3) or remap->>'to' = any($3)))
     order by person_id limit $2`,
    [codes],
  );

/** Ids of all persons that have a trajectory; ascending, page by page. */
const personsWithTrajectories = (readModels: DataSource): AsyncGenerator<string> =>
  pages(
    readModels,
    `select distinct person_id from ${schemaOf(readModels)}.trajectory where person_id > $1 order by person_id limit $2`,
    [],
  );

async function* pages(readModels: DataSource, sql: string, parameters: readonly unknown[]): AsyncGenerator<string> {
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows: { person_id: string }[] = await readModels.query(sql, [last, PAGE, ...parameters]);
    for (const { person_id: id } of rows) yield id;
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = end.person_id;
  }
}
