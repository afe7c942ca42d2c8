/** What the engine carries along while it decides one person: a `Work` per stored line, a `Group` per counting unit. */
import type { HistoryFact, OverrideFact, Regime, RemapFact, SessionFact, StatementId, TrajectoryId } from '#libs/trajectory';
import type {
  CareClassInfo,
  Condition,
  ConditionTerms,
  DiagnosisInfo,
  IndicationInfo,
  Insurer,
  InsurerTerms,
  PerformanceInfo,
} from '../policy/book';
import type { Spell } from './insurance';
import { NOTHING_STATED, type Stated } from './statements';

/** Why a line is invalid: the first failing step's codes, ascending, and the rule that is named in the reason. */
export interface Invalidity {
  readonly rule: string;
  readonly codes: readonly string[];
  readonly values: Readonly<Record<string, string | number>>;
}

export interface Work {
  readonly session: SessionFact;
  /** The survivor that the decision names. */
  readonly trajectory: TrajectoryId;
  readonly group: Group;
  /** Set by hand for it; null = nothing is. */
  readonly override: OverrideFact | null;
  insurer: Insurer | null;
  terms: InsurerTerms | null;
  performance: PerformanceInfo | null;
  diagnosis: DiagnosisInfo | null;
  indication: IndicationInfo | null;
  /** The class of severity that is in force on its date, set or asserted. */
  careClass: CareClassInfo | null;
  /** null = no entitlement in the basic insurance is invoked (009). */
  condition: Condition | null;
  /** Sessions it counts for: the quantity, 0 for an invalid line and an item that does not count. */
  units: number;
  invalid: Invalidity | null;
  /** Under a closed code that the insurer accepts only in trajectories started before this date; '' = it waits for no start. */
  startedBefore: string;
}

/** A line that is not invalid: to be so it was insured, and its performance known. */
export interface ValidWork extends Work {
  readonly insurer: Insurer;
  readonly terms: InsurerTerms;
  readonly performance: PerformanceInfo;
}

/** Whether the insurer asks no deductible for the condition. */
export const isExempt = ({ condition, terms }: ValidWork): boolean =>
  condition !== null && terms.deductibleExemptions.has(condition.id);

/** The condition that a line invokes, and what it says on the session's date. */
export interface Invoked {
  readonly condition: Condition;
  readonly terms: ConditionTerms;
}

export interface PlacedImport {
  /** What fills calendar years; null where only the bound of a whole below our own is placed. */
  readonly history: HistoryFact | null;
  /** First date after P (after D for a whole below our own): sessions on or after it come after the imported ones. */
  readonly before: string;
  /** Positions it takes. */
  readonly positions: number;
  /** Sessions that neither we nor imports of earlier dates know of: they fill the treatment year of `through`. */
  readonly knownAlone: number;
  /** The whole that it states, where that is below our own: positions up to and including `through` never exceed it. */
  readonly ceiling: number | null;
  readonly through: string;
}

export interface TermState {
  /** First day of the term; '' = there is no term or nothing began yet. */
  readonly anchor: string;
  /** First day after it; '' = it never ends. */
  readonly end: string;
  /** The stated event after which the treatment must begin, and the last day on which it may; null = no date closes it. */
  readonly start: { readonly event: string; readonly months: number; readonly by: string } | null;
  /** A date that decides here was not stated: it counts as met, or the first session stands in for it. */
  readonly dateToConfirm: boolean;
}

/** What the steps of one decided line share. */
export interface LineContext {
  /** null = no entitlement in the basic insurance (009). */
  readonly invoked: Invoked | null;
  readonly adult: boolean;
  /** Positions that do not count towards the threshold. */
  readonly asChild: number;
  readonly threshold: number;
  /** The start condition that the treatment missed: it began too late after the event; null = it began in time. */
  readonly missed: TermState['start'];
  /** What was given before our insurance began is to be asked for. */
  readonly asksHistory: boolean;
}

/**
 * Sessions that are counted together: one regime, code lineage and episode of the person over all streams (absorbed ones too), or
 * all codes of a regime whose condition says so. Prepared before the first decision, then advanced session by session.
 */
export interface Group {
  readonly regime: Regime;
  /** The condition whose window its sessions fill; null in Annex 1 and for 009. */
  readonly condition: Condition | null;
  /** First day of the confirmed episode; '' = the first unit of the lineage. */
  readonly episodeFrom: string;
  readonly stated: Stated;
  readonly histories: HistoryFact[];
  readonly switchDates: string[];
  readonly remaps: readonly RemapFact[];
  readonly diagnoses: ReadonlySet<string>;
  readonly works: Work[];

  // prepared, constant while deciding
  /** Anchor: the earliest counting session or stated start; '' when there is neither. */
  start: string;
  /** The first counting session here. */
  firstWork: Work | null;
  /** Earliest switch that no import answers; '' = none. */
  unansweredSwitch: string;
  /** Our insurances before which sessions may have been given that no import tells of. */
  unknownBefore: readonly Spell[];
  imports: PlacedImport[];
  threshold: number;
  statedBelowOwn: boolean;
  /** Terms of the conditions that came up, by what was in force. */
  readonly terms: Map<ConditionTerms, TermState>;

  // advanced
  position: number;
  /** Of these, taken by sessions that imports state. */
  imported: number;
  /** Positions taken by sessions given as a child. */
  positionAsChild: number;
  nextImport: number;
  /** First day of the insurance whose first session here was seen last; '' = none was. */
  seenSince: string;
  held: boolean;
  /** Position of the first held session; null = none is held, or it takes no position. */
  heldSince: number | null;
  /** Sessions counted in the current treatment year or calendar year. */
  windowUsed: number;
  /** Treatment years that were completed before the current one. */
  windowIndex: number;
  /** First day after the window; '' = none was entered. */
  windowEnd: string;
  /** Sessions counted against consents that have a maximum. */
  readonly authorised: Map<StatementId, number>;
}

type Given = Pick<Group, 'regime' | 'condition' | 'remaps' | 'diagnoses'> & Partial<Pick<Group, 'episodeFrom' | 'stated'>>;

export const newGroup = (given: Given): Group => ({
  episodeFrom: '',
  stated: NOTHING_STATED,
  ...given,
  histories: [],
  switchDates: [],
  works: [],
  terms: new Map(),
  authorised: new Map(),
  start: '',
  firstWork: null,
  unansweredSwitch: '',
  unknownBefore: [],
  imports: [],
  threshold: 0,
  statedBelowOwn: false,
  position: 0,
  imported: 0,
  positionAsChild: 0,
  nextImport: 0,
  seenSince: '',
  held: false,
  heldSince: null,
  windowUsed: 0,
  windowIndex: 0,
  windowEnd: '',
});
