/** The policy compiled for the engine: everything looked up by code or date, nothing computed twice. */
import type { ClinicalFactsStated, Regime } from '#libs/trajectory';
import type {
  AnchorKind,
  AvailabilityRule,
  CapPeriod,
  CorrectionRules,
  LineRequirement,
  PerformanceSelector,
  PolicyDocument,
  StartCondition,
  Therapy,
} from './document';
import type { Timeline } from './timeline';

/** The engine's parameters on one date; each comes from an interpretation of the same name. */
export interface Parameters {
  readonly maxQuantityPerLine: number;
  readonly countSessionsBeforeAge18: boolean;
  readonly holdUnknownHistory: boolean;
  readonly assertedSlack: number;
  /** Months from the first day of our insurance in which a first session asks for the history before it; null = none does. */
  readonly newInsuranceMonths: number | null;
  /** Return code of a line whose tariff, quantity and amounts contradict each other. */
  readonly amountMismatchCode: string;
}

export interface PerformanceInfo {
  readonly code: string;
  readonly from: string;
  readonly through: string;
  readonly therapy: Therapy;
  readonly kind: string;
  readonly counts: boolean;
}

export interface PerformanceListInfo {
  readonly from: string;
  readonly through: string;
  readonly codes: ReadonlyMap<string, PerformanceInfo>;
}

export interface IndicationInfo {
  readonly code: string;
  readonly regime: Regime;
  /** Its bit in the admissibility masks of diagnosis codes. */
  readonly bit: number;
  readonly from: string;
  readonly through: string;
  readonly onlyWith: PerformanceSelector | null;
  /** In COPD: the class it asserts and whether it stands for the first treatment year. */
  readonly careClass: CareClassInfo | null;
  readonly assertsFirstYear: boolean;
}

export interface CareClassInfo {
  readonly id: string;
  readonly first: number;
  readonly following: number;
}

/** What a condition says on one date. */
export interface ConditionTerms {
  /** null = open. */
  readonly termMonths: number | null;
  readonly anchor: AnchorKind | null;
  /** Months that a confirmed extension adds at most; 0 = there is none. */
  readonly extensionMonths: number;
  readonly ageBelow: number;
  readonly start: StartCondition | null;
  readonly capCount: number | null;
  readonly capPer: CapPeriod | null;
  /** Classes of severity with their numbers, by id. */
  readonly classes: ReadonlyMap<string, CareClassInfo>;
  readonly reachesPackage: boolean;
  readonly noStartFrom: string | null;
  readonly endsOn: string | null;
  readonly newEpisodeAllowed: boolean;
  readonly requires: readonly LineRequirement[];
  /** A threshold of its own on this date; null = the general one by start. */
  readonly threshold: number | null;
}

export interface Condition {
  readonly id: string;
  readonly regime: Regime;
  /** The regime in whose unit its sessions count: its own, or another's. */
  readonly countsIn: Regime;
  /** Codes that are counted as one; true = all under the regime. */
  readonly codesCountTogether: boolean | ReadonlySet<string>;
  readonly terms: Timeline<ConditionTerms>;
}

export interface DiagnosisInfo {
  readonly code: string;
  /** Closed: its location and pathology exist, but the release opens it to nobody. */
  readonly closed: boolean;
  readonly availability: AvailabilityRule | null;
  /** Annex items, the default (longest term) first; empty when the code has none. */
  readonly items: readonly Condition[];
  /** What it admitted until a date beside the masks; null = nothing. */
  readonly former: { readonly mask: number; readonly items: readonly Condition[]; readonly through: string } | null;
  /** Whether the side of the body must be told. */
  readonly laterality: boolean;
  /** Bits of the admissible indication codes, see `IndicationInfo.bit`. */
  readonly adultMask: number;
  readonly childPhysiotherapyMask: number;
  readonly childExerciseMask: number;
}

export interface DiagnosisIndex {
  readonly open: ReadonlyMap<string, DiagnosisInfo>;
  /** A closed code's entry, or null where location or pathology is unknown. */
  closed(code: string): DiagnosisInfo | null;
}

export interface InsurerTerms {
  readonly paysProviderInFull: boolean;
  readonly claimTimeLimitMonths: number | null;
  readonly closedSessionsThrough: string;
  /** Closed codes only in trajectories started before this date; '' = in all. */
  readonly closedStartedBefore: string;
  /** Whether sessions over cap or term reach the package; the opposite for the conditions of `overCapExcept`. */
  readonly overCapUsesSupplementary: boolean;
  readonly overCapExcept: ReadonlySet<string>;
  readonly deductibleExemptions: ReadonlySet<string>;
  /** Conditions that need the insurer's consent. */
  readonly authorisationFor: ReadonlySet<string>;
  readonly packages: ReadonlyMap<string, PackageTerms>;
  /** Performance codes that it does not accept, with the lists for which it does not; null = for every list. */
  readonly refusedPerformances: ReadonlyMap<string, ReadonlySet<string> | null>;
}

export interface PackageTerms {
  readonly name: string;
  /** Infinity = no limit. */
  readonly limit: number;
  readonly manualLimit: number;
}

export interface Insurer {
  /** UZOVI that names the concern: counters are kept per concern. */
  readonly concern: string;
  readonly terms: Timeline<InsurerTerms>;
}

export interface LongSessions {
  /** null: not covered as a long session; otherwise whether a clinical date remains to be confirmed. */
  covered(
    diagnosis: string,
    ageYears: number,
    date: string,
    clinical: Pick<ClinicalFactsStated['data'], 'diagnosedOn' | 'longSession'>,
  ): { readonly dateToConfirm: boolean } | null;
}

/** Compiled policy: made once per version by `compilePolicy`, read by every decision. Never changed afterwards. */
export interface PolicyBook {
  readonly digest: string;
  readonly version: string;
  readonly document: PolicyDocument;
  readonly parameters: Timeline<Parameters>;
  readonly adultAge: number;
  readonly conditions: ReadonlyMap<string, Condition>;
  /** The one condition of a regime outside Annex 1. */
  readonly conditionOfRegime: ReadonlyMap<Regime, Condition>;
  /** Classes of severity by their id, over all conditions. */
  readonly careClasses: ReadonlyMap<string, CareClassInfo>;
  /** Diagnosis codes whose Annex lines count in another regime's unit, and in which. */
  readonly countedIn: ReadonlyMap<string, Regime>;
  readonly lists: ReadonlyMap<string, PerformanceListInfo>;
  readonly indications: ReadonlyMap<string, IndicationInfo>;
  readonly diagnoses: Timeline<DiagnosisIndex>;
  /** Condition that a closed code invokes while accepted, by indication code. */
  readonly closedCodeConditions: ReadonlyMap<string, Condition | null>;
  readonly insurers: ReadonlyMap<string, Insurer>;
  readonly longSessions: LongSessions;
  /** By the day on which a correction is made. */
  readonly corrections: Timeline<CorrectionRules>;
}
