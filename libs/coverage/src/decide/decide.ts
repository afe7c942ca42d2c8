/**
 * The engine: all facts of one person and a policy book in, a decision for every stored line out. Pure: no clock, no I/O, no
 * randomness, and the same facts in any order of arrival give the same decisions.
 *
 * The steps follow the order in which a line is judged. Refused lines (duplicates, credits, unknown persons) never become facts,
 * so step 2 lies before the engine. One file per step: insurance (1), validity (3, 4), order and history (6), hold (8),
 * entitlement (10), package (11), money (13); too late (5) and the insured's part (12) are settled here.
 */
import type { LineDecision, PersonFacts, Purse, UnitDecision } from '#libs/trajectory';
import { sameDayMonthsAfter } from '../calendar';
import type { PolicyBook } from '../policy/book';
import { countAuthorised, missingAuthorisation } from './authorisation';
import { closes, entitlementOf, LONG_SESSION, START_TOO_LATE, usedOf, type Outcome } from './entitlement';
import { flagsOf } from './flags';
import { advanceTo, nextPosition, prepareGroup } from './group';
import { asksHistory } from './history';
import { holdOf } from './hold';
import { spellsOf } from './insurance';
import { invalidDecision, NO_CODES, NO_FLAGS, shareOf, splitOf, unit } from './money';
import { worksInOrder } from './order';
import { decideByHand } from './override';
import { PackageUse, reachesPackage, type PackageAnswer } from './package';
import { Siblings } from './siblings';
import { clinicalDates } from './statements';
import { termOf } from './term';
import { judge } from './validity';
import { isExempt, type Group, type LineContext, type ValidWork, type Work } from './work';

const TOO_LATE: readonly string[] = ['0586'];
type Values = Record<string, string | number | boolean | null>;

const HELD: readonly string[] = ['0613', '8072'];
const CODES: Readonly<Record<Outcome['code'], readonly string[]>> = {
  '': ['0613'],
  '0613': ['0613'],
  '0584': ['0584'],
  '0550': ['0550'],
  '0551': ['0551'],
  '0552': ['0552'],
  '0553': ['0553'],
  '0554': ['0554'],
};

/**
 * Decides every uncredited line of all of the person's trajectories, absorbed ones under their survivor.
 * @returns one decision per line key, in session order
 */
export function decide(facts: PersonFacts, book: PolicyBook): LineDecision[] {
  const { works, groups } = worksInOrder(facts, book);
  const spells = spellsOf(facts, book);
  for (const work of works) judge(work, facts, spells, book);
  for (const group of groups) prepareGroup(group, spells, book);
  const packages = new PackageUse(facts, book);
  const siblings = new Siblings(groups, book);
  const decisions: LineDecision[] = [];
  for (const work of works)
    decisions.push(
      work.invalid === null ? decideValid(work as ValidWork, book, packages, siblings) : invalidDecision(work, work.invalid),
    );
  return decisions;
}

function decideValid(work: ValidWork, book: PolicyBook, packages: PackageUse, siblings: Siblings): LineDecision {
  const { override } = work;
  if (override === null) return decideLine(work, book, packages, siblings);
  return decideByHand(work, override, packages, () => decideLine(work, book, packages, siblings));
}

/** What the facts alone make of the line; it is counted by this, and holds what comes after it. */
function decideLine(work: ValidWork, book: PolicyBook, packages: PackageUse, siblings: Siblings): LineDecision {
  const { session, group } = work;
  const date = session.date;
  const { condition } = work;
  const invoked = condition === null ? null : { condition, terms: condition.terms.at(date) };
  const parameters = book.parameters.at(date);
  const adult = session.ageYears >= book.adultAge;
  advanceTo(group, date);
  if (isTooLate(work)) return tooLate(work, adult);
  const asChild = adult && !parameters.countSessionsBeforeAge18 ? group.positionAsChild : 0;
  const threshold = invoked?.terms.threshold ?? group.threshold;
  const start = invoked === null ? null : termOf(group, invoked).start;
  const missed = start !== null && startOf(work) > start.by ? start : null;
  // a start too late leaves no entitlement that a history could change: such a line is not held
  const hold = missed === null ? holdOf(work, nextPosition(group, date) - asChild, threshold, adult, parameters) : null;
  if (hold !== null) return held(work, hold, threshold, adult);
  // nor is a history asked for that could change nothing
  const asks = missed === null && asksHistory(work, threshold, adult, parameters.newInsuranceMonths);
  return decided(work, book, packages, siblings, { invoked, adult, asChild, threshold, missed, asksHistory: asks });
}

/** When the treatment began; a unit of reports alone, which are no sessions, is judged by their own dates. */
const startOf = ({ group, session }: Work): string => (group.start === '' ? session.date : group.start);

/** Step 5: received more than the insurer's months after the session; the same-numbered day is still in time. */
function isTooLate({ session, terms }: ValidWork): boolean {
  const months = terms.claimTimeLimitMonths;
  return months !== null && session.receivedOn > sameDayMonthsAfter(session.date, months);
}

/** Gives the next session of the line its position and counts it against the cap; null for an item that does not count. */
function count(group: Group, work: Work, adult: boolean): number | null {
  if (work.units === 0) return null;
  const position = nextPosition(group, work.session.date);
  group.position = position;
  if (!adult) group.positionAsChild++;
  group.windowUsed++;
  if (work.condition === null) return null;
  countAuthorised(group, work.condition, work.session.date);
  return position;
}

/** Counted like any session, but the provider bears it: it uses no package. */
function tooLate(work: ValidWork, adult: boolean): LineDecision {
  const { session } = work;
  const units: UnitDecision[] = [];
  for (let i = 0; i < session.quantity; i++) {
    const position = count(work.group, work, adult);
    units.push(unit(position, null, shareOf(session.declaredCents, session.quantity, i), 'too-late'));
  }
  return {
    line: session.line,
    trajectory: work.trajectory,
    status: 'decided',
    condition: work.condition?.id ?? 'none',
    units,
    split: { basic: 0, supplementary: 0, insured: 0, refused: session.declaredCents, undecided: 0 },
    codes: TOO_LATE,
    deductible: false,
    paidToProvider: 0,
    claimFromInsured: 0,
    flags: NO_FLAGS,
    reason: { rule: 'too-late', values: { received: session.receivedOn, months: work.terms.claimTimeLimitMonths } },
  };
}

function held(work: ValidWork, rule: string, threshold: number, adult: boolean): LineDecision {
  const { session, group } = work;
  group.held = true;
  const units: UnitDecision[] = [];
  for (let i = 0; i < session.quantity; i++) {
    const position = count(group, work, adult);
    units.push(unit(position, null, shareOf(session.declaredCents, session.quantity, i), rule));
  }
  const position = units[0]?.position ?? null;
  const values: Values = { position };
  if (rule === 'hold-switch') values.switch = group.unansweredSwitch;
  else if (rule === 'hold-asserted') values.threshold = threshold;
  else values.behind = group.heldSince;
  if (group.imported > 0) values.imported = group.imported;
  group.heldSince ??= position;
  return {
    line: session.line,
    trajectory: work.trajectory,
    status: 'held',
    condition: work.condition?.id ?? 'none',
    units,
    split: { basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: session.declaredCents },
    codes: HELD,
    deductible: false,
    paidToProvider: 0,
    claimFromInsured: 0,
    flags: NO_FLAGS,
    reason: { rule, values },
  };
}

function decided(
  work: ValidWork,
  book: PolicyBook,
  packages: PackageUse,
  siblings: Siblings,
  context: LineContext,
): LineDecision {
  const { session, group } = work;
  const { invoked, adult, asChild, threshold } = context;
  const quantity = session.quantity;
  const units: UnitDecision[] = [];
  const values: Values = {};
  let rule = '';
  let codes = NO_CODES;
  let answer: PackageAnswer | null = null;
  let askedPackage = false;
  const long =
    work.performance.kind === 'long'
      ? book.longSessions.covered(
          session.diagnosis,
          session.ageYears,
          session.date,
          clinicalDates(group.stated, work.condition?.id ?? ''),
        )
      : undefined;
  for (let i = 0; i < quantity; i++) {
    const cents = shareOf(session.declaredCents, quantity, i);
    const next = nextPosition(group, session.date);
    const used = invoked === null ? 0 : usedOf(group, invoked.terms, next);
    let outcome = closedBefore(work, context) ?? entitlementOf(work, invoked, next - asChild, used, threshold, adult);
    if (long === null && outcome.basic) outcome = LONG_SESSION;
    const position = count(group, work, adult);
    let purse: Purse = 'basic';
    let answered: PackageAnswer | null = null;
    if (!outcome.basic) {
      const reaches = reachesPackage(outcome.rule, work.units > 0, work.condition, session.date, work.terms);
      answered = reaches ? packages.take(work, cents) : 'none';
      purse = answered === 'paid' ? 'supplementary' : 'insured';
    }
    units.push(unit(position, purse, cents, outcome.rule));
    if (i === 0) {
      rule = outcome.rule;
      addValues(values, work, outcome, context, position, used);
      answer = answered;
    }
    // the first session of the line that asks a package names it
    if (answered !== null && !askedPackage) {
      askedPackage = true;
      addPackage(values, work, answered, packages);
    }
    if (purse === 'insured' && codes === NO_CODES) codes = codesOf(outcome, answered);
  }
  const split = splitOf(units);
  const inFull = work.terms.paysProviderInFull;
  const paidToProvider = split.basic + split.supplementary + (inFull ? split.insured : 0);
  return {
    line: session.line,
    trajectory: work.trajectory,
    status: 'decided',
    condition: work.condition?.id ?? 'none',
    units,
    split,
    codes: paidToProvider === session.declaredCents ? NO_CODES : codes,
    deductible: split.basic > 0 && session.deductibleAge && !isExempt(work),
    paidToProvider,
    claimFromInsured: inFull ? split.insured : 0,
    flags: flagsOf(work, units, context, answer, long?.dateToConfirm === true, siblings),
    reason: { rule, values },
  };
}

/** Steps 7 and 9: what closes the basic insurance before threshold, cap and term are asked. */
function closedBefore(work: ValidWork, { missed }: LineContext): Outcome | null {
  if (missed !== null) return START_TOO_LATE;
  const missing = missingAuthorisation(work);
  return missing === null ? null : closes('authorisation', missing);
}

/** The step that closed the basic insurance names the code; for 009 the package does. */
function codesOf(outcome: Outcome, answered: PackageAnswer | null): readonly string[] {
  if (outcome.code !== '') return CODES[outcome.code];
  return CODES[answered === 'exhausted' || answered === 'manual-exhausted' ? '0584' : '0613'];
}

/** The numbers that the rule used: few and short, since they are stored with every session. */
function addValues(
  values: Values,
  work: Work,
  outcome: Outcome,
  context: LineContext,
  position: number | null,
  used: number,
): void {
  const { invoked, threshold, adult, asChild, missed } = context;
  const { group } = work;
  if (invoked !== null) values.position = position;
  if (work.units === 0) values.counts = false;
  const isClosedBefore = missed !== null || outcome.rule === 'authorisation';
  if (!isClosedBefore && adult && threshold > 0 && invoked?.condition.regime === 'annex') values.threshold = threshold;
  if (asChild > 0) values.asChild = asChild;
  if (invoked === null) return;
  const { terms } = invoked;
  if (asChild === 0 && adult && group.positionAsChild > 0) values.givenAsChild = group.positionAsChild;
  if (group.imported > 0) values.imported = group.imported;
  if (outcome.rule === 'authorisation') values.code = outcome.code;
  if (outcome.rule === 'past-cap') values.used = used;
  else if (outcome.rule === 'within-cap' && terms.capPer !== null) values.used = used + (work.units === 0 ? 0 : 1);
  if (work.careClass !== null) values.class = work.careClass.id;
  if (missed !== null) {
    values.start = startOf(work);
    values.months = missed.months;
    values.event = missed.event;
    return;
  }
  const { anchor, end } = termOf(group, invoked);
  if (end !== '') {
    values.end = end;
    if (anchor !== group.start) values.anchor = anchor;
  }
  // what the threshold, the term and the treatment year run from
  if (values.threshold !== undefined || end !== '' || terms.capPer === 'treatment-year') values.start = group.start;
  if (terms.capPer === 'twelve-months' && group.windowEnd !== '') values.until = group.windowEnd;
}

/** What the package said, for the first session of the line that asked one. */
function addPackage(values: Values, work: ValidWork, answered: PackageAnswer, packages: PackageUse): void {
  const { limits } = packages;
  if (answered === 'paid' || answered === 'exhausted' || answered === 'manual-exhausted') {
    values.package = packages.packageName;
    if (answered === 'paid') {
      values.unit = packages.ordinal;
      const isLimited = work.performance.kind === 'manual' && Number.isFinite(limits.manualLimit);
      if (isLimited) values.manualUnit = packages.manualOrdinal;
    } else if (answered === 'manual-exhausted') values.manualLimit = limits.manualLimit;
    else values.limit = limits.limit;
  } else if (answered === 'elsewhere') {
    values.packageAt = packages.holder;
  } else if (answered === 'unknown') {
    values.package = packages.packageName;
  }
}
