/**
 * What no claim line carries and somebody states with a document: clinical dates, the item, an episode, a class, an extension, an
 * authorisation. Facts of one trajectory, in its stream `trajectory-<id>`.
 *
 * WARNING: the storage format; see ./trajectory.ts.
 *
 * A statement is in effect until a `StatementRetracted` names it. Where several in effect speak of the same thing, the one with the latest
 * `statedOn` holds, of one day that whose content comes last (`state/precedence.ts`): whatever the order of arrival, the same one holds.
 * Absorption unites the statements of all streams that count together.
 */
import type { IsoDate, StatementId } from '../ids';

/** Who says it, on what: the same of every statement. */
export interface Evidence {
  readonly statementId: StatementId;
  /** Date on the document, or of the statement. */
  readonly statedOn: IsoDate;
  readonly source: string;
  readonly statedBy: string;
  readonly document: { readonly reference: string; readonly digest?: string };
}

/**
 * Dates and findings; what is left out is not stated by this one. Each field holds by itself: of every field the latest statement
 * that has it.
 */
export interface ClinicalFactsStated {
  readonly type: 'ClinicalFactsStated.v1';
  readonly data: Evidence & {
    /** Holds only for sessions that are decided under this item, e.g. `1.d.5`; left out: under any. */
    readonly item?: string;
    /** First day of the episode it is about, as its `NewEpisodeConfirmed.from`; left out: the trajectory's first. */
    readonly episodeFrom?: IsoDate;
    readonly diagnosedOn?: IsoDate;
    readonly dischargedOn?: IsoDate;
    readonly operatedOn?: IsoDate;
    readonly lastRadiationOn?: IsoDate;
    readonly conservativeTreatmentEndedOn?: IsoDate;
    readonly referredOn?: IsoDate;
    readonly side?: 'left' | 'right' | 'both';
    /** A reason for long sessions that no code tells. */
    readonly longSession?: 'multiple-handicap' | 'spina-bifida';
  };
}

/**
 * The trajectory's item, for codes that belong to several. It holds for every session whose code (the lineage's code in force on its date)
 * has this item among its own; the others keep their default. It never touches positions.
 */
export interface ConditionConfirmed {
  readonly type: 'ConditionConfirmed.v1';
  readonly data: Evidence & { readonly item: string };
}

/**
 * Sessions of the lineage on or after `from` are a counting unit of their own, up to the next episode: count, anchor, cap, imports (by their
 * `startedOn`) and switches (by their date) begin anew. Where several have one `from`, they are one episode.
 */
export interface NewEpisodeConfirmed {
  readonly type: 'NewEpisodeConfirmed.v1';
  readonly data: Evidence & {
    readonly from: IsoDate;
    readonly side?: 'left' | 'right' | 'both';
    /** What began it, e.g. `operation`, `discharge`, `recurrence`, `other-side`. */
    readonly event: string;
  };
}

/** The class of severity from `from` until the next change; it beats what lines assert. Of one `from` the latest statement holds. */
export interface CareClassChanged {
  readonly type: 'CareClassChanged.v1';
  readonly data: Evidence & {
    readonly from: IsoDate;
    /** Id of a class of the condition in the policy, e.g. `B2`. */
    readonly class: string;
  };
}

/** The condition's extension of the term is granted, wholly or `months` of it; the end is computed from the anchor in one step. */
export interface TermExtended {
  readonly type: 'TermExtended.v1';
  readonly data: Evidence & { readonly episodeFrom?: IsoDate; readonly months?: number };
}

/** An insurer's consent. Both dates inclusive; `through` null = open; `maximum` sessions by position, null = no maximum. */
export interface AuthorisationGranted {
  readonly type: 'AuthorisationGranted.v1';
  readonly data: Evidence & {
    /** As it is declared in lines, trimmed. */
    readonly number: string;
    /** Left out: for any item. */
    readonly item?: string;
    readonly from: IsoDate;
    readonly through: IsoDate | null;
    readonly maximum: number | null;
  };
}

/** That statement no longer holds. */
export interface StatementRetracted {
  readonly type: 'StatementRetracted.v1';
  readonly data: { readonly statementId: StatementId; readonly reason: string };
}

export type StatementEvent =
  | ClinicalFactsStated
  | ConditionConfirmed
  | NewEpisodeConfirmed
  | CareClassChanged
  | TermExtended
  | AuthorisationGranted
  | StatementRetracted;
