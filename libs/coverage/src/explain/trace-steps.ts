/** The steps of a trace, in the order in which a line is judged. What an earlier step had settled is `not-asked`. */
import { reachesPackage } from '../decide/package';
import { NO_CONDITION, NO_PARAMETERS, type ConditionSheet } from './policy-sheets';
import { textOf, type Judged } from './trace-judged';
import { NO_FACTS, STEPS, type Facts, type StepName, type StepOutcome, type TraceParameter, type TraceStep } from './trace-shape';

/** The step as it is where there is nothing more to say of it: one object for all traces. */
const plain = (outcome: StepOutcome): Readonly<Record<StepName, TraceStep>> =>
  Object.fromEntries(
    STEPS.map(({ step, name }): [StepName, TraceStep] => [
      name,
      { step, name, outcome, parameters: NO_PARAMETERS, facts: NO_FACTS },
    ]),
  ) as Record<StepName, TraceStep>;
const NOT_ASKED = plain('not-asked');
const DOES_NOT_APPLY = plain('does-not-apply');
const BEFORE_STORAGE = plain('done-before-storage');

const made = (
  step: number,
  name: StepName,
  outcome: StepOutcome,
  facts: Facts = NO_FACTS,
  parameters: readonly TraceParameter[] = NO_PARAMETERS,
): TraceStep => ({ step, name, outcome, parameters, facts });

const ORDINAL = Object.fromEntries(STEPS.map(({ name }, i) => [name, i])) as Readonly<Record<StepName, number>>;

/**
 * The nineteen steps; the trace tells of the line's first session where sessions of one line differ. Written out, not looped: it is made
 * for every session of a person at once.
 */
export function stepsOf(given: Judged): TraceStep[] {
  const settled = settledAt(given);
  const { rule, decision } = given;
  const isDecided = decision.status === 'decided';
  const isTooLate = rule === 'too-late';
  const goesOn = isDecided && !isTooLate;
  return [
    insured(given),
    BEFORE_STORAGE['duplicate-or-credit'],
    settled >= ORDINAL.performance ? performance(given) : NOT_ASKED.performance,
    settled >= ORDINAL.diagnosis ? diagnosis(given) : NOT_ASKED.diagnosis,
    settled >= ORDINAL['in-time'] ? inTime(given) : NOT_ASKED['in-time'],
    // a line that is too late takes its place all the same
    settled >= ORDINAL.order || isTooLate ? order(given) : NOT_ASKED.order,
    settled >= ORDINAL.start ? start(given) : NOT_ASKED.start,
    settled >= ORDINAL.hold ? hold(given) : NOT_ASKED.hold,
    settled >= ORDINAL.consent ? consent(given) : NOT_ASKED.consent,
    settled >= ORDINAL.entitlement ? entitlement(given) : NOT_ASKED.entitlement,
    settled >= ORDINAL.threshold ? threshold(given) : NOT_ASKED.threshold,
    settled >= ORDINAL.cap ? cap(given) : NOT_ASKED.cap,
    settled >= ORDINAL.term ? term(given) : NOT_ASKED.term,
    settled >= ORDINAL['long-session'] ? longSession(given) : NOT_ASKED['long-session'],
    // where the basic insurance is closed the package is asked
    goesOn ? packageStep(given) : NOT_ASKED.package,
    override(given),
    // cents are told of every line
    insuredPart(given),
    goesOn || given.standing !== decision ? deductible(given) : NOT_ASKED.deductible,
    moneyFlow(given),
  ];
}

/** Ordinal of the step that settled the line; where a rule opened the basic insurance, all steps are asked. */
function settledAt({ by, rule, decision }: Judged): number {
  return by === null || (decision.status === 'decided' && !CLOSED.has(rule)) ? STEPS.length : ORDINAL[by];
}

const CLOSED: ReadonlySet<string> = new Set([
  ...['too-late', 'start-too-late', 'authorisation', 'within-threshold', 'past-cap', 'past-term', 'term-not-opened'],
  ...['long-session', 'no-entitlement'],
]);

const insured = ({ by, session: { date, insurer } }: Judged): TraceStep =>
  made(1, 'insured', by === 'insured' ? 'failed' : 'passed', { date, insurer });

function performance({ by, sheets, interpretations, insurerSheet, session }: Judged): TraceStep {
  const { list, performance: code, quantity, declaredCents } = session;
  const ofInsurer = insurerSheet.performances.get(code) ?? NO_PARAMETERS;
  const parameters = sheets.joined(sheets.joined(sheets.performance(list, code), ofInsurer), interpretations.performance);
  const facts = { list, performance: code, quantity, declaredCents };
  return made(3, 'performance', by === 'performance' ? 'failed' : 'passed', facts, parameters);
}

function diagnosis(given: Judged): TraceStep {
  const { by, rule, sheets, session, decision, values, insurerSheet, interpretations } = given;
  const { diagnosis: code, csi, date } = session;
  let parameters = sheets.diagnosis(csi, date);
  if (rule === 'closed-code' || decision.condition === 'annex-unspecified') {
    parameters = sheets.joined(sheets.joined(parameters, insurerSheet.closedCodes), interpretations.closedCode);
  }
  if (decision.flags.includes('ambiguous-condition')) parameters = sheets.joined(parameters, interpretations.ambiguous);
  for (const { requires, ageBelow } of itemSheets(given))
    parameters = sheets.joined(sheets.joined(parameters, requires), ageBelow);
  const facts = { diagnosis: code, csi, condition: decision.condition, class: values.class ?? null };
  return made(
    4,
    'diagnosis',
    by === 'diagnosis' ? 'failed' : 'passed',
    rule === 'age-limit' ? { ...facts, age: values.age ?? null } : facts,
    parameters,
  );
}

const inTime = ({ rule, insurerSheet, session: { date, receivedOn } }: Judged): TraceStep =>
  made(5, 'in-time', rule === 'too-late' ? 'failed' : 'passed', { date, received: receivedOn }, insurerSheet.timeLimit);

function order({ decision, values, position, session, sheets, interpretations }: Judged): TraceStep {
  const facts = {
    position,
    sessions: session.quantity,
    imported: values.imported ?? 0,
    asChild: values.asChild ?? values.givenAsChild ?? 0,
    isProvisional: decision.status === 'held',
  };
  const isBelowOwn = decision.flags.includes('history-below-own');
  const parameters = isBelowOwn ? sheets.joined(interpretations.order, interpretations.importBelowOwn) : interpretations.order;
  return made(6, 'order', position === null ? 'not-counted' : 'counted', facts, parameters);
}

function start({ rule, values, decision, terms, conditionSheet }: Judged): TraceStep {
  if (terms?.start == null) return DOES_NOT_APPLY.start;
  const isOpen = decision.flags.includes('date-to-confirm');
  const outcome = rule === 'start-too-late' ? 'closed-basic' : isOpen ? 'to-confirm' : 'passed';
  return made(7, 'start', outcome, { start: values.start ?? null, event: values.event ?? null }, conditionSheet.start);
}

function hold({ decision, values, condition, isAdult, interpretations }: Judged): TraceStep {
  if (decision.status === 'held') {
    const { position = null, switch: switched = null, threshold: first = null, behind = null } = values;
    return made(8, 'hold', 'held', { position, switch: switched, threshold: first, behind }, interpretations.hold);
  }
  if (condition?.regime !== 'annex' || !isAdult) return DOES_NOT_APPLY.hold;
  return made(8, 'hold', 'passed', NO_FACTS, interpretations.hold);
}

function consent({ rule, values, condition, insurerTerms, insurerSheet }: Judged): TraceStep {
  if (rule === 'authorisation') return made(9, 'consent', 'closed-basic', { code: values.code ?? null }, insurerSheet.consent);
  const isNeeded = condition !== null && insurerTerms?.authorisationFor.has(condition.id) === true;
  return isNeeded ? made(9, 'consent', 'passed', NO_FACTS, insurerSheet.consent) : DOES_NOT_APPLY.consent;
}

function entitlement({ rule, conditionSheet, session: { csi } }: Judged): TraceStep {
  if (rule === 'no-entitlement') return made(10, 'entitlement', 'closed-basic', { csi });
  return made(10, 'entitlement', 'passed', NO_FACTS, conditionSheet.entitlement);
}

function threshold(given: Judged): TraceStep {
  const { rule, values, condition, conditionSheet, sheets, position, isAdult, interpretations } = given;
  if (condition?.regime !== 'annex') return DOES_NOT_APPLY.threshold;
  if (!isAdult) {
    const outcome = rule === 'no-threshold-under-18' ? 'opened-basic' : 'does-not-apply';
    return made(10, 'threshold', outcome, { position }, sheets.adultAge);
  }
  const own = conditionSheet.threshold;
  if (rule === 'no-threshold') return made(10, 'threshold', 'opened-basic', { position, threshold: 0 }, own);
  const sessions = values.threshold;
  if (typeof sessions !== 'number') return made(10, 'threshold', own.length > 0 ? 'does-not-apply' : 'passed', NO_FACTS, own);
  const began = textOf(values.start);
  const general = began === null ? NO_PARAMETERS : sheets.threshold(began, sessions);
  const outcome = rule === 'within-threshold' ? 'closed-basic' : rule === 'above-threshold' ? 'opened-basic' : 'passed';
  const facts = { position, threshold: sessions, start: began, leftOut: values.asChild ?? 0 };
  return made(10, 'threshold', outcome, facts, sheets.joined(own.length > 0 ? own : general, interpretations.threshold));
}

function cap({ rule, values, cap: use, conditionSheet }: Judged): TraceStep {
  if (use === null) return rule === 'within-cap' ? made(10, 'cap', 'opened-basic') : DOES_NOT_APPLY.cap;
  const { used, count, per, until } = use;
  const outcome = rule === 'past-cap' ? 'closed-basic' : rule === 'within-cap' ? 'opened-basic' : 'passed';
  return made(10, 'cap', outcome, { used, cap: count, per, until, class: values.class ?? null }, conditionSheet.cap);
}

function term({ rule, values, terms, sheets, conditionSheet, interpretations }: Judged): TraceStep {
  const own = conditionSheet.term;
  const began = values.start ?? null;
  if (rule === 'term-not-opened') {
    const facts = { start: began, noStartFrom: terms?.noStartFrom ?? null };
    return made(10, 'term', 'closed-basic', facts, sheets.joined(own, interpretations.term));
  }
  const end = textOf(values.end);
  if (end === null) return made(10, 'term', 'does-not-apply', NO_FACTS, own);
  const facts = { anchor: values.anchor ?? began, end };
  return made(10, 'term', rule === 'past-term' ? 'closed-basic' : 'passed', facts, sheets.joined(own, interpretations.term));
}

function longSession({ rule, isLong, session: { performance: code } }: Judged): TraceStep {
  if (!isLong) return DOES_NOT_APPLY['long-session'];
  return made(10, 'long-session', rule === 'long-session' ? 'closed-basic' : 'passed', { performance: code });
}

/** What was set by hand stands over all that was asked before it. */
function override({ decision, standing, setByHand }: Judged): TraceStep {
  if (standing === decision) return DOES_NOT_APPLY.override;
  const { values } = standing.reason;
  const { basic, supplementary, insured: borne, refused, undecided } = decision.split;
  return made(12, 'override', 'overridden', {
    through: values.overriddenThrough ?? null,
    setBy: setByHand?.setBy ?? null,
    approvedBy: setByHand?.approvedBy ?? null,
    reason: setByHand?.reason ?? null,
    setAt: setByHand?.setAt ?? null,
    ...{ derivedStatus: decision.status, derivedRule: decision.reason.rule },
    ...{ derivedBasic: basic, derivedSupplementary: supplementary, derivedInsured: borne },
    ...{ derivedRefused: refused, derivedUndecided: undecided },
  });
}

function insuredPart({ standing: { split }, session: { quantity, declaredCents }, interpretations }: Judged): TraceStep {
  const { basic, supplementary, insured: borne, refused, undecided } = split;
  const facts = { basic, supplementary, insured: borne, refused, undecided, declared: declaredCents };
  return made(
    12,
    'insured-part',
    borne > 0 ? 'borne' : 'nothing',
    facts,
    quantity > 1 ? interpretations.rounding : NO_PARAMETERS,
  );
}

function deductible({ standing: { split, deductible: applies }, insurerSheet }: Judged): TraceStep {
  if (split.basic === 0) return DOES_NOT_APPLY.deductible;
  return made(13, 'deductible', applies ? 'applies' : 'does-not-apply', { basic: split.basic }, insurerSheet.deductible);
}

const moneyFlow = ({ standing: { paidToProvider, claimFromInsured, codes }, insurerSheet }: Judged): TraceStep =>
  made(13, 'money-flow', 'told', { paidToProvider, claimFromInsured, codes: codes.join(' ') }, insurerSheet.moneyFlow);

/** The condition's own sheet; of a line that has none because they refused it, those of the items of its code. */
function itemSheets({ rule, book, sheets, conditionSheet, session }: Judged): readonly ConditionSheet[] {
  if (conditionSheet !== NO_CONDITION) return conditionSheet.alone;
  if (rule !== 'age-limit' && rule !== 'performance-required') return [];
  const { diagnosis: code, date } = session;
  const items = book.diagnoses.at(date).open.get(code)?.items ?? [];
  return items.map((each) => sheets.condition(each.id, date));
}

/** What the package said to the first session of the line that asked it. */
function packageStep({
  decision,
  rule,
  values,
  condition,
  session,
  insurerTerms,
  insurerSheet,
  package: use,
}: Judged): TraceStep {
  const { units } = decision;
  const asking = units.find((each) => each.purse !== 'basic');
  if (asking === undefined) return NOT_ASKED.package;
  const holder = textOf(values.packageAt);
  if (holder !== null) return made(11, 'package', 'elsewhere', { insurer: holder });
  if (use === null) {
    const reaches = reachesPackage(asking.rule || rule, values.counts !== false, condition, session.date, insurerTerms);
    return reaches ? made(11, 'package', 'none') : made(11, 'package', 'not-reached', NO_FACTS, insurerSheet.overCap);
  }
  const { name, unit, manualUnit, limit, manualLimit, left, manualLeft } = use;
  let sessionsPaid = 0;
  for (const each of units) if (each.purse === 'supplementary') sessionsPaid += 1;
  const year = session.date.slice(0, 4);
  const facts = { package: name, year, unit, manualUnit, limit, manualLimit, left, manualLeft, sessionsPaid };
  const isExhausted = values.limit !== undefined || values.manualLimit !== undefined;
  const outcome = unit !== null ? 'paid' : isExhausted ? 'exhausted' : 'unknown';
  return made(11, 'package', outcome, facts, insurerSheet.packages.get(name));
}
