import { installSchema, type Pool } from '#libs/platform';

/**
 * Makes the tables of campaigns if they are not there. Safe in parallel and again. The database itself holds that nobody approves their own campaign,
 * that what is carried out is what was previewed and approved, and that what was decided stays decided. Every process runs it when it starts, while others are
 * at campaigns: it locks no table that is as it should be, and so waits for none of them.
 */
export const installCampaigns = (pool: Pool): Promise<void> =>
  installSchema(
    pool,
    'campaigns',
    `
    create schema if not exists corrections;
    create table if not exists corrections.campaign (
      campaign_id uuid primary key,
      source jsonb not null,
      content text not null check (content ~ '^[0-9a-f]{64}$'),
      reason text not null check (reason <> ''),
      canary integer not null check (canary >= 0),
      tolerance_percent double precision not null check (tolerance_percent between 0 and 100),
      policy_digest text not null,
      policy_version text not null,
      status text not null default 'draft'
        check (status in ('draft', 'previewed', 'approved', 'running', 'waiting', 'paused', 'done', 'stopped', 'rejected')),
      stage text not null default 'canary' check (stage in ('canary', 'rest')),
      totals jsonb,
      digest text check (digest ~ '^[0-9a-f]{64}$'),
      proposed_by text not null check (proposed_by <> ''),
      proposed_at timestamptz not null default clock_timestamp(),
      decided_by text,
      decided_at timestamptz,
      remark text,
      preview_round integer not null default 1,
      constraint another_person_approves_the_campaign
        check (status in ('draft', 'previewed', 'rejected')
               or (digest is not null and decided_by is not null and lower(btrim(decided_by)) <> lower(btrim(proposed_by))))
    );
    do $$ begin
      if not exists (select from information_schema.columns
                     where (table_schema, table_name, column_name) = ('corrections', 'campaign', 'preview_round')) then
        alter table corrections.campaign add column preview_round integer not null default 1;
      end if;
    end $$;
    create table if not exists corrections.campaign_person (
      campaign_id uuid not null references corrections.campaign,
      person_id uuid not null,
      status text not null check (status in ('previewed', 'refused', 'begun', 'booked', 'exception')),
      effects text check (effects ~ '^[0-9a-f]{64}$'),
      remaps jsonb not null,
      trajectories integer not null,
      lines integer not null,
      released integer not null,
      cents_moved bigint not null,
      cents jsonb not null,
      code text,
      problem text,
      primary key (campaign_id, person_id),
      constraint left_alone_says_why check ((status in ('refused', 'exception')) = (code is not null)),
      constraint effects_were_previewed check (status = 'refused' or effects is not null)
    );
    create table if not exists corrections.campaign_work (
      work_id uuid primary key,
      campaign_id uuid not null references corrections.campaign,
      kind text not null check (kind in ('preview', 'run')),
      anew boolean not null,
      asked_by jsonb not null,
      asked_at timestamptz not null default clock_timestamp(),
      looked integer not null default 0,
      attempts integer not null default 0,
      next_attempt_at timestamptz not null default clock_timestamp(),
      fault text,
      ended_at timestamptz,
      outcome text,
      constraint ended_says_how check ((ended_at is null) = (outcome is null))
    );
    do $$ begin
      if to_regclass('corrections.campaign_person_by_status') is null then
        create index campaign_person_by_status on corrections.campaign_person (campaign_id, status, person_id);
      end if;
      if to_regclass('corrections.campaigns_of_person') is null then
        create index campaigns_of_person on corrections.campaign_person (person_id);
      end if;
      if to_regclass('corrections.campaign_work_under_way') is null then
        create unique index campaign_work_under_way on corrections.campaign_work (campaign_id) where ended_at is null;
      end if;
      if to_regclass('corrections.campaign_work_of') is null then
        create index campaign_work_of on corrections.campaign_work (campaign_id, asked_at);
      end if;
    end $$;
    create or replace function corrections.keep_campaign() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        raise exception 'campaigns are never deleted';
      end if;
      if (new.campaign_id, new.source, new.content, new.reason, new.canary, new.tolerance_percent, new.proposed_by, new.proposed_at)
         is distinct from
         (old.campaign_id, old.source, old.content, old.reason, old.canary, old.tolerance_percent, old.proposed_by, old.proposed_at) then
        raise exception 'what a campaign is about never changes';
      end if;
      if old.status not in ('draft', 'previewed')
         and (new.totals, new.digest, new.policy_digest, new.decided_by) is distinct from (old.totals, old.digest, old.policy_digest, old.decided_by) then
        raise exception 'what was approved, and by whom, never changes';
      end if;
      if not (old.status = new.status
           or old.status = 'draft' and new.status in ('previewed', 'rejected')
           or old.status = 'previewed' and new.status in ('draft', 'approved', 'rejected')
           or old.status in ('approved', 'waiting', 'paused') and new.status in ('running', 'stopped')
           or old.status = 'running' and new.status in ('waiting', 'paused', 'stopped', 'done')) then
        raise exception 'a campaign that is % does not become %', old.status, new.status;
      end if;
      return new;
    end $$;
    create or replace function corrections.keep_campaign_person() returns trigger language plpgsql as $$
    declare
      campaign_status text;
    begin
      if tg_op = 'UPDATE' then
        if (new.campaign_id, new.person_id, new.effects, new.remaps, new.trajectories, new.lines, new.released, new.cents_moved, new.cents)
           is distinct from
           (old.campaign_id, old.person_id, old.effects, old.remaps, old.trajectories, old.lines, old.released, old.cents_moved, old.cents) then
          raise exception 'what was previewed of a person never changes';
        end if;
        if not (old.status = new.status
             or old.status = 'previewed' and new.status in ('begun', 'booked', 'exception')
             or old.status = 'begun' and new.status in ('booked', 'exception')) then
          raise exception 'a person that is % does not become %', old.status, new.status;
        end if;
        return new;
      end if;
      select status into campaign_status from corrections.campaign
        where campaign_id = case when tg_op = 'DELETE' then old.campaign_id else new.campaign_id end;
      if campaign_status <> 'draft' then
        raise exception 'the persons of a campaign that is % stay as they are', campaign_status;
      end if;
      return case when tg_op = 'DELETE' then old else new end;
    end $$;
    do $$ begin
      if not exists (select from pg_trigger where tgrelid = 'corrections.campaign'::regclass and tgname = 'keep_campaign') then
        create trigger keep_campaign before update or delete on corrections.campaign
          for each row execute function corrections.keep_campaign();
      end if;
      if not exists (select from pg_trigger
                     where tgrelid = 'corrections.campaign_person'::regclass and tgname = 'keep_campaign_person') then
        create trigger keep_campaign_person before insert or update or delete on corrections.campaign_person
          for each row execute function corrections.keep_campaign_person();
      end if;
    end $$`,
  );
