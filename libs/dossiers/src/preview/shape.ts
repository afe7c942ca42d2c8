/** The shape of a preview: what a command would do to a person, told before it is done. */
import type { Cents, IsoDate, LineKey, LineStatus, PersonId, Purse, Split, TrajectoryId } from '#libs/trajectory';

/** What is decided of a line, as it is shown. Cents. */
export interface Outcome {
  readonly status: LineStatus;
  readonly condition: string | null;
  /** One of each session of the line; the position is null when it takes none. */
  readonly sessions: readonly { readonly position: number | null; readonly purse: Purse | null; readonly cents: Cents }[];
  readonly basic: Cents;
  readonly supplementary: Cents;
  readonly insured: Cents;
  readonly refused: Cents;
  readonly undecided: Cents;
  readonly paidToProvider: Cents;
  readonly claimFromInsured: Cents;
  readonly codes: readonly string[];
  readonly deductible: boolean;
  readonly rule: string;
  /** Set by hand: through which day, and what would be decided without; null = it is not. */
  readonly overridden: (Split & { readonly through: IsoDate; readonly status: LineStatus; readonly rule: string }) | null;
}

export interface LineMove {
  readonly line: LineKey;
  readonly practice: string;
  readonly reference: string;
  readonly date: IsoDate;
  readonly diagnosis: string;
  /** Where it is stored; of a line that is taken out, where it was. */
  readonly trajectory: TrajectoryId;
  /** null = it had no decision. */
  readonly before: Outcome | null;
  /** null = it is taken out. */
  readonly after: Outcome | null;
}

/** Differences in cents; what moves adds up to nothing, unless lines come or go. */
export interface Totals {
  readonly basic: Cents;
  readonly supplementary: Cents;
  readonly insured: Cents;
  readonly refused: Cents;
  readonly undecided: Cents;
  readonly paidToProvider: Cents;
  readonly claimFromInsured: Cents;
}

export interface Preview {
  /** Of the effects alone: the same effects have the same digest, whoever looks and when. */
  readonly digest: string;
  readonly policy: { readonly digest: string; readonly version: string };
  /** Whether it would record anything at all. */
  readonly recordsFacts: boolean;
  /** Lines whose outcome changes, by date. */
  readonly lines: readonly LineMove[];
  /** Of these: held before and decided now, and the other way round. */
  readonly released: readonly LineKey[];
  readonly newlyHeld: readonly LineKey[];
  readonly totals: Totals;
  /** Calendar years that lines lie in whose outcome changes, ascending; `closed` by the policy. */
  readonly years: readonly { readonly year: string; readonly lines: number; readonly closed: boolean }[];
  readonly packages: readonly PackageUse[];
  readonly beyondCommand: readonly BeyondCommand[];
  readonly warnings: readonly PreviewWarning[];
  /** Why a second person must agree; empty = nobody has to. */
  readonly needsApproval: readonly ApprovalReason[];
  /** What it does to a second person, who receives what leaves the first; null = it is about one. The digest and the approval cover both. */
  readonly receiving: ReceivingPreview | null;
}

export interface ReceivingPreview extends Omit<Preview, 'digest' | 'policy' | 'receiving'> {
  readonly personId: PersonId;
}

/** Sessions of a calendar year that a supplementary package bears. */
export interface PackageUse {
  readonly insurer: string;
  readonly package: string;
  readonly year: string;
  /** Sessions that it bears more (or fewer, below zero) than before; 0 = others than before. */
  readonly sessions: number;
  readonly cents: number;
  /** The year is closed by the policy. */
  readonly closed: boolean;
}

/** Lines whose outcome moves in a trajectory that the command does not speak of: they share its package. */
export interface BeyondCommand {
  readonly practice: string;
  readonly trajectory: TrajectoryId;
  readonly lines: number;
  readonly paidToProvider: Cents;
  readonly claimFromInsured: Cents;
  /** Whether the practice has no line in the trajectories that the command speaks of. */
  readonly practiceIsThird: boolean;
}

export interface ApprovalReason {
  readonly code:
    | 'sessions-above'
    | 'cents-above'
    | 'closed-year'
    | 'beyond-command'
    | 'verified-history-retracted'
    | 'verified-count-falls'
    | 'history-below-own'
    | 'other-person'
    | 'override';
  /** What moves, and the limit; null where there is none. */
  readonly value: number | null;
  readonly limit: number | null;
}

/** Something that the one who decides should have seen. */
export interface PreviewWarning {
  readonly code:
    | 'no-effect'
    | 'money-beyond-command'
    | 'closed-year'
    | 'newly-held'
    | 'taken-from-provider'
    | 'claimed-from-insured'
    | 'history-below-own'
    | 'history-overlaps'
    | 'package-unknown'
    | 'verified-count-falls'
    | 'date-to-confirm'
    | 'line-overridden';
  /** How many lines, sessions or cents it is about. */
  readonly value: number;
  /** For a clerk; names no person. */
  readonly text: string;
}
