/**
 * Which return codes (COD954) go with which rule, as data: for messages, documents and checks that have a rule or a code and want
 * the other.
 */
export interface RuleCodes {
  readonly rule: string;
  /** One of them stands on a line that this rule settled, unless the provider is paid in full; empty = the basic insurance pays. */
  readonly own: readonly string[];
  /** Others that may stand on it: of the same step, or of a later session of a line of several. */
  readonly beside: readonly string[];
}

/** Of a later session that the basic insurance does not pay. */
const OF_LATER_SESSIONS: readonly string[] = ['0584', '0613'];
const CONSENT: readonly string[] = ['0550', '0551', '0552', '0553', '0554', '0584'];

const row = (rule: string, own: readonly string[], beside: readonly string[] = []): RuleCodes => ({ rule, own, beside });

/** One row per rule. 8059 is the value of the interpretation `amountMismatchCode`; a policy may name another. */
export const RULE_CODES: readonly RuleCodes[] = [
  row('not-insured', ['0320']),
  row('after-death', ['0328']),
  row('performance', ['0581', '0582', '0638', '8059']),
  row('unknown-code', ['8009'], ['0562', '3102']),
  row('closed-code', ['8009'], ['0562', '3102']),
  row('indication', ['3102'], ['0562']),
  row('provider', ['0562'], ['8058']),
  row('combination', ['8058']),
  row('age-limit', ['8058']),
  row('performance-required', ['8058']),
  row('too-late', ['0586']),
  row('start-too-late', ['0613']),
  row('hold-switch', ['0613', '8072']),
  row('hold-asserted', ['0613', '8072']),
  row('hold-earlier', ['0613', '8072']),
  row('authorisation', CONSENT),
  row('within-threshold', ['0613'], ['0584']),
  row('above-threshold', [], OF_LATER_SESSIONS),
  row('no-threshold-under-18', [], OF_LATER_SESSIONS),
  row('no-threshold', [], OF_LATER_SESSIONS),
  row('within-cap', [], OF_LATER_SESSIONS),
  row('past-cap', ['0584']),
  row('past-term', ['0584']),
  row('term-not-opened', ['0584']),
  row('long-session', ['0613'], ['0584']),
  row('no-entitlement', ['0584', '0613']),
  row('overridden', [...CONSENT, '0613']),
];
