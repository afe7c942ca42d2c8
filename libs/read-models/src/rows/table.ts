/** How the projection's rows look in memory and how they travel: as text, the same for UNNEST and for COPY. */

/** SQL types of the columns; JSON columns are kept in memory as their text. */
export type ColumnType = 'uuid' | 'text' | 'text[]' | 'date' | 'timestamptz' | 'integer' | 'bigint' | 'boolean' | 'jsonb';

export type RowValue = string | number | boolean | null | readonly string[];

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  readonly property: keyof Row & string;
}

export interface Table<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  /** Names of the primary key's columns. */
  readonly key: readonly string[];
}

/** A table whose columns follow the properties of its rows, in snake case. */
export function table<Row extends Record<keyof Row, RowValue>>(
  name: string,
  key: readonly (keyof Row & string)[],
  columns: { readonly [P in keyof Row & string]: ColumnType },
): Table<Row> {
  const properties = Object.keys(columns) as (keyof Row & string)[];
  return {
    name,
    key: key.map(snakeCase),
    columns: properties.map((property) => ({ name: snakeCase(property), type: columns[property], property })),
  };
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The value as PostgreSQL's text input reads it. */
export function asText(value: RowValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return value.length === 0 ? '{}' : `{${value.map(arrayElement).join(',')}}`;
}

const arrayElement = (element: string): string => `"${element.replace(/[\\"]/g, '\\$&')}"`;

/** The select list that reads rows back exactly as they are held in memory. */
export function selectList<Row>(source: Table<Row>): string {
  return source.columns
    .map(({ name, type, property }) => {
      const asHeld = type === 'date' || type === 'timestamptz' || type === 'jsonb' ? `${name}::text` : name;
      return `${asHeld} as "${property}"`;
    })
    .join(', ');
}
