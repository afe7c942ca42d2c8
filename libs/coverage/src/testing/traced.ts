/** Traces of the cases of the tests, and what is looked up in them. */
import type { LineDecision } from '#libs/trajectory';
import { trace, type NextChange, type Trace, type TracedSession, type TraceStep } from '../index';
import { decidedLine, EVERY_RULE, type RuleCase } from './every-rule';

export function ruleCase(rule: string): RuleCase {
  const found = EVERY_RULE[rule];
  if (found === undefined) throw new Error(`no case for ${rule}`);
  return found;
}

/** Of the line named `r`; what an older engine recorded otherwise, or a line that was declared otherwise, may be laid over it. */
export function tracedCase(
  found: RuleCase,
  changes: { readonly decision?: Partial<LineDecision>; readonly session?: Partial<TracedSession> } = {},
): Trace {
  const { decision, session } = decidedLine(found);
  return trace({ ...decision, ...changes.decision }, { ...session, ...changes.session }, found.book);
}

export const tracedRule = (rule: string): Trace => tracedCase(ruleCase(rule));

/** As `tracedRule`, with values of the reason changed: `undefined` = not recorded. */
export function tracedWith(
  rule: string,
  values: Readonly<Record<string, string | number | boolean | null | undefined>>,
  decision: Partial<LineDecision> = {},
): Trace {
  const { reason } = decidedLine(ruleCase(rule)).decision;
  const kept = Object.entries({ ...reason.values, ...values }).filter(([, value]) => value !== undefined);
  const changed = Object.fromEntries(kept) as LineDecision['reason']['values'];
  return tracedCase(ruleCase(rule), { decision: { ...decision, reason: { rule, values: changed } } });
}

export function stepOf(of: Trace, name: TraceStep['name']): TraceStep {
  const step = of.steps.find((each) => each.name === name);
  if (step === undefined) throw new Error(`no step ${name}`);
  return step;
}

/** Parameters of a step as `name`: value. */
export const parametersOf = (of: Trace, name: TraceStep['name']): Readonly<Record<string, unknown>> =>
  Object.fromEntries(stepOf(of, name).parameters.map((each) => [each.name, each.value]));

export const nextByKind = (of: Trace): Readonly<Partial<Record<NextChange['kind'], NextChange['values']>>> =>
  Object.fromEntries(of.next.map(({ kind, values }) => [kind, values]));
