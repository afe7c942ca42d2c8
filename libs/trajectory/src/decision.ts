/**
 * The recorded shape of a decision and of a booking. It lies here, below the engine that makes decisions, because
 * `PersonDecided` stores it: names and fields ARE the storage format (docs/events.md).
 */
import type { Cents, LineKey, TrajectoryId } from './ids';

/** Outcome of a stored line. A refused line is never a fact and has no decision. */
export type LineStatus = 'decided' | 'held' | 'invalid';
/** Who bears a part of the declared amount. */
export type Purse = 'basic' | 'supplementary' | 'insured';

/** Cents per outcome; always `basic + supplementary + insured + refused + undecided = declared`. */
export interface Split {
  readonly basic: Cents;
  readonly supplementary: Cents;
  readonly insured: Cents;
  readonly refused: Cents;
  readonly undecided: Cents;
}

/** One session of a line: a line of quantity q has q of them, each decided alone. */
export interface UnitDecision {
  /** Ordinal of the session for its condition, from 1; null when the unit takes none. Provisional while the line is held. */
  readonly position: number | null;
  /** null while undecided or when refused; and where a split that was set by hand has several purses bear one session. */
  readonly purse: Purse | null;
  readonly cents: Cents;
  /** Identifier of the rule that settled the unit, e.g. `threshold`, `term`, `basic`; see `libs/coverage`. */
  readonly rule: string;
}

/** Which rule of the policy settled the line, with the numbers it used. The policy version is that of the PersonDecided. */
export interface DecisionReason {
  readonly rule: string;
  /** Parameter values and counts used, by name: numbers, codes or dates. */
  readonly values: Readonly<Record<string, string | number | boolean | null>>;
}

export interface LineDecision {
  readonly line: LineKey;
  /** The trajectory it counts in (the survivor, after absorption). */
  readonly trajectory: TrajectoryId;
  readonly status: LineStatus;
  /** Condition id, e.g. `1.a.3`, `annex-unspecified`, `none`; null when the line is invalid. */
  readonly condition: string | null;
  readonly units: readonly UnitDecision[];
  readonly split: Split;
  /** Return codes (COD954), four digits, ascending, at most three. */
  readonly codes: readonly string[];
  /** Whether the compulsory deductible applies to the basic part. */
  readonly deductible: boolean;
  readonly paidToProvider: Cents;
  readonly claimFromInsured: Cents;
  /** Things to show or to work on, e.g. `csi-differs`, `date-to-confirm`, `possible-new-episode`. */
  readonly flags: readonly string[];
  readonly reason: DecisionReason;
}

/** Money by purse and the money flow beside it: what is booked of a line, or a difference of it. Cents. */
export interface Booking {
  readonly basic: Cents;
  readonly supplementary: Cents;
  readonly insured: Cents;
  readonly paidToProvider: Cents;
  readonly claimFromInsured: Cents;
}

/** An append-only posting of a difference; fields that do not move are left out. */
export interface SettlementEntry extends Partial<Booking> {
  readonly line: LineKey;
}

/** Whether the facts leave the line undecided: also where its money was set by hand meanwhile, which ends no hold. */
export const isHeld = ({ status, reason }: Pick<LineDecision, 'status' | 'reason'>): boolean =>
  status === 'held' || reason.values['derivedStatus'] === 'held';
