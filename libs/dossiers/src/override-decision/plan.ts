/** What setting a decision by hand adds to a person, or why it is refused. */
import { isDeepStrictEqual } from 'node:util';
import { decide, monthsAfter, type PolicyBook } from '#libs/coverage';
import { lineKey, PURSES, type CommandId, type OverrideFact, type PersonState, type SessionFact } from '#libs/trajectory';
import { overrideId } from '../person/event-ids';
import { FactsBuilder } from '../person/facts-builder';
import type { PlannedFacts } from '../person/command';
import type { Refusal } from '../refusal';
import { Refusals } from '../statements/refusals';
import { OVERRIDE_CODES, type OverrideInput } from './command';
import { standingLine } from './standing-line';

/** @param today the Dutch day on which it is set */
export function planOverride(
  state: PersonState,
  book: PolicyBook,
  command: CommandId,
  input: OverrideInput,
  today: string,
): { readonly refusals: readonly Refusal[] } | PlannedFacts {
  const refusals = new Refusals();
  const { practice, reference, split, endsOn, code } = input;
  const found = standingLine(state, lineKey(practice, reference), refusals);
  const facts = new FactsBuilder(state);
  // set by this command before: then the day on which it is given again refuses nothing
  if (found !== null && found.override?.overrideId === overrideId(command)) return facts.build();
  checkEnd(endsOn, book, today, refusals);
  checkForm(input, refusals);
  if (found === null || refusals.all.length > 0) return { refusals: refusals.all };
  const { session, trajectory, override } = found;
  const said: OverrideFact = {
    ...{ overrideId: overrideId(command), practice: session.practice, reference: session.reference, split, endsOn },
    ...(code === undefined ? {} : { code }),
  };
  if (override !== null) {
    if (saysTheSame(override, said)) return facts.build();
    refusals.add(
      'override-in-effect',
      'reference',
      `the decision on this line is set by hand through ${override.endsOn} already; end that one first`,
    );
  }
  checkLine(state, book, session, input, refusals);
  if (refusals.all.length > 0) return { refusals: refusals.all };
  facts.trajectory(trajectory, { type: 'DecisionOverridden.v1', data: said });
  return facts.build();
}

function saysTheSame({ overrideId: _one, ...one }: OverrideFact, { overrideId: _other, ...other }: OverrideFact): boolean {
  return isDeepStrictEqual(one, other);
}

function checkForm({ split, code }: OverrideInput, refusals: Refusals): void {
  for (const purse of PURSES)
    if (!Number.isSafeInteger(split[purse]) || split[purse] < 0)
      refusals.add('cents-invalid', `split.${purse}`, 'give whole cents, from 0');
  if (code !== undefined && !OVERRIDE_CODES.some((each) => each === code))
    refusals.add('code-unknown', 'code', `give ${OVERRIDE_CODES.join(' or ')}, or leave the code out`);
}

function checkEnd(endsOn: string, book: PolicyBook, today: string, refusals: Refusals): void {
  const { overrideMonths } = book.corrections.at(today);
  if (overrideMonths === undefined)
    return refusals.add(
      'override-not-in-policy',
      '',
      'the policy in effect does not say how long a decision may be set by hand; activate a version that has overrideMonths',
    );
  if (!refusals.date('endsOn', endsOn)) return;
  const last = monthsAfter(today, overrideMonths);
  if (endsOn < today) refusals.add('date-in-past', 'endsOn', 'its last day has passed; give today or a later day');
  if (endsOn > last)
    refusals.add('ends-too-late', 'endsOn', `it may hold for ${overrideMonths} months: give a day up to ${last}`);
}

function checkLine(
  state: PersonState,
  book: PolicyBook,
  session: SessionFact,
  { split }: OverrideInput,
  refusals: Refusals,
): void {
  const { declaredCents, line } = session;
  if (decide(state.facts, book).find((each) => each.line === line)?.status === 'invalid')
    refusals.add(
      'line-invalid',
      'reference',
      'this line is invalid: its cents are refused, and nothing can be set; correct what makes it invalid',
    );
  else if (declaredCents <= 0)
    refusals.add('nothing-declared', 'reference', 'nothing was declared on this line: there is nothing to divide');
  const total = split.basic + split.supplementary + split.insured;
  if (total !== declaredCents)
    refusals.add('split-does-not-add-up', 'split', `it adds up to ${total} cents, ${declaredCents} were declared on the line`);
  if (split.supplementary > 0 && !hasPackage(state, book, session.date))
    refusals.add(
      'package-missing',
      'split.supplementary',
      'on the day of the session no package that we insure was in force; give the cents to another purse, or state the package first',
    );
}

/** Whether a package of the concern that insures on the date, and that the policy knows, is in force then. Both dates of a period are inclusive. */
function hasPackage({ facts }: PersonState, book: PolicyBook, date: string): boolean {
  const isOn = ({ from, through }: { from: string; through: string | null }): boolean =>
    from <= date && date <= (through ?? date);
  const insurer = book.insurers.get(facts.insurance.find(isOn)?.insurer ?? '');
  return (
    insurer !== undefined &&
    facts.packages.some(
      (each) =>
        isOn(each) &&
        book.insurers.get(each.insurer)?.concern === insurer.concern &&
        insurer.terms.at(date).packages.has(each.package),
    )
  );
}
