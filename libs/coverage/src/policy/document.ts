/**
 * The policy as plain JSON: what a policy version says, with dates and sources, before it is compiled for speed.
 *
 * Every value that can change carries its validity: `from` and `through`, both inclusive `YYYY-MM-DD`, `through` left out =
 * still in force. Every value also carries the text it comes from (`source`); a value on which the law is silent names the
 * interpretation it follows instead. The SHA-256 of this document's canonical JSON is what `PolicyActivated` records.
 */
import type { Regime } from '#libs/trajectory';

/** Both dates inclusive; no `through` = open. */
export interface Validity {
  readonly from: string;
  readonly through?: string;
}

/** A dated value with the text it rests on. */
export interface DatedValue<T> extends Validity {
  readonly value: T;
  readonly source: string;
}

export interface BilingualName {
  readonly nl: string;
  readonly en: string;
}

/** `months` counts half-open from the anchor: [anchor, anchor + months). */
export type Term = 'open' | { readonly months: number; readonly anchor: AnchorKind };

/** The event from which a term runs. Where its date is not known, the first counting session stands in for it. */
export type AnchorKind =
  'first-session' | 'discharge' | 'first-session-after-discharge' | 'end-of-conservative-treatment' | 'last-radiation';

/** The treatment must begin within so many months of the event; a missing date counts as met and is listed to confirm. */
export interface StartCondition {
  readonly withinMonths: number;
  readonly of: 'diagnosis' | 'discharge';
}

/** `twelve-months`: the first session after the last such period opens the next, [session, session + 12 months). */
export type CapPeriod = 'once' | 'term' | 'treatment-year' | 'calendar-year' | 'twelve-months';

/** A class of severity with its own number of sessions in the first treatment year and in each following one. */
export interface CareClass {
  readonly id: string;
  /** Indication codes that assert the class in the first and in a following year; `following` left out = there is none. */
  readonly indications: { readonly first: string; readonly following?: string };
  readonly first: number;
  readonly following: number;
}

export interface Cap {
  /** Sessions per period; left out when the classes say it. */
  readonly count?: number;
  readonly per: CapPeriod;
  readonly classes?: readonly CareClass[];
}

/** For a session on which these dates hold, the line must carry one of the performances, or an authorisation. */
export interface LineRequirement extends Validity {
  readonly performances?: readonly string[];
  readonly authorisation?: boolean;
  readonly source: string;
}

/** What an entitlement item says during one period of validity. */
export interface ConditionPeriod extends Validity {
  readonly term: Term;
  /** The entitlement ends on this birthday. */
  readonly ageBelow?: number;
  /** What a confirmed extension adds to the term at most; the end is computed from the anchor in one step. */
  readonly extension?: { readonly months: number };
  readonly start?: StartCondition;
  readonly cap?: Cap;
  /** Whether what the basic insurance does not pay may reach a package; left out = yes. */
  readonly reachesPackage?: boolean;
  /** No term may start on or after this date. */
  readonly noStartFrom?: string;
  /** Sessions on or after this date are not covered, whatever the term says. */
  readonly endsOn?: string;
  readonly newEpisode: 'allowed' | 'refused';
  readonly requires?: readonly LineRequirement[];
  readonly source: string;
  /** Names of interpretations that this reading rests on. */
  readonly interpretations?: readonly string[];
}

/** One entitlement item: a row of Annex 1, or a paragraph of article 2.6. */
export interface ConditionRule {
  readonly id: string;
  readonly regime: Regime;
  readonly name: BilingualName;
  /** Which diagnosis codes count as one trajectory: all under this regime (COPD), or those named (hip and knee osteoarthritis). */
  readonly codesCountTogether?: boolean | readonly string[];
  /** Sessions count in the unit and window of this other regime's condition (COPD, while it stood in Annex 1). */
  readonly countsIn?: Regime;
  readonly periods: readonly ConditionPeriod[];
}

/** How many first sessions of an adult the basic insurance leaves out, by when the trajectory started. */
export interface ThresholdByStart {
  /** First start date of the row; left out = since ever. */
  readonly startedFrom?: string;
  readonly startedThrough?: string;
  readonly sessions: number;
  /** The row's number holds only if that session fell before this date; otherwise `otherwise`. */
  readonly ifReachedBefore?: string;
  readonly otherwise?: number;
  readonly source: string;
}

/** A threshold of its own for one condition, by the date of the session. */
export interface ThresholdByCondition extends Validity {
  readonly condition: string;
  readonly sessions: number;
  readonly source: string;
  readonly interpretation?: string;
}

export interface ThresholdRules {
  readonly adultAge: number;
  readonly byStart: readonly ThresholdByStart[];
  readonly byCondition: readonly ThresholdByCondition[];
}

/** An indication code (CSI, "aanspraakcode"). */
export interface IndicationRule extends Validity {
  readonly code: string;
  readonly name: BilingualName;
  /** Admitted wherever this other code is (004 and 006 follow 003), for that kind of therapy. */
  readonly admittedLike?: { readonly code: string; readonly therapy: Therapy };
  /** Only with a performance of this kind and therapy, otherwise 0562. */
  readonly onlyWith?: PerformanceSelector;
  readonly source: string;
}

export type Therapy = 'physiotherapy' | 'exercise';

export interface PerformanceSelector {
  readonly kind?: string;
  readonly therapy?: Therapy;
}

export interface PerformanceListRule extends Validity {
  readonly list: string;
  readonly name: string;
  readonly source: string;
}

/** A group of performance codes that behave alike. */
export interface PerformanceRule extends Validity {
  readonly codes: readonly string[];
  readonly lists: readonly string[];
  readonly name: string;
  readonly therapy: Therapy;
  /** e.g. `regular`, `manual`, `pelvic`, `child`, `long`, `intake`, `report`. */
  readonly kind: string;
  /** Whether it is a session: takes a position and starts the clock. */
  readonly counts: boolean;
  readonly source: string;
  readonly interpretations?: readonly string[];
}

/** Where a long session is covered, by diagnosis codes; `minimumAge` in completed years. */
export interface LongSessionRule extends Validity {
  /** Codes or patterns of four characters in which `x` stands for any digit: `3x76`, `xx72`. */
  readonly diagnoses: readonly string[];
  readonly minimumAge?: number;
  /**
   * The session must lie in the first `withinMonths` after the event (half-open), or not before `fromMonths` after it; while the date is not
   * stated the line is accepted and listed.
   */
  readonly date?: { readonly of: 'diagnosis'; readonly withinMonths?: number; readonly fromMonths?: number };
  /** Only where this was stated of the trajectory. */
  readonly confirmed?: 'multiple-handicap' | 'spina-bifida';
  readonly source: string;
}

/** One line of the compact diagnosis list: a pathology with the locations for which it is open in this way. */
export interface DiagnosisRow {
  readonly pathology: string;
  readonly locations: readonly string[];
  /** `all`, or the group of providers it is reserved for. */
  readonly openTo: string;
  readonly items: readonly string[];
  /** Whether the side of the body must be told. */
  readonly laterality: boolean;
  /** Admissible indication codes by age and, for children, therapy. */
  readonly adult: readonly string[];
  readonly childPhysiotherapy: readonly string[];
  readonly childExercise: readonly string[];
}

/** What an open code admitted until a date, beside what its row says. */
export interface FormerAdmission {
  readonly code: string;
  readonly indications: readonly string[];
  readonly items: readonly string[];
  readonly through: string;
  readonly source: string;
}

export interface CodeName {
  readonly code: string;
  readonly name: string;
}

/** Who may use a diagnosis code that is not open to all. */
export interface AvailabilityRule {
  readonly id: string;
  /** The line needs a performance that fits one of these; otherwise 0562. */
  readonly anyOf?: readonly PerformanceSelector[];
  /** For these performance lists the code counts as closed. */
  readonly closedForLists?: readonly string[];
}

/** One release of the diagnosis list (DCSPH). A code is closed when its location and pathology exist but no row opens it. */
export interface DiagnosisRelease {
  readonly release: string;
  readonly from: string;
  readonly through?: string;
  readonly source: string;
  readonly locations: readonly CodeName[];
  readonly pathologies: readonly CodeName[];
  /** Pathologies that exist at one location only, with that location: not closed elsewhere but unknown. */
  readonly onlyAt: readonly { readonly pathology: string; readonly location: string }[];
  readonly availabilities: readonly AvailabilityRule[];
  /** What a closed code still invokes while an insurer accepts it, by indication code. */
  readonly closedCodeConditions: Readonly<Record<string, string>>;
  readonly formerly?: readonly FormerAdmission[];
  readonly rows: readonly DiagnosisRow[];
}

/** Sessions under a closed code that are still accepted. */
export interface ClosedCodeGrace {
  readonly sessionsThrough: string;
  /** Only in trajectories that started before this date; left out = in all. */
  readonly trajectoryStartedBefore?: string;
}

export interface PackageLimit extends Validity {
  /** Sessions per calendar year; null = no limit. */
  readonly limit: number | null;
  /** Of which at most so many of manual therapy; left out = no sub-limit. */
  readonly manualLimit?: number;
  readonly source: string;
  /** Set where no source gives the number for these dates: what was assumed and why. */
  readonly assumption?: string;
}

export interface PackageRule {
  readonly name: string;
  readonly periods: readonly PackageLimit[];
}

/** Performance codes that one insurer does not accept, or accepts again: it narrows the national lists and never widens them. */
export interface InsurerPerformanceRule extends Validity {
  readonly codes: readonly string[];
  /** Performance lists it holds for; left out = every list that has the code. */
  readonly lists?: readonly string[];
  /** false: a line with the code is refused with 0582. */
  readonly accepted: boolean;
  readonly source: string;
}

/** What one insurer (a concern with its own labels, one for history and counters) lays down. */
export interface InsurerRule {
  /** UZOVI of the insurer that the file is named after. */
  readonly insurer: string;
  readonly name: string;
  /** UZOVI codes that are one insurer for history and counters, itself included. */
  readonly ownInsurers: readonly string[];
  /** Whether the provider is paid in full and the insured charged (debtor risk). */
  readonly paysProviderInFull: readonly DatedValue<boolean>[];
  /** Months after the session within which it must be claimed; null = no limit. */
  readonly claimTimeLimitMonths: readonly DatedValue<number | null>[];
  readonly closedCodeGrace: readonly DatedValue<ClosedCodeGrace>[];
  /** Whether sessions over the cap or past the term fall through to the package; for the conditions of `except` the opposite. */
  readonly overCapUsesSupplementary: readonly (DatedValue<boolean> & { readonly except?: readonly string[] })[];
  /** Conditions for which the insurer leaves out the compulsory deductible. */
  readonly deductibleExemptions: readonly DatedValue<readonly string[]>[];
  /** Conditions that the basic insurance pays only with the insurer's consent. */
  readonly authorisationFor?: readonly DatedValue<readonly string[]>[];
  readonly packages: readonly PackageRule[];
  /** Left out = the national lists alone say which performance codes are accepted. */
  readonly performances?: readonly InsurerPerformanceRule[];
}

/** Parameters where no law or list decides: the default is ours, named, dated and shown wherever it was used. */
export interface InterpretationRule {
  readonly name: string;
  readonly values: readonly InterpretationValue[];
  readonly reason: string;
}
export interface InterpretationValue extends Validity {
  readonly value: string | number | boolean | null;
}

/** Marks a document that came of laying a scenario over a policy: to compare and to evaluate, never to take effect. */
export interface ScenarioMark {
  readonly name: string;
  readonly title: string;
  /** Digest of the policy it was laid over. */
  readonly base: string;
}

/** What a correction needs before it takes effect, by the day on which it is made. */
export interface CorrectionRules {
  /** Supplementary years up to this one are closed. */
  readonly closedYearsThrough: number;
  /** When a second person must agree: more sessions or cents than these move, or one of these happens. */
  readonly approval: {
    readonly sessionsAbove: number;
    readonly centsAbove: number;
    readonly beyondCommand: boolean;
    readonly verifiedHistoryRetracted: boolean;
    readonly historyBelowOwn: boolean;
    readonly override: true;
  };
  /** Months from the day on which a decision is set by hand up to its last day; left out (before 2026.4): none may be set. */
  readonly overrideMonths?: number;
}

export interface PolicyDocument {
  readonly format: 1;
  readonly version: string;
  readonly title: string;
  /** Left out in every policy that can take effect. */
  readonly scenario?: ScenarioMark;
  readonly interpretations: readonly InterpretationRule[];
  readonly conditions: readonly ConditionRule[];
  readonly thresholds: ThresholdRules;
  readonly indications: readonly IndicationRule[];
  readonly performanceLists: readonly PerformanceListRule[];
  readonly performances: readonly PerformanceRule[];
  readonly longSessions: readonly LongSessionRule[];
  readonly diagnoses: readonly DiagnosisRelease[];
  readonly insurers: readonly InsurerRule[];
  /** Left out in policies from before 2026.3: then a second person must agree to every correction that moves anything. */
  readonly corrections?: readonly DatedValue<CorrectionRules>[];
}
