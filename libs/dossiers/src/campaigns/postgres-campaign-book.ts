import { inTransaction, type Pool } from '#libs/platform';
import type { PersonId } from '#libs/trajectory';
import { CampaignClaimLostError, type CampaignBook, type CampaignChange, type PersonOutcomeOfCampaign } from './campaign-book';
import {
  CAMPAIGN_CENTS,
  type Campaign,
  type CampaignPerson,
  type CampaignPersonStatus,
  type CampaignProgress,
  type CampaignStatus,
  type CampaignTotals,
  type ListedCampaign,
  type NewCampaign,
} from './shape';

/** First key of the advisory lock of a campaign that is run; the second is its id. */
const CAMPAIGN_LOCK = 0x636d7067; // "cmpg"

const moment = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const BESIDE_SOURCE = `campaign_id as "campaignId", content, reason, canary, tolerance_percent as "tolerancePercent",
  json_build_object('digest', policy_digest, 'version', policy_version) as policy, status, stage, totals, digest, proposed_by as "proposedBy",
  ${moment('proposed_at')} as "proposedAt", decided_by as "decidedBy", ${moment('decided_at')} as "decidedAt", remark,
  preview_round as "previewRound"`;
const COLUMNS = `${BESIDE_SOURCE}, source`;
const LISTED = `${BESIDE_SOURCE}, source - 'rows' as source`;

const PERSON = `person_id as "personId", status, effects, remaps, trajectories, lines, released, cents_moved::float8 as "centsMoved", cents, code, problem`;

/** Sums of the persons of some statuses; whole cents, far below the point where a double is no longer exact. */
const sums = (statuses: string): string => {
  const of = (value: string): string => `coalesce(sum(${value}) filter (where status in (${statuses})), 0)::float8`;
  return `json_build_object('persons', count(*) filter (where status in (${statuses})),
    'trajectories', ${of('trajectories')}, 'lines', ${of('lines')}, 'released', ${of('released')}, 'centsMoved', ${of('cents_moved')},
    'cents', json_build_object(${CAMPAIGN_CENTS.map((field) => `'${field}', ${of(`(cents->>'${field}')::bigint`)}`).join(', ')}),
    'leftAlone', '{}'::json)`;
};

export class PostgresCampaignBook implements CampaignBook {
  /**
   * @param claims where the connections come from that hold campaigns for as long as somebody is at them: whoever holds one asks `pool` for others, so
   * where several may be held at once it is another pool
   */
  constructor(
    private readonly pool: Pool,
    private readonly claims: Pool = pool,
  ) {}

  async create(campaign: NewCampaign): Promise<Campaign> {
    const { campaignId, source, content, reason, canary, tolerancePercent, policy, proposedBy } = campaign;
    await this.pool.query(
      `insert into corrections.campaign
         (campaign_id, source, content, reason, canary, tolerance_percent, policy_digest, policy_version, proposed_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (campaign_id) do nothing`,
      [campaignId, JSON.stringify(source), content, reason, canary, tolerancePercent, policy.digest, policy.version, proposedBy],
    );
    return (await this.read(campaignId)) as Campaign;
  }

  async read(campaignId: string): Promise<Campaign | null> {
    const { rows } = await this.pool.query<Campaign>(`select ${COLUMNS} from corrections.campaign where campaign_id = $1`, [
      campaignId,
    ]);
    return rows[0] ?? null;
  }

  async list(limit: number, after: string | null = null): Promise<readonly ListedCampaign[]> {
    const { rows } = await this.pool.query<ListedCampaign>(
      `select ${LISTED} from corrections.campaign
       where $2::uuid is null
          or (proposed_at, campaign_id) < (select proposed_at, campaign_id from corrections.campaign where campaign_id = $2)
       order by proposed_at desc, campaign_id desc limit $1`,
      [limit, after],
    );
    return rows;
  }

  async move(
    campaignId: string,
    from: readonly CampaignStatus[],
    to: CampaignStatus,
    { stage, totals, digest, by, agreed, remark, round }: CampaignChange = {},
  ): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `update corrections.campaign
       set status = $3, stage = coalesce($4, stage), totals = coalesce($5, totals), digest = coalesce($6, digest),
           decided_by = coalesce($7, decided_by), remark = coalesce($8, remark),
           decided_at = case when $7::text is null then decided_at else clock_timestamp() end
       where campaign_id = $1 and status = any($2) and ($9::text is null or digest = $9) and ($10::integer is null or preview_round = $10)`,
      [
        ...[campaignId, from, to, stage ?? null, totals === undefined ? null : JSON.stringify(totals), digest ?? null],
        ...[by ?? null, remark ?? null, agreed ?? null, round ?? null],
      ],
    );
    return rowCount === 1;
  }

  beginAnew(campaignId: string, { digest, version }: Campaign['policy']): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query(
        `update corrections.campaign
         set status = 'draft', policy_digest = $2, policy_version = $3, totals = null, digest = null, preview_round = preview_round + 1
         where campaign_id = $1 and status in ('draft', 'previewed')`,
        [campaignId, digest, version],
      );
      if (rowCount === 1) await client.query('delete from corrections.campaign_person where campaign_id = $1', [campaignId]);
      return rowCount === 1;
    });
  }

  async keepPersons(campaignId: string, persons: readonly CampaignPerson[], round?: number): Promise<void> {
    if (persons.length === 0) return;
    await this.pool.query(
      `with of_this_round as (
         select 1 from corrections.campaign where campaign_id = $1 and ($3::integer is null or preview_round = $3) for share)
       insert into corrections.campaign_person
         (campaign_id, person_id, status, effects, remaps, trajectories, lines, released, cents_moved, cents, code, problem)
       select $1, "personId", status, effects, remaps, trajectories, lines, released, "centsMoved", cents, code, problem
       from of_this_round, jsonb_to_recordset($2::jsonb) as given("personId" uuid, status text, effects text, remaps jsonb, trajectories integer,
         lines integer, released integer, "centsMoved" bigint, cents jsonb, code text, problem text)
       on conflict (campaign_id, person_id) do nothing`,
      [campaignId, JSON.stringify(persons), round ?? null],
    );
  }

  async kept(campaignId: string, persons: readonly PersonId[]): Promise<ReadonlySet<PersonId>> {
    const { rows } = await this.pool.query<{ personId: PersonId }>(
      `select person_id as "personId" from corrections.campaign_person where campaign_id = $1 and person_id = any($2::uuid[])`,
      [campaignId, persons],
    );
    return new Set(rows.map(({ personId }) => personId));
  }

  async totals(campaignId: string): Promise<CampaignTotals> {
    const { rows } = await this.pool.query<{ totals: CampaignTotals }>(
      `select ${sums(`'previewed'`)} as totals from corrections.campaign_person where campaign_id = $1`,
      [campaignId],
    );
    const left = await this.pool.query<{ code: string; persons: number }>(
      `select code, count(*)::integer as persons from corrections.campaign_person
       where campaign_id = $1 and status = 'refused' group by code order by code`,
      [campaignId],
    );
    return {
      ...(rows[0] as { totals: CampaignTotals }).totals,
      leftAlone: Object.fromEntries(left.rows.map(({ code, persons }) => [code, persons])),
    };
  }

  async progress(campaignId: string): Promise<CampaignProgress> {
    const { rows } = await this.pool.query<CampaignProgress>(
      `select count(*) filter (where status = 'booked')::integer as booked,
              count(*) filter (where status = 'exception')::integer as exceptions,
              count(*) filter (where status in ('previewed', 'begun'))::integer as "toDo",
              ${sums(`'booked'`)} as "bookedTotals", ${sums(`'previewed', 'begun', 'booked'`)} as "expectedTotals"
       from corrections.campaign_person where campaign_id = $1`,
      [campaignId],
    );
    return rows[0] as CampaignProgress;
  }

  async next(campaignId: string, limit: number): Promise<readonly CampaignPerson[]> {
    // One status at a time, so that the index gives the first ones without a sort of all that are left.
    for (const status of ['begun', 'previewed'] as const) {
      const found = await this.persons(campaignId, [status], null, limit);
      if (found.length > 0) return found;
    }
    return [];
  }

  async record(campaignId: string, outcomes: readonly PersonOutcomeOfCampaign[]): Promise<void> {
    await this.pool.query(
      `update corrections.campaign_person as kept set status = given.status, code = given.code, problem = given.problem
       from jsonb_to_recordset($2::jsonb) as given("personId" uuid, status text, code text, problem text)
       where kept.campaign_id = $1 and kept.person_id = given."personId"`,
      [campaignId, JSON.stringify(outcomes)],
    );
  }

  async outliers(campaignId: string, limit: number): Promise<readonly CampaignPerson[]> {
    const { rows } = await this.pool.query<CampaignPerson>(
      `select ${PERSON} from corrections.campaign_person where campaign_id = $1 and cents_moved > 0
       order by cents_moved desc, person_id limit $2`,
      [campaignId, limit],
    );
    return rows;
  }

  async persons(
    campaignId: string,
    statuses: readonly CampaignPersonStatus[],
    after: PersonId | null,
    limit: number,
  ): Promise<readonly CampaignPerson[]> {
    const { rows } = await this.pool.query<CampaignPerson>(
      `select ${PERSON} from corrections.campaign_person
       where campaign_id = $1 and ${statuses.length === 1 ? 'status = ($2::text[])[1]' : 'status = any($2)'} and ($3::uuid is null or person_id > $3)
       order by person_id limit $4`,
      [campaignId, statuses, after, limit],
    );
    return rows;
  }

  async claimed<T>(campaignId: string, work: (lost: AbortSignal) => Promise<T>): Promise<T | null> {
    const client = await this.claims.connect();
    const lost = new AbortController();
    const onLost = (): void => lost.abort();
    client.on('error', onLost);
    client.on('end', onLost);
    const key = [CAMPAIGN_LOCK, campaignId];
    try {
      const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as free', key);
      if (rows[0]?.free !== true) return null;
      try {
        const result = await work(lost.signal);
        if (lost.signal.aborted) throw new CampaignClaimLostError();
        return result;
      } finally {
        // a session that may hold the lock still must not go back among the others
        await client.query('select pg_advisory_unlock($1, hashtext($2))', key).catch(onLost);
      }
    } finally {
      client.off('end', onLost);
      // one that broke may tell of it once more, and is listened to until it is closed
      if (!lost.signal.aborted) client.off('error', onLost);
      client.release(lost.signal.aborted);
    }
  }
}
