/**
 * Facts and decisions of one person, in the stream `dossier-<personId>`.
 *
 * WARNING: the storage format; see ./trajectory.ts.
 */
import type { LineDecision, SettlementEntry } from '../decision';
import type { CommandId, IsoDate, LineKey, PersonId, TrajectoryId } from '../ids';
import type { Regime } from '../regime';

export interface PersonRegistered {
  readonly type: 'PersonRegistered.v1';
  readonly data: { readonly personId: PersonId };
}

/** Both dates inclusive; `through` null = open. */
export interface InsurancePeriod {
  /** UZOVI, four digits. */
  readonly insurer: string;
  readonly from: IsoDate;
  readonly through: IsoDate | null;
}

/** Both dates inclusive; `through` null = open. `insurer` may be another than the basic insurer. */
export interface PackagePeriod {
  readonly insurer: string;
  readonly package: string;
  readonly from: IsoDate;
  readonly through: IsoDate | null;
}

/** States all basic insurance periods as known from now on (replaces the earlier statement). */
export interface InsuranceStated {
  readonly type: 'InsuranceStated.v1';
  readonly data: { readonly periods: readonly InsurancePeriod[]; readonly diedOn: IsoDate | null };
}

/** States all supplementary packages as known from now on (replaces the earlier statement). */
export interface PackagesStated {
  readonly type: 'PackagesStated.v1';
  readonly data: { readonly packages: readonly PackagePeriod[] };
}

/** The member administration reports a switch without saying for which trajectory: it holds nothing, a history is to be asked for. */
export interface SwitchReported {
  readonly type: 'SwitchReported.v1';
  readonly data: { readonly switchDate: IsoDate; readonly previousInsurer?: string };
}

export interface TrajectoryLinked {
  readonly type: 'TrajectoryLinked.v1';
  readonly data: { readonly trajectoryId: TrajectoryId; readonly regime: Regime; readonly diagnosis: string };
}

/** What led to a decision. */
export interface DecisionCause {
  readonly command: CommandId;
  /** Command name, e.g. `DeclareClaimLines`, `ImportHistory`. */
  readonly type: string;
}

/**
 * Closes every command that adds or changes facts of the person: what was seen, under which policy, which decisions
 * changed, and the differences that were booked.
 */
export interface PersonDecided {
  readonly type: 'PersonDecided.v1';
  readonly data: {
    readonly cause: DecisionCause;
    /** Last revision seen of each of the person's streams, by stream name; the dossier's own up to the event before this. */
    readonly seen: Readonly<Record<string, number>>;
    readonly policy: { readonly digest: string; readonly version: string };
    readonly engine: string;
    /** Only decisions that are new or differ from the last recorded one of their line. */
    readonly decisions: readonly LineDecision[];
    /** Lines that had a decision and are no longer facts (credited). */
    readonly withdrawn: readonly LineKey[];
    readonly entries: readonly SettlementEntry[];
  };
}

/**
 * Closes the dossier: the person's key is destroyed, and nobody can tell any more who it was. It changes no fact and no booking, so no
 * decision follows it, and nothing else does either.
 */
export interface PersonErased {
  readonly type: 'PersonErased.v1';
  readonly data: {
    readonly personId: PersonId;
    /** ISO 8601 in UTC, as the erasure list has it: after a restore the event is recorded again, later than the erasure was. */
    readonly erasedAt: string;
  };
}

export type DossierEvent =
  PersonRegistered | InsuranceStated | PackagesStated | SwitchReported | TrajectoryLinked | PersonDecided | PersonErased;
