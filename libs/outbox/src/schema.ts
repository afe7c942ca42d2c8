import { installCampaigns } from '#libs/dossiers';
import { installSchema, type Pool } from '#libs/platform';

/**
 * Creates the tables of the outbox. They are truth and no read model: a rebuild leaves them alone. What was recorded before they
 * were there is never told, so they must be there before the first command of a database is given. What is as it should be is not
 * locked: others write to it meanwhile.
 */
export async function installOutbox(pool: Pool): Promise<void> {
  // of whose persons it bundles what is told
  await installCampaigns(pool);
  await installSchema(
    pool,
    'outbox',
    `
    create schema if not exists outbox;
    create table if not exists outbox.follower (
      id smallint primary key default 1 check (id = 1),
      position text,
      since timestamptz not null default now());
    insert into outbox.follower default values on conflict do nothing;
    create table if not exists outbox.message (
      id uuid primary key,
      cause uuid not null,
      practice text not null check (practice ~ '^[0-9]{8}$'),
      confirmed text not null,
      lines jsonb not null,
      created_at timestamptz not null default now(),
      state text not null default 'waiting' check (state in ('waiting', 'unaddressed', 'parked', 'sent')),
      attempts integer not null default 0,
      next_attempt_at timestamptz not null default now(),
      fault text,
      sent_at timestamptz,
      part integer not null default 0);
    do $$ begin
      if not exists (select from information_schema.columns
                     where (table_schema, table_name, column_name) = ('outbox', 'message', 'part')) then
        alter table outbox.message add column part integer not null default 0;
      end if;
      if exists (select from pg_constraint where conrelid = 'outbox.message'::regclass and conname = 'message_cause_practice_key') then
        alter table outbox.message drop constraint message_cause_practice_key;
      end if;
      if to_regclass('outbox.message_once') is null then
        create unique index message_once on outbox.message (cause, practice, part);
      end if;
    end $$;
    create table if not exists outbox.campaign_line (
      campaign uuid not null,
      cause uuid not null,
      practice text not null check (practice ~ '^([0-9]{8})?$'),
      confirmed text,
      lines jsonb not null,
      gathered_at timestamptz not null default now(),
      told boolean not null,
      primary key (cause, practice));
    do $$ begin
      if to_regclass('outbox.campaign_line_untold') is null then
        create index campaign_line_untold on outbox.campaign_line (campaign, practice) where not told;
      end if;
      if to_regclass('outbox.campaign_line_of') is null then
        create index campaign_line_of on outbox.campaign_line (campaign);
      end if;
      if to_regclass('outbox.message_to_send') is null then
        create index message_to_send on outbox.message (next_attempt_at) where state = 'waiting';
      end if;
    end $$`,
  );
}

/** Two keys of the lock that the one process holds that follows and sends; part of the protocol between processes. */
export const OUTBOX_LOCK = "1953653099, hashtext('outbox')";
