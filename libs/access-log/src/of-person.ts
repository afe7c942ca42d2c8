/** The person's right to see who looked: the lines of one person, a page at a time. */
import type { Pool } from '#libs/platform';
import type { AccessEntry } from './entry';

export interface AccessPageRequest {
  readonly personId: string;
  /** First and last day, YYYY-MM-DD, by the Dutch calendar; null = open. */
  readonly from: string | null;
  readonly through: string | null;
  /** Number of the last line of the page before; 0 = from the beginning. */
  readonly after: number;
  readonly limit: number;
}

export interface NumberedAccess extends AccessEntry {
  readonly seq: number;
}

export interface AccessPage {
  readonly items: readonly NumberedAccess[];
  /** Give it as `after` for the next page; null at the end. */
  readonly next: number | null;
}

/** Lines of a person in the order in which they were recorded. */
export async function accessesOf(pool: Pool, { personId, from, through, after, limit }: AccessPageRequest): Promise<AccessPage> {
  const { rows } = await pool.query<{ seq: string; content: string }>('select * from access.of_person($1, $2, $3, $4, $5)', [
    personId,
    from,
    through,
    after,
    limit + 1,
  ]);
  const items = rows
    .slice(0, limit)
    .map(({ seq, content }): NumberedAccess => ({ seq: Number(seq), ...(JSON.parse(content) as AccessEntry) }));
  return { items, next: rows.length > limit ? (items.at(-1)?.seq ?? null) : null };
}
