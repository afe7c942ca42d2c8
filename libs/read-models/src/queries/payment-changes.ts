/** What practices are paid otherwise, by the day on which it was recorded. */
import type { DataSource } from 'typeorm';
import { dutchDay, type PaymentCause } from '#libs/trajectory';
import { CheckpointEntity } from '../entities';
import { schemaOf } from '../migrations/schema';
import { decodeCursor, encodeCursor } from './cursor';
import type { Page } from './read-model-queries';

/** Most lines of a page. */
export const MAX_PAYMENT_LINES = 5_000;

/** One line under one cause: its last grant by this cause on that day, and what it would be without what the cause moved in sum. */
export interface LinePayment {
  readonly practice: string;
  readonly cause: PaymentCause;
  /** Of the original declaration. */
  readonly invoice: string;
  readonly reference: string;
  readonly date: string;
  readonly grantedBeforeCents: number;
  readonly grantedNowCents: number;
  /** Whose line it is; of one that went from one person to another, both. */
  readonly personIds: readonly string[];
}

export interface PaymentDay {
  /** Day in the Netherlands, `YYYY-MM-DD`. */
  readonly on: string;
  /** AGB code; default all. */
  readonly practice?: string | undefined;
  /** Lines, at most MAX_PAYMENT_LINES. */
  readonly limit: number;
  readonly after?: string | null;
}

/** Decisions of the day were taken in by a version that kept no payment changes. */
export class PaymentChangesLackingError extends Error {
  override readonly name = 'PaymentChangesLackingError';
  constructor() {
    super('payment changes of that day are not in the read models, which are older than that; make them anew (traject rebuild)');
  }
}

/** In the order in which they are told, and in which the index has them. Byte order, whatever the database's collation. */
const ORDER = ['practice', 'cause_type', 'cause_id', 'invoice', 'reference'] as const;
const SORTED = ORDER.map((name) => `${name} collate "C"`).join(', ');

/**
 * Lines whose grant is another one than before the day, by practice, cause, invoice and reference; as far as the read models have come. Throws CursorError,
 * PaymentChangesLackingError.
 */
export async function paymentChangesOn(readModels: DataSource, day: PaymentDay): Promise<Page<LinePayment>> {
  const { on, practice, after } = day;
  const limit = Math.max(1, Math.min(MAX_PAYMENT_LINES, Math.trunc(day.limit)));
  const past = after == null ? null : decodeCursor(after, ORDER.length);
  await holdsDay(readModels, on);
  const parameters: unknown[] = [on, limit + 1];
  const place = (value: unknown): string => `$${parameters.push(value)}`;
  const filters = [
    ...(practice === undefined ? [] : [`practice collate "C" = ${place(practice)}`]),
    ...(past === null ? [] : [`(${SORTED}) > (${past.map(place).join(', ')})`]),
  ];
  // A line that went from one person to another is taken back from the one and granted for the other: of each its last grant and what was moved in sum (other
  // causes may have moved it in between), then the sums of both.
  const rows: Row[] = await readModels.query(
    `select ${ORDER.join(', ')}, min(date)::text as date, sum(before) as before, sum(now) as now, array_agg(person_id) as persons
     from (select ${ORDER.map((name) => `${name} collate "C" as ${name}`).join(', ')}, person_id, min(session_date) as date,
             (array_agg(granted_now_cents order by revision desc))[1] - sum(granted_now_cents - granted_before_cents) as before,
             (array_agg(granted_now_cents order by revision desc))[1] as now
           from ${schemaOf(readModels)}.payment_change
           where recorded_on = $1::date${filters.map((each) => ` and ${each}`).join('')}
           group by ${SORTED}, person_id) as of_person
     group by ${ORDER.join(', ')}
     having sum(before) <> sum(now)
     order by ${ORDER.join(', ')} limit $2`,
    parameters,
  );
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map((row) => ({
      ...{ practice: row.practice, cause: { type: row.cause_type, id: row.cause_id } },
      ...{ invoice: row.invoice, reference: row.reference, date: row.date },
      ...{ grantedBeforeCents: Number(row.before), grantedNowCents: Number(row.now), personIds: row.persons },
    })),
    next: last === undefined ? null : encodeCursor(ORDER.map((name) => last[name])),
  };
}

/** Sums come as text. */
type Row = Readonly<Record<(typeof ORDER)[number] | 'date' | 'before' | 'now', string>> & { readonly persons: readonly string[] };

async function holdsDay(readModels: DataSource, on: string): Promise<void> {
  const { paymentChangesAfter } = await readModels.getRepository(CheckpointEntity).findOneByOrFail({ id: 1 });
  if (paymentChangesAfter !== null && on <= dutchDay(new Date(paymentChangesAfter))) throw new PaymentChangesLackingError();
}
