/** What is known of one person, folded from the dossier and all trajectory streams: the input of the decision engine. */
import type { Booking, LineDecision } from '../decision';
import type {
  HistoryImported,
  InsurancePeriod,
  InsurerSwitched,
  PackagePeriod,
  PersonDecided,
  SessionDeclared,
  SwitchReported,
} from '../events';
import type {
  AuthorisationGranted,
  CareClassChanged,
  ClinicalFactsStated,
  ConditionConfirmed,
  NewEpisodeConfirmed,
  TermExtended,
} from '../events/statements';
import type { DecisionOverridden } from '../events/overrides';
import type { DiagnosisRemapped, LineSource, SessionMovedOut } from '../events/trajectory';
import type { CommandId, HistoryImportId, LineKey, PersonId, TrajectoryId } from '../ids';
import type { Regime } from '../regime';

/** How a line came to be where it is, when it is not where it was declared: by its last move. */
export interface Moved {
  /** The how-many-th move of the line it was. */
  readonly move: number;
  /** Code of the lineage that it counts under. */
  readonly under: string;
}
/** A stored claim line that has not been credited. */
export type SessionFact = SessionDeclared['data'] & { readonly line: LineKey; readonly moved?: Moved };
export type SwitchFact = InsurerSwitched['data'];
/** An import that is in effect: neither superseded nor retracted. Its status is that of now. */
export type HistoryFact = HistoryImported['data'];
export type RemapFact = DiagnosisRemapped['data'];
export type OverrideFact = DecisionOverridden['data'];

/** A statement as it was recorded, of whatever kind. */
export type StatementFact =
  ClinicalFactsStated | ConditionConfirmed | NewEpisodeConfirmed | CareClassChanged | TermExtended | AuthorisationGranted;

/** A credited line, and the credit that took it out. */
export interface Withdrawal {
  readonly session: SessionFact;
  readonly creditReference: string;
  readonly source: LineSource;
}

/** A line that went to another person, as it was here. */
export interface Departure extends Pick<SessionMovedOut['data'], 'move' | 'under'> {
  readonly session: SessionFact;
  readonly person: PersonId;
}

export interface TrajectoryFacts {
  readonly id: TrajectoryId;
  readonly regime: Regime;
  /** Code under which it began. */
  readonly diagnosis: string;
  /** Uncredited lines, in order of arrival. */
  readonly sessions: ReadonlyMap<LineKey, SessionFact>;
  /** Credited lines, with the reference of their credit: a second credit is 8084, the key stays used. */
  readonly withdrawn: ReadonlyMap<LineKey, Withdrawal>;
  /** Lines whose last move out of this trajectory was to another person. They may have come back to another trajectory: see `departureOf`. */
  readonly departed: ReadonlyMap<LineKey, Departure>;
  readonly switches: readonly SwitchFact[];
  readonly histories: readonly HistoryFact[];
  /** In order of recording; the codes of the lineage are `diagnosis` and every `from` and `to`. */
  readonly remaps: readonly RemapFact[];
  /** Statements in effect (not retracted); where several speak of one thing, see `events/statements.ts` for which holds. */
  readonly statements: readonly StatementFact[];
  /** Decisions set by hand that are in effect, of uncredited lines of this stream. */
  readonly overrides: ReadonlyMap<LineKey, OverrideFact>;
  /** The trajectory that absorbed this one directly, or null. Chains are resolved by `survivorOf`. */
  readonly absorbedInto: TrajectoryId | null;
}

/** All facts of one person: everything `decide` may look at. */
export interface PersonFacts {
  readonly personId: PersonId;
  readonly insurance: readonly InsurancePeriod[];
  readonly diedOn: string | null;
  readonly packages: readonly PackagePeriod[];
  readonly trajectories: ReadonlyMap<TrajectoryId, TrajectoryFacts>;
}

/** The facts, and what has been decided and booked on them. */
export interface PersonState {
  readonly facts: PersonFacts;
  /** Whether `PersonRegistered` has been seen: facts of someone unknown are refused. */
  readonly registered: boolean;
  /** When the person was erased, ISO 8601 in UTC; null = not. The dossier is closed then: every command is refused. */
  readonly erasedAt: string | null;
  /** Last recorded decision per line. */
  readonly decisions: ReadonlyMap<LineKey, LineDecision>;
  /** Sum of all entries per line; lines that sum to nothing stay, with zeros. */
  readonly booked: ReadonlyMap<LineKey, Booking>;
  /**
   * Whether this decision is recorded of its line and booked as it says, as far as that can be told without making objects of what is
   * recorded: true is sure, false asks for a look at `decisions` and `booked`.
   */
  stands(decision: LineDecision): boolean;
  readonly lastDecided: PersonDecided['data'] | null;
  /** What each command of this person decided, by command id: a command that is here has been done. */
  readonly decidedCommands: ReadonlyMap<CommandId, PersonDecided['data']>;
  readonly reportedSwitches: readonly SwitchReported['data'][];
  /** Who recorded each import that was ever made, as the actor of its event: the one who cannot verify it. */
  readonly importedBy: ReadonlyMap<HistoryImportId, string>;
  /** Revision of each of the person's streams (dossier and trajectories) as folded; -1 where linked but not there yet. */
  readonly revisions: ReadonlyMap<string, number>;
}
