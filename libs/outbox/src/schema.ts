import { installSchema, type Pool } from '#libs/platform';

/**
 * Creates the tables of the outbox. They are truth and no read model: a rebuild leaves them alone. What was recorded before they
 * were there is never told, so they must be there before the first command of a database is given.
 */
export const installOutbox = (pool: Pool): Promise<void> =>
  installSchema(
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
      unique (cause, practice));
    create index if not exists message_to_send on outbox.message (next_attempt_at) where state = 'waiting'`,
  );

/** Two keys of the lock that the one process holds that follows and sends; part of the protocol between processes. */
export const OUTBOX_LOCK = "1953653099, hashtext('outbox')";
