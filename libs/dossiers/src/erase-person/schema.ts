import type { Pool } from 'pg';
import { installSchema } from '#libs/platform';

/** Creates the tables of requests and legal holds, once, whichever process comes first. */
export async function installErasures(pool: Pool): Promise<void> {
  await installSchema(
    pool,
    'erasures',
    `
    create schema if not exists dossiers;
    create table if not exists dossiers.erasure_request (
      request_id uuid primary key,
      person_id uuid not null,
      reason text not null,
      requested_by text not null check (btrim(requested_by) <> ''),
      requested_at timestamptz not null,
      confirmed_by text check (btrim(confirmed_by) <> ''),
      confirmed_at timestamptz,
      erased_at timestamptz,
      -- four eyes, whatever a program of ours may think
      constraint confirmed_by_another check (lower(btrim(confirmed_by)) <> lower(btrim(requested_by))),
      check ((confirmed_by is null) = (confirmed_at is null)),
      check (erased_at is null or confirmed_at is not null)
    );
    create unique index if not exists erasure_request_open on dossiers.erasure_request (person_id) where erased_at is null;
    create table if not exists dossiers.legal_hold (
      hold_id uuid primary key,
      person_id uuid not null,
      reason text not null,
      -- the last day on which it holds
      until date not null,
      placed_by text not null check (btrim(placed_by) <> ''),
      placed_at timestamptz not null,
      released_by text check (btrim(released_by) <> ''),
      released_at timestamptz,
      check ((released_by is null) = (released_at is null))
    );
    create index if not exists legal_hold_person on dossiers.legal_hold (person_id);
    -- erasures of the list that this database has been through to the end
    create table if not exists dossiers.erasure_applied (
      person_id uuid primary key,
      applied_at timestamptz not null default now()
    )`,
  );
}
