/** What is asked of campaigns as a whole, and how it may end. */
import type { LookEnd } from './looking';
import type { MappingProblem } from './mapping-file';
import type { Campaign, CampaignPerson, CampaignProgress, CampaignTotals } from './shape';
import type { StageEnd } from './stages';

export interface CampaignOrder {
  readonly reason: string;
  readonly canary: number;
  readonly tolerancePercent: number;
  readonly proposedBy: string;
  /** UUID: the same order again is the same campaign. Default: a new one. */
  readonly campaignId?: string;
}

export type Proposed =
  | { readonly outcome: 'kept'; readonly campaign: Campaign }
  | { readonly outcome: 'refused'; readonly problems: readonly MappingProblem[] };

export interface CampaignPreview {
  readonly campaign: Campaign;
  readonly totals: CampaignTotals;
  readonly outliers: readonly CampaignPerson[];
}

/** `busy`: another process is at it. */
export type NotPreviewed = Exclude<LookEnd, 'previewed'> | 'busy';

/** `other-policy`: another version has taken effect since the preview, so a run would stop before anybody is touched. */
export type ApprovalOfCampaign = 'approved' | 'own' | 'other-digest' | 'other-policy' | 'decided' | 'unknown';

/** Why a run came to an end. `busy`: another process is at it. `not-approved`, `ended`: it may not be run, or no more. */
export type RunEnd = StageEnd | 'busy' | 'not-approved' | 'ended' | 'unknown';

export interface RunReport {
  readonly end: RunEnd;
  readonly campaign: Campaign | null;
  readonly progress: CampaignProgress | null;
}

/** An order to begin anew, as it is kept. */
export interface OrderToBegin {
  readonly isOpen: () => Promise<boolean>;
  readonly isDone: () => Promise<void>;
}
