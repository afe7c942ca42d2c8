import type { FieldProblem } from '#libs/claims';
import type { CausedPaymentChanges, LinesProcessed, PaymentChange, ProcessedLine } from '#libs/trajectory';
import { MAX_LISTED_PROBLEMS } from './report';

/** Adds up what became of the lines of a file. */
export class Tally {
  readonly byOutcome: Record<ProcessedLine['outcome'], number> = { refused: 0, invalid: 0, held: 0, decided: 0, credited: 0 };
  readonly changes: PaymentChange[] = [];
  readonly standing: CausedPaymentChanges[] = [];
  readonly listed: FieldProblem[] = [];
  declaredCents = 0;
  grantedCents = 0;
  problemCount = 0;

  add(processed: LinesProcessed['data'], cents: { readonly declaredCents: number; readonly grantedCents: number }): void {
    for (const line of processed.lines) this.byOutcome[line.outcome] += 1;
    this.changes.push(...processed.changes);
    this.standing.push(...processed.standing);
    this.declaredCents += cents.declaredCents;
    this.grantedCents += cents.grantedCents;
  }

  problems(found: Iterable<FieldProblem>): void {
    for (const problem of found) {
      this.problemCount += 1;
      if (this.listed.length < MAX_LISTED_PROBLEMS) this.listed.push(problem);
    }
  }
}
