/** The steps of a trace, in the order in which a line is judged. What an earlier step had settled is `not-asked`. */
import { reachesPackage } from '../decide/package';
import { NO_PARAMETERS, type ConditionSheet } from './policy-sheets';
import { RULE_BY_ID } from './rules';
import { known, textOf, type Judged } from './trace-judged';
import { NO_FACTS, STEPS, type Facts, type StepName, type StepOutcome, type TraceParameter, type TraceStep } from './trace-shape';

/** A step without its number and name. */
type Answer = Omit<TraceStep, 'step' | 'name'>;

const answer = (
  outcome: StepOutcome,
  facts: Facts = NO_FACTS,
  parameters: readonly TraceParameter[] = NO_PARAMETERS,
): Answer => ({ outcome, parameters, facts });
const NOT_ASKED = answer('not-asked');
const DOES_NOT_APPLY = answer('does-not-apply');
const BEFORE_STORAGE = answer('done-before-storage');
const PASSED = answer('passed');

const ORDINAL = Object.fromEntries(STEPS.map(({ name }, i) => [name, i])) as Readonly<Record<StepName, number>>;
const LAST = STEPS.length;

/** The eighteen answers; the trace tells of the line's first session where sessions of one line differ. */
export function stepsOf(given: Judged): TraceStep[] {
  const settled = settledAt(given);
  return STEPS.map(({ step, name }, i) => {
    const { outcome, parameters, facts } = i <= settled || isAskedAfter(name, given) ? ANSWERS[name](given) : NOT_ASKED;
    return { step, name, outcome, parameters, facts };
  });
}

/** Ordinal of the step that settled the line; where a rule opened the basic insurance, all steps are asked. */
function settledAt({ rule, decision }: Judged): number {
  const by = RULE_BY_ID.get(rule)?.step;
  return by === undefined || (decision.status === 'decided' && !CLOSED.has(rule)) ? LAST : ORDINAL[by];
}

/**
 * Cents are told of every line. One that is too late takes its place in the order and is asked nothing more; one for which the basic
 * insurance is closed goes on to the package.
 */
function isAskedAfter(name: StepName, { rule, decision }: Judged): boolean {
  if (name === 'insured-part' || name === 'money-flow') return true;
  if (decision.status !== 'decided') return false;
  return rule === 'too-late' ? name === 'order' : name === 'package' || name === 'deductible';
}

const CLOSED: ReadonlySet<string> = new Set([
  ...['too-late', 'start-too-late', 'authorisation', 'within-threshold', 'past-cap', 'past-term', 'term-not-opened'],
  ...['long-session', 'no-entitlement'],
]);

const ANSWERS: Readonly<Record<StepName, (given: Judged) => Answer>> = {
  insured: ({ rule, session: { date, insurer } }) =>
    answer(rule === 'not-insured' || rule === 'after-death' ? 'failed' : 'passed', { date, insurer }),

  'duplicate-or-credit': () => BEFORE_STORAGE,

  performance: ({ rule, sheets, interpretations, session: { list, performance, quantity, declaredCents } }) =>
    answer(rule === 'performance' ? 'failed' : 'passed', { list, performance, quantity, declaredCents }, [
      ...sheets.list(list),
      ...sheets.performance(list, performance),
      ...interpretations.performance,
    ]),

  diagnosis: (given) => {
    const { rule, sheets, session, decision, values, insurerSheet, interpretations } = given;
    const { diagnosis, csi, date } = session;
    const parameters = sheets.diagnosis(csi, date);
    const isFailed = RULE_BY_ID.get(rule)?.step === 'diagnosis';
    const isClosed = rule === 'closed-code' || decision.condition === 'annex-unspecified';
    const more = [
      ...(isClosed ? [...(insurerSheet?.closedCodes ?? []), ...interpretations.closedCode] : []),
      ...(decision.flags.includes('ambiguous-condition') ? interpretations.ambiguous : []),
      ...itemSheets(given).flatMap(({ requires, ageBelow }) => [...requires, ...ageBelow]),
    ];
    const facts = known({
      ...{ diagnosis, csi, condition: decision.condition, class: values.class },
      age: rule === 'age-limit' ? values.age : null,
    });
    return answer(isFailed ? 'failed' : 'passed', facts, more.length === 0 ? parameters : [...parameters, ...more]);
  },

  'in-time': ({ rule, insurerSheet, session: { date, receivedOn } }) =>
    answer(rule === 'too-late' ? 'failed' : 'passed', { date, received: receivedOn }, insurerSheet?.timeLimit),

  order: ({ decision, values, position, session, interpretations }) => {
    const isBelowOwn = decision.flags.includes('history-below-own');
    const facts = known({
      position,
      sessions: session.quantity,
      imported: values.imported ?? (position === null ? null : 0),
      asChild: values.asChild ?? values.givenAsChild,
      isProvisional: decision.status === 'held' ? true : null,
    });
    const parameters = isBelowOwn ? [...interpretations.order, ...interpretations.importBelowOwn] : interpretations.order;
    return answer(position === null ? 'not-counted' : 'counted', facts, parameters);
  },

  start: ({ rule, values, decision, terms, conditionSheet }) => {
    if (rule === 'too-late') return NOT_ASKED;
    if (terms?.start == null) return DOES_NOT_APPLY;
    if (rule === 'start-too-late')
      return answer('closed-basic', known({ start: values.start, event: values.event }), conditionSheet?.start);
    const isOpen = decision.flags.includes('date-to-confirm');
    return answer(isOpen ? 'to-confirm' : 'passed', known({ start: values.start }), conditionSheet?.start);
  },

  hold: ({ decision, values, condition, isAdult, interpretations }) => {
    if (decision.status === 'held') {
      const { position, switch: switched, threshold, behind } = values;
      return answer('held', known({ position, switch: switched, threshold, behind }), interpretations.hold);
    }
    return condition?.regime === 'annex' && isAdult ? answer('passed', NO_FACTS, interpretations.hold) : DOES_NOT_APPLY;
  },

  consent: ({ rule, values, condition, insurerTerms, insurerSheet }) => {
    if (rule === 'authorisation') return answer('closed-basic', known({ code: values.code }), insurerSheet?.consent);
    const isNeeded = condition !== null && insurerTerms?.authorisationFor.has(condition.id) === true;
    return isNeeded ? answer('passed', NO_FACTS, insurerSheet?.consent) : DOES_NOT_APPLY;
  },

  entitlement: ({ rule, session: { csi } }) => (rule === 'no-entitlement' ? answer('closed-basic', { csi }) : PASSED),

  threshold: (given) => {
    const { rule, values, condition, conditionSheet, sheets, position, isAdult, interpretations } = given;
    if (condition?.regime !== 'annex') return DOES_NOT_APPLY;
    if (rule === 'no-threshold-under-18') return answer('opened-basic', known({ position }), sheets.adultAge);
    if (!isAdult) return answer('does-not-apply', NO_FACTS, sheets.adultAge);
    const own = conditionSheet?.threshold ?? NO_PARAMETERS;
    if (rule === 'no-threshold') return answer('opened-basic', known({ position, threshold: 0 }), own);
    const { threshold } = values;
    if (typeof threshold !== 'number') return own.length > 0 ? answer('does-not-apply', NO_FACTS, own) : PASSED;
    const start = textOf(values.start);
    const general = start === null ? NO_PARAMETERS : sheets.threshold(start, threshold);
    const outcome = rule === 'within-threshold' ? 'closed-basic' : rule === 'above-threshold' ? 'opened-basic' : 'passed';
    const facts = known({ position, threshold, start: values.start, leftOut: values.asChild });
    return answer(outcome, facts, [...(own.length > 0 ? own : general), ...interpretations.threshold]);
  },

  cap: ({ rule, values, cap, condition, conditionSheet }) => {
    if (cap === null) return rule === 'within-cap' ? answer('opened-basic') : DOES_NOT_APPLY;
    const { used, count, per, until } = cap;
    const facts = known({ used, cap: count, per, until, class: values.class });
    const isOpened = condition?.regime !== 'annex' && rule === 'within-cap';
    return answer(rule === 'past-cap' ? 'closed-basic' : isOpened ? 'opened-basic' : 'passed', facts, conditionSheet?.cap);
  },

  term: ({ rule, values, terms, conditionSheet, interpretations }) => {
    const parameters = [...(conditionSheet?.term ?? []), ...interpretations.term];
    const { start, end } = values;
    if (rule === 'term-not-opened') return answer('closed-basic', known({ start, noStartFrom: terms?.noStartFrom }), parameters);
    if (textOf(end) === null) return answer('does-not-apply', NO_FACTS, conditionSheet?.term);
    return answer(rule === 'past-term' ? 'closed-basic' : 'passed', known({ anchor: values.anchor ?? start, end }), parameters);
  },

  'long-session': ({ rule, book, session: { list, performance } }) => {
    if (rule === 'long-session') return answer('closed-basic', { performance });
    return book.lists.get(list)?.codes.get(performance)?.kind === 'long' ? answer('passed', { performance }) : DOES_NOT_APPLY;
  },

  package: packageAnswer,

  'insured-part': ({ decision: { split }, session: { quantity, declaredCents }, interpretations }) =>
    answer(
      split.insured > 0 ? 'borne' : 'nothing',
      { ...split, declared: declaredCents },
      quantity > 1 ? interpretations.rounding : NO_PARAMETERS,
    ),

  deductible: ({ decision: { split, deductible }, insurerSheet }) =>
    split.basic > 0
      ? answer(deductible ? 'applies' : 'does-not-apply', { basic: split.basic }, insurerSheet?.deductible)
      : DOES_NOT_APPLY,

  'money-flow': ({ decision: { paidToProvider, claimFromInsured, codes }, insurerSheet }) =>
    answer('told', { paidToProvider, claimFromInsured, codes: codes.join(' ') }, insurerSheet?.moneyFlow),
};

/** The condition's own sheet; of a line that has none because they refused it, those of the items of its code. */
function itemSheets({ rule, book, sheets, conditionSheet, session: { diagnosis, date } }: Judged): ConditionSheet[] {
  if (conditionSheet !== null) return [conditionSheet];
  if (rule !== 'age-limit' && rule !== 'performance-required') return [];
  const items = book.diagnoses.at(date).open.get(diagnosis)?.items ?? [];
  return items.flatMap((each) => sheets.condition(each.id, each.terms.at(date), date) ?? []);
}

/** What the package said to the first session of the line that asked it. */
function packageAnswer(given: Judged): Answer {
  const { decision, rule, values, condition, session, insurerTerms, insurerSheet, package: use } = given;
  const { units } = decision;
  if (decision.status !== 'decided' || rule === 'too-late' || units.every((each) => each.purse === 'basic')) return NOT_ASKED;
  const paid = units.filter((each) => each.purse === 'supplementary').length;
  const holder = textOf(values.packageAt);
  if (holder !== null) return answer('elsewhere', { insurer: holder });
  if (use === null) {
    const closing = units.find((each) => each.purse !== 'basic')?.rule ?? rule;
    const reaches = reachesPackage(closing, values.counts !== false, condition, session.date, insurerTerms);
    return reaches ? answer('none') : answer('not-reached', NO_FACTS, insurerSheet?.overCap);
  }
  const { name, unit, manualUnit, limit, manualLimit, left, manualLeft } = use;
  const facts = known({
    ...{ package: name, year: session.date.slice(0, 4), unit, manualUnit, limit, manualLimit, left, manualLeft },
    sessionsPaid: paid,
  });
  const isExhausted = values.limit !== undefined || values.manualLimit !== undefined;
  return answer(unit !== null ? 'paid' : isExhausted ? 'exhausted' : 'unknown', facts, insurerSheet?.packages.get(name));
}
