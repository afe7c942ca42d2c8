/** What the engine carries along while it decides one person: a `Work` per stored line, a `Group` per counting unit. */
import type { HistoryFact, Regime, RemapFact, SessionFact, TrajectoryId } from '#libs/trajectory';
import type {
  Condition,
  ConditionTerms,
  DiagnosisInfo,
  IndicationInfo,
  Insurer,
  InsurerTerms,
  PerformanceInfo,
} from '../policy/book';

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
  insurer: Insurer | null;
  terms: InsurerTerms | null;
  performance: PerformanceInfo | null;
  diagnosis: DiagnosisInfo | null;
  indication: IndicationInfo | null;
  /** null = no entitlement in the basic insurance is invoked (009). */
  condition: Condition | null;
  /** Sessions it counts for: the quantity, 0 for an item that does not count. */
  units: number;
  invalid: Invalidity | null;
  /** Under a closed code that the insurer accepts only in trajectories started before a date. */
  awaitsStart: boolean;
}

export interface PlacedImport {
  readonly history: HistoryFact;
  /** First date after P: sessions on or after it come after the imported ones. */
  readonly before: string;
  /** Positions it takes. */
  readonly positions: number;
  /** Own positions up to and including `through` never exceed this; Infinity when the import states enough. */
  readonly ceiling: number;
  readonly through: string;
}

/** What the steps of one decided line share. */
export interface LineContext {
  readonly terms: ConditionTerms | null;
  readonly adult: boolean;
  /** Positions that do not count towards the threshold. */
  readonly asChild: number;
  readonly threshold: number;
}

/**
 * Sessions that are counted together: one regime and code lineage of the person over all streams (absorbed ones too), or all
 * codes of a regime whose condition says so. Prepared before the first decision, then advanced session by session.
 */
export interface Group {
  readonly regime: Regime;
  readonly histories: HistoryFact[];
  readonly switchDates: string[];
  readonly remaps: RemapFact[];
  readonly diagnoses: Set<string>;
  readonly works: Work[];

  // prepared, constant while deciding
  /** Anchor: the earliest counting session or stated start; '' when there is neither. */
  start: string;
  /** The first counting session here. */
  firstWork: Work | null;
  /** Earliest switch that no import answers; '' = none. */
  unansweredSwitch: string;
  imports: PlacedImport[];
  threshold: number;
  statedBelowOwn: boolean;

  // advanced
  position: number;
  /** Positions taken by sessions given as a child. */
  positionAsChild: number;
  nextImport: number;
  held: boolean;
  /** Sessions counted in the current treatment year or calendar year. */
  windowUsed: number;
  windowIndex: number;
  windowEnd: string;
}

export const newGroup = (regime: Regime): Group => ({
  regime,
  histories: [],
  switchDates: [],
  remaps: [],
  diagnoses: new Set(),
  works: [],
  start: '',
  firstWork: null,
  unansweredSwitch: '',
  imports: [],
  threshold: 0,
  statedBelowOwn: false,
  position: 0,
  positionAsChild: 0,
  nextImport: 0,
  held: false,
  windowUsed: 0,
  windowIndex: -1,
  windowEnd: '',
});
