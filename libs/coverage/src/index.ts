/** The policy book, and the engine that decides every line of a person by it. Pure. */
export type * from './policy/document';
export type * from './policy/book';
export { compilePolicy } from './policy/compile';
export { PolicyError } from './policy/policy-error';
export { decide } from './decide/decide';
export { countThrough, type CountThrough } from './decide/count-through';
export { countedTogether } from './decide/order';
export { admits, careClassesOf, conditionOn, itemsOf } from './decide/entitled';
export { codeOn } from './decide/validity';
export { explain, type Explanation } from './explain/explain';
export { RULES, type RuleEntry } from './explain/rules';
export { RULE_CODES, type RuleCodes } from './explain/rule-codes';
export { trace } from './explain/trace';
export { derivedSplit } from './explain/without-override';
export { sentencesOf, type Sentences } from './explain/sentences';
export type { Language } from './explain/sentence';
export {
  NEXT_KINDS,
  OUTCOMES,
  STEPS,
  type NextChange,
  type SetByHand,
  type Trace,
  type TracedSession,
  type TraceParameter,
  type TraceStep,
} from './explain/trace-shape';
export { isIsoDate, monthsAfter, dayAfter, dayBefore } from './calendar';

/** Version of the engine's reading of the rules, recorded with every decision; raised when the same facts decide differently. */
export const ENGINE_VERSION = '7';
