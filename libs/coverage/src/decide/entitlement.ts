/** Step 10: does the basic insurance pay this session? Threshold, cap and term, in this order; the first that closes is named. */
import type { CareClassInfo, ConditionTerms } from '../policy/book';
import { termOf } from './term';
import type { Group, Invoked, Work } from './work';

/** What settled a session: the basic insurance pays, or the step that closed it with its return code. */
export interface Outcome {
  readonly rule: string;
  readonly basic: boolean;
  /** Return code when the part is not paid to the provider; 009 has none of its own: the package decides. */
  readonly code: '' | '0613' | '0584' | '0550' | '0551' | '0552' | '0553' | '0554';
}

const opens = (rule: string): Outcome => ({ rule, basic: true, code: '' });
export const closes = (rule: string, code: Outcome['code']): Outcome => ({ rule, basic: false, code });

export const ABOVE_THRESHOLD = opens('above-threshold');
export const NO_THRESHOLD_CHILD = opens('no-threshold-under-18');
export const NO_THRESHOLD = opens('no-threshold');
export const WITHIN_CAP = opens('within-cap');
export const WITHIN_THRESHOLD = closes('within-threshold', '0613');
export const PAST_CAP = closes('past-cap', '0584');
export const PAST_TERM = closes('past-term', '0584');
export const TERM_NOT_OPENED = closes('term-not-opened', '0584');
export const START_TOO_LATE = closes('start-too-late', '0613');
export const LONG_SESSION = closes('long-session', '0613');
export const NO_ENTITLEMENT = closes('no-entitlement', '');

/** The cap of the session's period: by class and treatment year where the condition has classes. */
export function capOf(group: Group, terms: ConditionTerms, careClass: CareClassInfo | null): number | null {
  if (careClass === null) return terms.capCount;
  const { first, following } = terms.classes.get(careClass.id) ?? careClass;
  return group.windowIndex > 0 ? following : first;
}

/** Whether the cap is of a window that begins anew, year after year. */
export const isWindowed = (terms: ConditionTerms): boolean =>
  terms.capPer === 'treatment-year' || terms.capPer === 'calendar-year' || terms.capPer === 'twelve-months';

/**
 * Sessions counted so far against the cap of the session's period.
 * @param next the position that the session takes
 */
export function usedOf(group: Group, terms: ConditionTerms, next: number): number {
  return isWindowed(terms) ? group.windowUsed : next - 1;
}

/**
 * @param position as counted for the threshold
 * @param used sessions counted against the cap before this one
 */
export function entitlementOf(
  work: Work,
  invoked: Invoked | null,
  position: number,
  used: number,
  threshold: number,
  adult: boolean,
): Outcome {
  if (invoked === null) return NO_ENTITLEMENT;
  const { condition, terms } = invoked;
  const group = work.group;
  const date = work.session.date;
  const thresholdApplies = condition.regime === 'annex' && adult && threshold > 0;
  if (thresholdApplies && position <= threshold) return WITHIN_THRESHOLD;
  const cap = capOf(group, terms, work.careClass);
  if (cap !== null && used >= cap) return PAST_CAP;
  if (terms.noStartFrom !== null && group.start >= terms.noStartFrom) return TERM_NOT_OPENED;
  const { end } = termOf(group, invoked);
  if (end !== '' && date >= end) return PAST_TERM;
  if (condition.regime !== 'annex') return WITHIN_CAP;
  return thresholdApplies ? ABOVE_THRESHOLD : adult ? NO_THRESHOLD : NO_THRESHOLD_CHILD;
}
