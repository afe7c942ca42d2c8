import type { ColumnOptions, ValueTransformer } from 'typeorm';

/** PostgreSQL hands a bigint out as text; sums of cents stay far below 2^53. */
const bigintAsNumber: ValueTransformer = {
  to: (value: number) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

/** A sum in cents or a large count, read as a number. */
export const BIGINT: ColumnOptions = { type: 'bigint', transformer: bigintAsNumber };

/** A moment, read as ISO 8601 in UTC. */
export const MOMENT: ColumnOptions = {
  type: 'timestamptz',
  transformer: {
    to: (value: string | null) => value,
    from: (value: Date | string | null) => (value instanceof Date ? value.toISOString() : value),
  },
};
