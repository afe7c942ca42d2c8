import { stringify } from 'csv-stringify/sync';
import type { CausedPaymentChanges, PaymentCause, PaymentChange } from '#libs/trajectory';
import { byCause } from './by-cause';

/** What one practice is told after one run: lines that were released or decided anew, by original invoice and reference. */
export interface PaymentSpecification {
  readonly practice: string;
  /** Command, claim file or activated policy that moved the grants. */
  readonly cause: PaymentCause;
  readonly date: string;
  readonly lines: readonly {
    readonly invoice: string;
    readonly reference: string;
    readonly sessionDate: string;
    readonly grantedBeforeCents: number;
    readonly grantedNowCents: number;
    readonly differenceCents: number;
  }[];
  readonly totalDifferenceCents: number;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * One specification per cause and practice: causes in the order given, practices by number, lines by invoice and reference. Holds no
 * personal data.
 */
export const paymentSpecifications = (moved: readonly CausedPaymentChanges[], date: string): readonly PaymentSpecification[] =>
  byCause(moved).flatMap(({ cause, changes }) => specificationsOf(cause, changes, date));

function specificationsOf(cause: PaymentCause, changes: readonly PaymentChange[], date: string): PaymentSpecification[] {
  const byPractice = new Map<string, Map<string, PaymentChange>>();
  for (const change of changes) {
    const lines = byPractice.get(change.practice) ?? new Map<string, PaymentChange>();
    byPractice.set(change.practice, lines);
    // A line may be moved more than once: it is told once, with what this cause moved in sum; others may have moved it in between.
    const earlier = lines.get(change.reference);
    const movedBefore = earlier === undefined ? 0 : earlier.grantedNowCents - earlier.grantedBeforeCents;
    lines.set(change.reference, { ...change, grantedBeforeCents: change.grantedBeforeCents - movedBefore });
  }
  return [...byPractice.entries()]
    .sort(([a], [b]) => byText(a, b))
    .map(([practice, moved]) => {
      const lines = [...moved.values()]
        .filter((each) => each.grantedBeforeCents !== each.grantedNowCents)
        .map(({ invoice, reference, date: sessionDate, grantedBeforeCents, grantedNowCents }) => ({
          invoice,
          reference,
          sessionDate,
          grantedBeforeCents,
          grantedNowCents,
          differenceCents: grantedNowCents - grantedBeforeCents,
        }))
        .sort((a, b) => byText(a.invoice, b.invoice) || byText(a.reference, b.reference));
      return { practice, cause, date, lines, totalDifferenceCents: lines.reduce((sum, each) => sum + each.differenceCents, 0) };
    })
    .filter((each) => each.lines.length > 0);
}

/** The same as CSV, one row a line, amounts in cents. */
export function paymentSpecificationCsv(specifications: readonly PaymentSpecification[]): string {
  const rows = specifications.flatMap((each) =>
    each.lines.map((line) => ({
      practice: each.practice,
      ...line,
      causeType: each.cause.type,
      causeId: each.cause.id,
      date: each.date,
    })),
  );
  return stringify(rows, {
    header: true,
    columns: [
      { key: 'practice', header: 'practice' },
      { key: 'invoice', header: 'invoice' },
      { key: 'reference', header: 'reference' },
      { key: 'sessionDate', header: 'session_date' },
      { key: 'grantedBeforeCents', header: 'granted_before_cents' },
      { key: 'grantedNowCents', header: 'granted_now_cents' },
      { key: 'differenceCents', header: 'difference_cents' },
      { key: 'causeType', header: 'cause_type' },
      { key: 'causeId', header: 'cause_id' },
      { key: 'date', header: 'date' },
    ],
    // A reference number is a practice's free text: a spreadsheet must not take it for a formula.
    escape_formulas: true,
  });
}
