/** What callers have asked to be done to campaigns in the background: kept, so that it goes on after the process that does it was killed. */
import type { Accessor } from '#libs/access-log';
import type { Pool } from '#libs/platform';
import type { StageEnd } from './stages';

export type CampaignWorkKind = 'preview' | 'run';

/** `failed`: given up after a fault; it can be asked again. `decided`: somebody decided the campaign before it could be done. */
export type CampaignWorkOutcome = Exclude<StageEnd, 'interrupted'> | 'previewed' | 'decided' | 'failed';

export interface CampaignWork {
  readonly workId: string;
  readonly campaignId: string;
  readonly kind: CampaignWorkKind;
  /** A preview that still has to forget the one before. */
  readonly anew: boolean;
  /** In whose name persons are looked at and changed, for the access log. */
  readonly askedBy: Accessor;
  /** ISO 8601 in UTC. */
  readonly askedAt: string;
  /** Candidates that a preview has looked at. */
  readonly looked: number;
  /** That failed, one after another without anything done in between. */
  readonly attempts: number;
  /** Code of the last fault. */
  readonly fault: string | null;
  readonly endedAt: string | null;
  readonly outcome: CampaignWorkOutcome | null;
}

export type NewCampaignWork = Pick<CampaignWork, 'workId' | 'campaignId' | 'kind' | 'anew' | 'askedBy'>;

const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const COLUMNS = `work_id as "workId", campaign_id as "campaignId", kind, anew, asked_by as "askedBy", ${moment('asked_at')} as "askedAt",
  looked, attempts, fault, ${moment('ended_at')} as "endedAt", outcome`;

export class CampaignWorkBook {
  constructor(private readonly pool: Pool) {}

  /**
   * One work of a campaign is under way at a time: another one that is asked meanwhile, or the same again, adds nothing. A run is not lost behind a preview
   * that is still open: whoever may be run was decided, and the preview ends as that. A run that is under way goes on in the name of whoever asks for it
   * last, for that one has let it go on.
   */
  async ask({ workId, campaignId, kind, anew, askedBy }: NewCampaignWork): Promise<void> {
    await this.pool.query(
      `with locked as (select campaign_id from corrections.campaign where campaign_id = $2 for update),
       ended as (
         update corrections.campaign_work as open set ended_at = clock_timestamp(), outcome = 'decided' from locked
         where $3::text = 'run' and open.campaign_id = locked.campaign_id and open.kind = 'preview' and open.ended_at is null returning 1),
       handed_over as (
         update corrections.campaign_work as open set asked_by = $5::jsonb from locked
         where $3::text = 'run' and open.campaign_id = locked.campaign_id and open.kind = 'run' and open.ended_at is null
           and not exists (select from corrections.campaign_work where work_id = $1::uuid)),
       -- read to its end first: the index over what is under way has room for one
       room as (select count(*) from ended)
       insert into corrections.campaign_work (work_id, campaign_id, kind, anew, asked_by)
       select $1::uuid, campaign_id, $3::text, $4::boolean, $5::jsonb from locked, room on conflict do nothing`,
      [workId, campaignId, kind, anew, JSON.stringify(askedBy)],
    );
  }

  /** What was asked of a campaign last; null = nothing was. */
  async latest(campaignId: string): Promise<CampaignWork | null> {
    const { rows } = await this.pool.query<CampaignWork>(
      `select ${COLUMNS} from corrections.campaign_work where campaign_id = $1 order by asked_at desc, work_id limit 1`,
      [campaignId],
    );
    return rows[0] ?? null;
  }

  /** What is to be done now, the oldest first. */
  async due(limit: number): Promise<readonly CampaignWork[]> {
    const { rows } = await this.pool.query<CampaignWork>(
      `select ${COLUMNS} from corrections.campaign_work where ended_at is null and next_attempt_at <= clock_timestamp()
       order by asked_at, work_id limit $1`,
      [limit],
    );
    return rows;
  }

  /** Whether it is under way in this user's name. */
  async isAskedBy(workId: string, user: string): Promise<boolean> {
    const { rows } = await this.pool.query(
      `select 1 from corrections.campaign_work where work_id = $1 and ended_at is null and asked_by->>'user' = $2`,
      [workId, user],
    );
    return rows.length > 0;
  }

  /** Whether the preview before is still to be forgotten. */
  async isAnew(workId: string): Promise<boolean> {
    const { rows } = await this.pool.query<{ anew: boolean }>(
      'select anew and ended_at is null as anew from corrections.campaign_work where work_id = $1',
      [workId],
    );
    return rows[0]?.anew === true;
  }

  /** The preview before is forgotten. */
  async begun(workId: string): Promise<void> {
    await this.pool.query('update corrections.campaign_work set anew = false where work_id = $1', [workId]);
  }

  async looked(workId: string, persons: number): Promise<void> {
    await this.pool.query('update corrections.campaign_work set looked = $2 where work_id = $1', [workId, persons]);
  }

  /** Ends it, unless somebody has let the campaign go on meanwhile: then the work goes on too. */
  async end({ workId, campaignId, kind }: CampaignWork, outcome: CampaignWorkOutcome): Promise<void> {
    await this.pool.query(
      `with locked as (select status from corrections.campaign where campaign_id = $2 for update)
       update corrections.campaign_work set ended_at = clock_timestamp(), outcome = $3::text
       from locked where work_id = $1 and ended_at is null and ($3::text = 'failed' or $4::text <> 'run' or locked.status <> 'running')`,
      [workId, campaignId, outcome, kind],
    );
  }

  /** Tried again after the pause. `attempts`: failed ones without anything done in between. */
  async failed({ workId }: CampaignWork, fault: string, attempts: number, pauseMs: number): Promise<void> {
    await this.pool.query(
      `update corrections.campaign_work
       set fault = $2, attempts = $3, next_attempt_at = clock_timestamp() + $4 * interval '1 millisecond' where work_id = $1`,
      [workId, fault, attempts, pauseMs],
    );
  }
}
