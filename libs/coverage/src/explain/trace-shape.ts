/**
 * What a trace holds: the steps in which a line is judged, each with its outcome, the parameters it looked at and the numbers it used.
 * Plain data, in the words of the domain, so that a program can read it and sentences can be made from nothing else.
 */
import type { BilingualName } from '../policy/document';
import type { LineDecision, LineKey, LineStatus, SessionFact, Split, UnitDecision } from '#libs/trajectory';

/**
 * The order in which a line is judged. Step 10 asks five things, one after the other; steps 12 and 13 tell two each. Where the money was set by
 * hand the steps before `override` tell what would have been decided without, and those after it what stands.
 */
export const STEPS = [
  { step: 1, name: 'insured' },
  { step: 2, name: 'duplicate-or-credit' },
  { step: 3, name: 'performance' },
  { step: 4, name: 'diagnosis' },
  { step: 5, name: 'in-time' },
  { step: 6, name: 'order' },
  { step: 7, name: 'start' },
  { step: 8, name: 'hold' },
  { step: 9, name: 'consent' },
  { step: 10, name: 'entitlement' },
  { step: 10, name: 'threshold' },
  { step: 10, name: 'cap' },
  { step: 10, name: 'term' },
  { step: 10, name: 'long-session' },
  { step: 11, name: 'package' },
  { step: 12, name: 'override' },
  { step: 12, name: 'insured-part' },
  { step: 13, name: 'deductible' },
  { step: 13, name: 'money-flow' },
] as const;
export type StepName = (typeof STEPS)[number]['name'];

export const OUTCOMES = [
  'passed', // it was asked, and let the line go on
  'failed', // the line is invalid, or too late: its cents are refused
  'not-asked', // an earlier step had settled it
  'does-not-apply', // the policy has no such rule for this line
  'done-before-storage', // asked before the line became a fact: nothing of it is left to tell
  'to-confirm', // a date is not stated; it counts as met until it is
  'counted', // takes a position
  'not-counted', // takes none
  'held',
  'closed-basic', // here the basic insurance is closed
  'opened-basic', // here it is settled that the basic insurance pays
  'paid', // the package pays
  'none', // no package that is in force
  'not-reached', // what is left is not for the package
  'exhausted',
  'elsewhere', // the package is held at another insurer
  'unknown', // the policy has no number for the package on the date
  'overridden', // the money was set by hand
  'borne', // the insured bears a part
  'nothing', // no part is left for the insured
  'applies', // the compulsory deductible
  'told', // cents that move
] as const;
export type StepOutcome = (typeof OUTCOMES)[number];

export type Scalar = string | number | boolean | null;
export type Facts = Readonly<Record<string, Scalar>>;
export const NO_FACTS: Facts = {};

/** A number, date or choice of the policy that a step looked at. */
export interface TraceParameter {
  readonly name: string;
  readonly value: Scalar;
  /** The text it rests on; `interpretation` where none decides. */
  readonly source: string;
  /** Name of the interpretation that it follows, or is. */
  readonly interpretation?: string;
  /** What was assumed where the source gives no number for the date. */
  readonly assumption?: string;
  /** `YYYY-MM-DD`; null = since ever. */
  readonly validFrom: string | null;
}

export interface TraceStep {
  readonly step: number;
  readonly name: StepName;
  readonly outcome: StepOutcome;
  readonly parameters: readonly TraceParameter[];
  /** Numbers, dates and codes used, of the line's first session; cents where the name says so. */
  readonly facts: Facts;
}

/**
 * What would change the outcome next. The values by kind:
 *
 * | kind | values |
 * |---|---|
 * | `threshold` | `position` from which the basic insurance pays, `before` (first day on which it no longer does, or null) |
 * | `cap` | `left` sessions of the maximum, `until` (first day of the next period, or null) |
 * | `cap-renews` | `from` |
 * | `term-end` | `date`: first day outside |
 * | `package` | `package`, `left` sessions of the calendar `year`, `manualLeft` of manual therapy (null = no limit of its own) |
 * | `package-renews` | `package`, `from` |
 * | `package-stated` | `date` |
 * | `history-for-switch` | `switch` date |
 * | `history` | |
 * | `release` | `position` of the first session that is held |
 * | `confirm-date` | `event`, see `DateToConfirm` |
 * | `correct-date` | `event`, `start` of the treatment, `months` |
 * | `consent` | `date`, `code` (0584 = the consent's sessions are used up) |
 * | `extension` | `months`, `end` with all of them |
 * | `episode` | `from`: at the latest |
 * | `earlier-start` | `before` |
 * | `insurance` | `date`, `insurer` |
 * | `override-ends` | `from`: the first day on which it is to be decided by its facts again |
 * | `declare-performance`, `declare-diagnosis`, `declare-indication`, `declare-required` | the code at fault |
 */
export interface NextChange {
  readonly kind: NextKind;
  readonly values: Facts;
}
export const NEXT_KINDS = [
  ...(['threshold', 'cap', 'cap-renews', 'term-end', 'package', 'package-renews', 'package-stated'] as const),
  ...(['history-for-switch', 'history', 'release', 'confirm-date', 'correct-date', 'consent', 'extension', 'episode'] as const),
  ...(['earlier-start', 'insurance', 'declare-performance', 'declare-diagnosis', 'declare-indication'] as const),
  ...(['declare-required', 'override-ends'] as const),
] as const;
export type NextKind = (typeof NEXT_KINDS)[number];

export type DateToConfirm = 'diagnosis' | 'discharge' | 'conservative-treatment' | 'last-radiation';

/** Of the session only what the steps look at. */
export type TracedSession = Pick<
  SessionFact,
  'date' | 'list' | 'performance' | 'quantity' | 'diagnosis' | 'csi' | 'insurer' | 'receivedOn' | 'declaredCents' | 'ageYears'
>;

/** Who set a decision by hand, and when: of the event, not of the decision, in which no id and no moment may stand. */
export interface SetByHand {
  readonly setBy: string;
  readonly approvedBy: string | null;
  /** Why, as a code. */
  readonly reason: string | null;
  /** ISO 8601, UTC. */
  readonly setAt: string;
}

export interface Trace {
  readonly line: LineKey;
  /** Of the session. */
  readonly date: string;
  readonly status: LineStatus;
  /** Rule that settled the line, with the values that were recorded with it. */
  readonly rule: string;
  readonly values: LineDecision['reason']['values'];
  /** The step that the rule decided; null for a rule of another engine version. */
  readonly decidedBy: StepName | null;
  readonly condition: { readonly id: string; readonly name: BilingualName | null } | null;
  readonly policy: { readonly version: string; readonly digest: string };
  readonly steps: readonly TraceStep[];
  /** Each session of the line: a line of quantity q has q of them, and the steps tell of the first. */
  readonly units: readonly UnitDecision[];
  readonly split: Split;
  /** Nearest first; empty when nothing that is known ahead changes the outcome. */
  readonly next: readonly NextChange[];
}
