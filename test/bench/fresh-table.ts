import type { QueryResult, QueryResultRow } from 'pg';

/** A client or a pool. */
export interface Queries {
  query<R extends QueryResultRow>(text: string): Promise<QueryResult<R>>;
}

/** Makes an empty table with the same columns, indexes and triggers as another. */
export async function freshTableLike(client: Queries, source: string, copy: string): Promise<void> {
  await client.query(`drop table if exists ${copy}`);
  await client.query(`create table ${copy} (like ${source} including all)`);
  const { rows } = await client.query<{ definition: string }>(
    `select pg_get_triggerdef(oid) as definition from pg_trigger where tgrelid = '${source}'::regclass and not tgisinternal`,
  );
  for (const { definition } of rows) await client.query(definition.replace(` ON ${source} `, ` ON ${copy} `));
}

/** The columns that a copy of the table's rows holds, quoted, in order. */
export async function columnsOf(client: Queries, table: string): Promise<string> {
  const { rows } = await client.query<{ names: string }>(
    `select string_agg(quote_ident(attname), ',' order by attnum) as names from pg_attribute
      where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
  );
  return rows[0]?.names ?? '';
}
