import { installCampaigns } from '#libs/dossiers';
import { installSchema, type Pool } from '#libs/platform';

/**
 * Creates the tables of the outbox. They are truth and no read model: a rebuild leaves them alone. What was recorded before they
 * were there is never told, so they must be there before the first command of a database is given.
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
    alter table outbox.message add column if not exists part integer not null default 0;
    alter table outbox.message drop constraint if exists message_cause_practice_key;
    create unique index if not exists message_once on outbox.message (cause, practice, part);
    create table if not exists outbox.campaign_line (
      campaign uuid not null,
      cause uuid not null,
      practice text not null check (practice ~ '^([0-9]{8})?$'),
      confirmed text,
      lines jsonb not null,
      gathered_at timestamptz not null default now(),
      told boolean not null,
      primary key (cause, practice));
    create index if not exists campaign_line_untold on outbox.campaign_line (campaign, practice) where not told;
    create index if not exists campaign_line_of on outbox.campaign_line (campaign);
    create index if not exists message_to_send on outbox.message (next_attempt_at) where state = 'waiting'`,
  );
}

/** Two keys of the lock that the one process holds that follows and sends; part of the protocol between processes. */
export const OUTBOX_LOCK = "1953653099, hashtext('outbox')";
