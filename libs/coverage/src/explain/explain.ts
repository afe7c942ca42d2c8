/** Puts a decision into a sentence: which rule of which policy version settled it, with which numbers, and who bears the amount. */
import type { LineDecision } from '#libs/trajectory';
import type { PolicyBook } from '../policy/book';
import { inForce, strictlyInForce } from '../policy/timeline';
import { RULE_BY_ID } from './rules';
import { decidingSentence } from './sentence';

export interface Explanation {
  /** English. */
  readonly sentence: string;
  readonly nl: string;
  readonly rule: string;
  /** Law, list or page; `interpretation` where none decides. */
  readonly source: string;
  /** Source of the condition's own numbers, when the line has one. */
  readonly conditionSource: string | null;
  readonly interpretations: readonly { readonly name: string; readonly value: string; readonly reason: string }[];
  readonly policyVersion: string;
  readonly policyDigest: string;
}

/**
 * @param decision as recorded; its reason's values fill the sentence
 * @param book the policy it was decided under: the version that the PersonDecided names
 * @param sessionDate `YYYY-MM-DD`; picks the interpretation values and condition text in force, today's wording when left out
 */
export function explain(decision: LineDecision, book: PolicyBook, sessionDate = '9999-12-31'): Explanation {
  const rule = RULE_BY_ID.get(decision.reason.rule);
  const condition = book.document.conditions.find((each) => each.id === decision.condition);
  const names = new Set(rule?.interpretations);
  const period = condition === undefined ? null : strictlyInForce(condition.periods, sessionDate);
  period?.interpretations?.forEach((name) => names.add(name));
  if (decision.flags.includes('ambiguous-condition')) names.add('ambiguousCondition');
  if (decision.units.length > 1) names.add('roundingOfSplit');
  if (decision.flags.includes('history-below-own')) names.add('importBelowOwn');
  const told = {
    ...{ rule: decision.reason.rule, values: decision.reason.values },
    ...{ status: decision.status, units: decision.units, split: decision.split },
    condition: decision.condition === null ? null : { id: decision.condition, name: condition?.name ?? null },
  };
  return {
    sentence: decidingSentence(told, 'en'),
    nl: decidingSentence(told, 'nl'),
    rule: decision.reason.rule,
    source: rule?.source ?? 'unknown rule: decided by another engine version',
    conditionSource: period?.source ?? null,
    interpretations: book.document.interpretations
      .filter((each) => names.has(each.name))
      .map((each) => ({
        name: each.name,
        value: JSON.stringify(inForce(each.values, sessionDate)?.value ?? null),
        reason: each.reason,
      })),
    policyVersion: book.version,
    policyDigest: book.digest,
  };
}
