import type { Refusal } from '#libs/dossiers';
import type { ClaimLineInput } from './schema';

/** What a schema cannot see: lines of sessions yet to come or before birth, and amounts that do not agree. Dates are YYYY-MM-DD. */
export function checkClaimLines(lines: readonly ClaimLineInput[], today: string, birthDate: string): Refusal[] {
  const refusals: Refusal[] = [];
  lines.forEach((line, i) => {
    const refuse = (code: string, field: string, problem: string): void =>
      void refusals.push({ code, field: `lines[${i}].${field}`, problem });
    if (line.date > today)
      refuse('date-in-future', 'date', 'A session that is yet to come cannot be declared; correct the date.');
    if (line.date < birthDate)
      refuse('date-before-birth', 'date', 'The session lies before the birth of the person; correct it.');
    if (line.kind === 'credit') return;
    if (line.calculatedCents !== line.tariffCents * line.quantity)
      refuse('amounts-differ', 'calculatedCents', 'It is not the tariff times the quantity; correct the one or the other.');
  });
  return refusals;
}
