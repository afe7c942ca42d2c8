/**
 * Facts of one trajectory, in its stream `trajectory-<id>`.
 *
 * WARNING: type strings, field names and their meaning are the storage format. Never change or remove one: add `X.v2` and an
 * upcaster. Each has a committed fixture in ./fixtures that the tests read back.
 */
import type { Cents, ClaimFileId, HistoryImportId, IsoDate, PersonId, TrajectoryId } from '../ids';
import type { Regime } from '../regime';
import type { OverrideEvent } from './overrides';
import type { StatementEvent } from './statements';

export interface TrajectoryStarted {
  readonly type: 'TrajectoryStarted.v1';
  readonly data: {
    readonly trajectoryId: TrajectoryId;
    readonly personId: PersonId;
    readonly regime: Regime;
    /** Diagnosis code (DCSPH, as declared) under which it began. */
    readonly diagnosis: string;
  };
}

/** Where a line came from: a record of a claim file (record number counts all records of the file, from 1) or a command. */
export type LineSource = { readonly file: ClaimFileId; readonly record: number } | { readonly command: string };

/** One accepted claim line. It may count as several sessions (`quantity`), or as none (a report). */
export interface SessionDeclared {
  readonly type: 'SessionDeclared.v1';
  readonly data: {
    /** AGB code of the declaring practice, 8 digits; with `reference` the key of the line. */
    readonly practice: string;
    readonly reference: string;
    readonly date: IsoDate;
    /** `HH:MM`, only when the message gives it. */
    readonly startTime?: string;
    /** Performance code list, e.g. `012`. */
    readonly list: string;
    readonly performance: string;
    readonly quantity: number;
    /** DCSPH code as declared, trimmed; empty when the message gave none. */
    readonly diagnosis: string;
    /** Indication code, three digits; empty when the message gave none. */
    readonly csi: string;
    readonly side?: 'left' | 'right' | 'both';
    readonly tariffCents: Cents;
    readonly calculatedCents: Cents;
    readonly declaredCents: Cents;
    /** Insurer (UZOVI) the line was addressed to. */
    readonly insurer: string;
    readonly invoice: string;
    readonly therapist?: string;
    readonly authorisation?: string;
    readonly referralDate?: IsoDate;
    /** Completed years on `date`, computed from the vault: the birth date itself is never stored. */
    readonly ageYears: number;
    /** Whether `date` is on or after the first day of the month after the 18th birthday. */
    readonly deductibleAge: boolean;
    /** Date on which the file was received; compared with claim time limits. */
    readonly receivedOn: IsoDate;
    readonly source: LineSource;
  };
}

/** A credit line took the debit out. */
export interface SessionWithdrawn {
  readonly type: 'SessionWithdrawn.v1';
  readonly data: {
    /** Key of the debit line. */
    readonly practice: string;
    readonly reference: string;
    /** Reference of the credit line, same practice. */
    readonly creditReference: string;
    readonly invoice: string;
    readonly source: LineSource;
  };
}

/**
 * Where a moved line went or came from: another trajectory of the person, or another person, whose own events say in which trajectory it
 * counts there.
 */
export type MoveEnd = { readonly trajectory: TrajectoryId } | { readonly person: PersonId };

/** A line left this trajectory. Between persons it comes before the other one's `SessionMovedIn`; until that the line counts nowhere. */
export interface SessionMovedOut {
  readonly type: 'SessionMovedOut.v1';
  readonly data: {
    readonly practice: string;
    readonly reference: string;
    /** The how-many-th move of this line it is, from 1, over all trajectories and persons. */
    readonly move: number;
    readonly to: MoveEnd;
    /** See `SessionMovedIn`. */
    readonly under: string;
  };
}

/** A line that was declared elsewhere counts in this trajectory from now on. */
export interface SessionMovedIn {
  readonly type: 'SessionMovedIn.v1';
  readonly data: {
    /** As it was declared; of another person only the ages are this person's own. */
    readonly session: SessionDeclared['data'];
    readonly move: number;
    readonly from: MoveEnd;
    /** Code of this lineage that it counts under, whatever it was declared under: its item follows from it, as after a remap. */
    readonly under: string;
  };
}

/** Sessions before `switchDate` may be unknown here. */
export interface InsurerSwitched {
  readonly type: 'InsurerSwitched.v1';
  readonly data: {
    readonly switchDate: IsoDate;
    /** UZOVI of the previous insurer, when known. */
    readonly previousInsurer?: string;
    readonly recordedBy: 'command' | 'member-administration' | 'message';
  };
}

/** A stated number of earlier sessions. `v1` had no `signedOn`, and could be verified by the one who recorded it. */
export interface HistoryImported {
  readonly type: 'HistoryImported.v2';
  readonly data: {
    readonly importId: HistoryImportId;
    /** Date of the first session; the anchor if earlier than ours. */
    readonly startedOn: IsoDate;
    readonly count: number;
    readonly throughDate: IsoDate;
    /** `elsewhere`: sessions given elsewhere, ours come on top. `everything`: the whole up to `throughDate`, ours included. */
    readonly scope: 'elsewhere' | 'everything';
    /** Year (`YYYY`) to sessions, for calendar-year caps. */
    readonly perCalendarYear?: Readonly<Record<string, number>>;
    /** UZOVI of the insurer that paid them, when known. */
    readonly previousInsurer?: string;
    readonly source: string;
    readonly statedBy: string;
    readonly document: { readonly reference: string; readonly digest?: string };
    /** Day on which the document was signed. */
    readonly signedOn?: IsoDate;
    /** `asserted` of all that is recorded as v2, until a `HistoryVerified` names it; `verified` comes of v1 alone. */
    readonly status: 'asserted' | 'verified';
    /** The import that this one replaces. */
    readonly supersedes?: HistoryImportId;
  };
}

/** Somebody else than the one who recorded the import has held it against its document. Changes no decision. */
export interface HistoryVerified {
  readonly type: 'HistoryVerified.v1';
  readonly data: {
    readonly importId: HistoryImportId;
    /** SHA-256 of the document that was looked at, where it was given again; that of the import. */
    readonly documentDigest?: string;
  };
}

export interface HistoryRetracted {
  readonly type: 'HistoryRetracted.v1';
  readonly data: { readonly importId: HistoryImportId; readonly reason: string };
}

/** The same trajectory goes on under another code from `effectiveDate`. */
export interface DiagnosisRemapped {
  readonly type: 'DiagnosisRemapped.v1';
  readonly data: { readonly from: string; readonly to: string; readonly effectiveDate: IsoDate; readonly reason: string };
}

/** On the absorbed stream: all it holds counts in `into` from now on. */
export interface TrajectoryAbsorbed {
  readonly type: 'TrajectoryAbsorbed.v1';
  readonly data: { readonly into: TrajectoryId; readonly reason: string };
}

/** On the absorbed stream: the absorption is undone. */
export interface AbsorptionReverted {
  readonly type: 'AbsorptionReverted.v1';
  readonly data: { readonly from: TrajectoryId; readonly reason: string };
}

/** On the survivor: the remap of these codes from that day on is taken back. */
export interface RemapReverted {
  readonly type: 'RemapReverted.v1';
  readonly data: { readonly from: string; readonly to: string; readonly effectiveDate: IsoDate; readonly reason: string };
}

export type TrajectoryEvent =
  | TrajectoryStarted
  | SessionDeclared
  | SessionWithdrawn
  | SessionMovedOut
  | SessionMovedIn
  | InsurerSwitched
  | HistoryImported
  | HistoryVerified
  | HistoryRetracted
  | DiagnosisRemapped
  | TrajectoryAbsorbed
  | AbsorptionReverted
  | RemapReverted
  | OverrideEvent
  | StatementEvent;
