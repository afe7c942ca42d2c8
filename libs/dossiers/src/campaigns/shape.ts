/** A campaign: one cause that is carried out over very many persons, each on its own, all of them approved at once. */
import type { Cents, IsoDate, PersonId, RemapFact } from '#libs/trajectory';

/** Where a code goes from a day on. A condition that is null holds for every trajectory. */
export interface MappingRow {
  /** Line in the file, from 1 (the header). */
  readonly line: number;
  readonly from: string;
  readonly to: string;
  readonly effectiveDate: IsoDate;
  /** Item of the policy under which the trajectory is counted. */
  readonly item: string | null;
  /** AGB code of the practice that treated last. */
  readonly practice: string | null;
}

/**
 * `mapping`: trajectories go on under other codes. `policy`: persons are decided anew by the version in effect. `undo`: what a campaign over a
 * mapping did is taken back, person by person.
 */
export type CampaignSource =
  | { readonly kind: 'mapping'; readonly rows: readonly MappingRow[] }
  | { readonly kind: 'policy' }
  | { readonly kind: 'undo'; readonly campaign: string };

/**
 * `draft`: its preview has not come to its end. `previewed`: waits for a second person. `approved`: nothing is booked yet. `waiting`: the canary is
 * booked, and somebody has to say that the rest may follow. `done`, `stopped` and `rejected` are final.
 */
export type CampaignStatus =
  'draft' | 'previewed' | 'approved' | 'running' | 'waiting' | 'paused' | 'done' | 'stopped' | 'rejected';

/** The first persons alone, or all others. */
export type CampaignStage = 'canary' | 'rest';

const CENTS = ['basic', 'supplementary', 'insured', 'refused', 'undecided', 'paidToProvider', 'claimFromInsured'] as const;

/** Differences in cents per purse and money flow; what moves adds up to nothing, unless lines come or go. */
export type CampaignCents = Readonly<Record<(typeof CENTS)[number], Cents>>;
export const CAMPAIGN_CENTS = CENTS;

export interface CampaignTotals {
  /** Persons to whom something is done. */
  readonly persons: number;
  readonly trajectories: number;
  /** Lines whose outcome changes. */
  readonly lines: number;
  /** Of these, held before and decided then. */
  readonly released: number;
  /** Cents that come to stand on another purse; what the tolerance is measured by. */
  readonly centsMoved: Cents;
  readonly cents: CampaignCents;
  /** Persons that are left alone, by the code that says why; sorted. */
  readonly leftAlone: Readonly<Record<string, number>>;
}

/**
 * `previewed`: something will be done. `refused`: left alone since the preview. `begun`: this process, or one that was killed, is at it. `exception`: left
 * alone since the run, because it would not have done what was previewed.
 */
export type CampaignPersonStatus = 'previewed' | 'refused' | 'begun' | 'booked' | 'exception';

export interface CampaignPerson {
  readonly personId: PersonId;
  readonly status: CampaignPersonStatus;
  /** Digest of the effects that were previewed; null = none were. */
  readonly effects: string | null;
  /** What is made, or taken back; in this order. Empty where a policy decides anew. */
  readonly remaps: readonly RemapFact[];
  readonly trajectories: number;
  readonly lines: number;
  readonly released: number;
  readonly centsMoved: Cents;
  readonly cents: CampaignCents;
  /** Why it is left alone, and what to do. */
  readonly code: string | null;
  readonly problem: string | null;
}

export interface Campaign {
  readonly campaignId: string;
  readonly source: CampaignSource;
  /** SHA-256 of the source, hex. */
  readonly content: string;
  /** Goes into the events; names no person. */
  readonly reason: string;
  /** Persons of the first stage; 0 = there is none. */
  readonly canary: number;
  /** How far, in per cent, what is booked may stay away from what was approved. */
  readonly tolerancePercent: number;
  readonly policy: { readonly digest: string; readonly version: string };
  readonly status: CampaignStatus;
  readonly stage: CampaignStage;
  readonly totals: CampaignTotals | null;
  /** Over content, policy, totals and tolerance: what a second person approves. */
  readonly digest: string | null;
  readonly proposedBy: string;
  /** ISO 8601 in UTC. */
  readonly proposedAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  /** Why it was rejected, paused or stopped. */
  readonly remark: string | null;
  /** Counts the previews, from 1: one that goes on where it was is the same. */
  readonly previewRound: number;
}

/** A campaign in a list: the rows of its mapping, which may be very many, are left out. */
export type ListedCampaign = Omit<Campaign, 'source'> & {
  readonly source: { readonly kind: 'mapping' } | Exclude<CampaignSource, { readonly kind: 'mapping' }>;
};

export type NewCampaign = Pick<
  Campaign,
  'campaignId' | 'source' | 'content' | 'reason' | 'canary' | 'tolerancePercent' | 'policy' | 'proposedBy'
>;

/** How far a campaign has come, in persons, and what it comes to if all that is left is booked as previewed. */
export interface CampaignProgress {
  readonly booked: number;
  readonly exceptions: number;
  readonly toDo: number;
  readonly bookedTotals: CampaignTotals;
  readonly expectedTotals: CampaignTotals;
}
