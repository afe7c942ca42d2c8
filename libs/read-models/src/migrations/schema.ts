import type { DataSource, QueryRunner } from 'typeorm';

/** The quoted schema of a data source: `"read"`, or that of a rebuild beside it. */
export function schemaOf(source: DataSource | QueryRunner): string {
  const options = 'options' in source ? source.options : source.dataSource.options;
  if (options.type !== 'postgres' || options.schema === undefined)
    throw new Error('the read models need a PostgreSQL data source that names its schema');
  return quoteName(options.schema);
}

/** The plain name of the schema of a data source. */
export const schemaNameOf = (source: DataSource | QueryRunner): string => schemaOf(source).slice(1, -1);

/** Quotes a schema name; only lower-case letters, digits and underscores are let through. */
export function quoteName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) throw new Error(`not a schema name: ${JSON.stringify(name)}`);
  return `"${name}"`;
}
