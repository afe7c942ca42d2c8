/** The campaigns as they are kept, with what was previewed of each person and what became of it. */
import type { PersonId } from '#libs/trajectory';
import type {
  Campaign,
  CampaignPerson,
  CampaignPersonStatus,
  CampaignProgress,
  CampaignStage,
  CampaignStatus,
  CampaignTotals,
  ListedCampaign,
  NewCampaign,
} from './shape';

export interface CampaignChange {
  readonly stage?: CampaignStage;
  readonly totals?: CampaignTotals;
  readonly digest?: string;
  /** Who approved it. */
  readonly by?: string;
  /** Digest of the preview that was agreed to: with any other one nothing is moved. */
  readonly agreed?: string;
  readonly remark?: string;
  /** Of the preview that was looked at: once another one has begun nothing is moved. */
  readonly round?: number;
}

/** The connection that held a campaign for this process is gone: another process may be at it already. */
export class CampaignClaimLostError extends Error {
  override readonly name = 'CampaignClaimLostError';
  constructor() {
    super(
      'the database connection that held this campaign for one process was lost, so this one left off after its group. What is booked stays ' +
        'booked; whoever previews or resumes it goes on where it was',
    );
  }
}

export interface PersonOutcomeOfCampaign {
  readonly personId: PersonId;
  readonly status: Exclude<CampaignPersonStatus, 'previewed' | 'refused'>;
  readonly code?: string;
  readonly problem?: string;
}

/** What is kept of campaigns; the PostgreSQL one refuses of itself what may not be (`schema.ts`). */
export interface CampaignBook {
  /** The same id again changes nothing. Answers what is kept. */
  create(campaign: NewCampaign): Promise<Campaign>;
  read(campaignId: string): Promise<Campaign | null>;
  /** The newest first, after the one named. */
  list(limit: number, after?: string | null): Promise<readonly ListedCampaign[]>;
  /** Moves a campaign on, if it is at one of `from`; answers whether it did. */
  move(campaignId: string, from: readonly CampaignStatus[], to: CampaignStatus, change?: CampaignChange): Promise<boolean>;
  /** Another preview begins, by this policy: what was previewed before is forgotten whole. Answers whether nobody had decided before. */
  beginAnew(campaignId: string, policy: Campaign['policy']): Promise<boolean>;
  /** A person that is kept already stays as it is. Of a preview that was followed by another one (`round`) nobody is kept. */
  keepPersons(campaignId: string, persons: readonly CampaignPerson[], round?: number): Promise<void>;
  /** Of these persons, those that are kept. */
  kept(campaignId: string, persons: readonly PersonId[]): Promise<ReadonlySet<PersonId>>;
  totals(campaignId: string): Promise<CampaignTotals>;
  progress(campaignId: string): Promise<CampaignProgress>;
  /** The next ones to whom something is to be done, by person id: it is random, so the first of them are a sample. */
  next(campaignId: string, limit: number): Promise<readonly CampaignPerson[]>;
  record(campaignId: string, outcomes: readonly PersonOutcomeOfCampaign[]): Promise<void>;
  /** Those of whom most cents move, most first. */
  outliers(campaignId: string, limit: number): Promise<readonly CampaignPerson[]>;
  /** By person id, after the one named. */
  persons(
    campaignId: string,
    statuses: readonly CampaignPersonStatus[],
    after: PersonId | null,
    limit: number,
  ): Promise<readonly CampaignPerson[]>;
  /**
   * Runs the work unless another process is at this campaign: null = one is. The claim ends with the process, and with the connection that holds it:
   * `lost` is aborted then, and the work has to leave off.
   * @throws CampaignClaimLostError when the claim was lost before the work had ended
   */
  claimed<T>(campaignId: string, work: (lost: AbortSignal) => Promise<T>): Promise<T | null>;
}
