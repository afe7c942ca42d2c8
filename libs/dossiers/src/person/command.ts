import type { PolicyBook } from '#libs/coverage';
import type {
  CausedPaymentChanges,
  CommandId,
  DossierEvent,
  HistoryFact,
  HistoryImportId,
  LineDecision,
  LineKey,
  PackagePeriod,
  PersonDecided,
  PersonId,
  PersonState,
  TrajectoryEvent,
  TrajectoryId,
} from '#libs/trajectory';
import type { EventMetadata, LogPosition } from '#libs/event-store';
import type { Settlement } from '#libs/settlement';
import type { Refusal } from '../refusal';

/** Facts that a command adds; `PersonDecided` is not among them, it follows by itself. */
export interface PlannedFacts {
  readonly dossier: readonly Exclude<DossierEvent, PersonDecided>[];
  /** A new trajectory's first event is `TrajectoryStarted`; its link in the dossier belongs to `dossier`. */
  readonly trajectories: ReadonlyMap<TrajectoryId, readonly TrajectoryEvent[]>;
}

export type Plan<R> = { readonly refusals: readonly Refusal[] } | { readonly facts: PlannedFacts; readonly result: R };

/** What a command would write, before anything is written. */
export interface PlannedEffects {
  /** The person with the planned facts; decisions and bookings are those that stand without them. */
  readonly state: PersonState;
  readonly facts: PlannedFacts;
  /** Histories that are in effect without the planned facts. */
  readonly historiesBefore: ReadonlyMap<HistoryImportId, HistoryFact>;
  /** Supplementary packages without the planned facts. */
  readonly packagesBefore: readonly PackagePeriod[];
  readonly settlement: Settlement;
  readonly book: PolicyBook;
  /** What it would do to a second person, who receives what leaves the first. */
  readonly receiving?: PlannedEffects;
}

/**
 * Looks at what a command would do on what was just read; what it answers refuses the command, and nothing is written. It is asked anew after every
 * conflict, so that what is written is what was agreed to. Without transactions over streams the facts are written after it was asked and decided over after that: a
 * command that comes in between is decided over as well.
 */
export type Review = (effects: PlannedEffects) => readonly Refusal[];

/** What a correction rests on, beside its evidence, and the campaign that it is a part of; recorded with every event of it. */
export type Warrant = Pick<EventMetadata, 'reason' | 'note' | 'approvedBy' | 'campaign'>;

/** One person's part of a command, as a pure decision over what is there. */
export interface PersonCommand<R = void> {
  readonly personId: PersonId;
  readonly commandId: CommandId;
  /** Command name; the type of the cause of what it books. */
  readonly type: string;
  readonly actor: string;
  readonly warrant?: Warrant;
  /**
   * Says what is still to be added. It is asked again after every conflict, and also when a part of its facts was written
   * before, so it must leave out what is there already.
   *
   * `book`: the policy by which its facts will be decided, for what only a policy allows.
   * `carriedOut`: the command was decided before, and only its result is wanted again, over the state that it met then. What it
   * plans is not written.
   */
  plan(state: PersonState, book: PolicyBook, carriedOut: boolean): Plan<R>;
  /**
   * Looks at the decisions over the planned facts; false = plan again (with what it learnt), before anything is written.
   * Needed only where accepting one line depends on the decision of another of the same command.
   */
  accepts?(decisionOf: (line: LineKey) => LineDecision | undefined): boolean;
  /** Not asked of a command that was carried out before. */
  readonly review?: Review;
}

export type PersonOutcome<R> =
  | {
      readonly outcome: 'done';
      /** false when an earlier run of the same command had done it, or when there was nothing to add; true when in doubt. */
      readonly changed: boolean;
      readonly result: R;
      /** Lines that were held and are decided now. */
      readonly released: readonly LineKey[];
      /** What was decided and booked; null when the command had nothing to add. */
      readonly decided: PersonDecided['data'] | null;
      /** Grants that moved before it and that no command has told of, by cause: it tells of them too. */
      readonly standing: readonly CausedPaymentChanges[];
      /** The person's state afterwards. */
      readonly state: PersonState;
      /** Position of the last event written; null when nothing was. */
      readonly position: LogPosition | null;
    }
  | { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] };
