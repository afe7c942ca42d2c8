import type { Pool } from '#libs/platform';

// any fixed number: two processes that install at once do it one after the other
const INSTALL_LOCK = 7_415_300_901;

const SCHEMA = `
create schema if not exists identity;

-- proves that a vault is opened with the key it was made with
create table if not exists identity.key_check (
  one boolean primary key default true check (one),
  sealed bytea not null,
  made_at timestamptz not null default now()
);

create table if not exists identity.person (
  person_id uuid primary key,
  -- keyed hash of the citizen service number; null once erased
  bsn_hash bytea unique check (octet_length(bsn_hash) = 32),
  identity_sealed bytea,
  registered_at timestamptz not null default now(),
  erased_at timestamptz,
  check ((erased_at is null) = (bsn_hash is not null)),
  check ((erased_at is null) = (identity_sealed is not null))
);

-- the person's key and birth date, sealed under the key-encryption key; apart from the identity: erasing is deleting a row here, and a copy of the other tables alone is worth nothing
create table if not exists identity.person_key (
  person_id uuid primary key references identity.person,
  wrapped_key bytea not null
);

create table if not exists identity.relation_number (
  number_hash bytea primary key check (octet_length(number_hash) = 32),
  person_id uuid not null references identity.person
);
create index if not exists relation_number_person on identity.relation_number (person_id);

-- notes and documents of a person, sealed under the person's key; they go with it, also those that are sealed at that very moment
create table if not exists identity.sealed_object (
  object_id uuid primary key,
  person_id uuid not null references identity.person_key on delete cascade,
  kind text not null check (kind in ('note', 'document')),
  sealed bytea not null,
  -- of a document alone
  media_type text,
  bytes integer check (bytes > 0),
  -- SHA-256 of the document
  digest bytea check (octet_length(digest) = 32),
  sealed_at timestamptz not null default now(),
  check ((kind = 'document') = (media_type is not null)),
  check ((kind = 'document') = (bytes is not null)),
  check ((kind = 'document') = (digest is not null))
);
alter table identity.sealed_object alter column sealed set storage external;
create index if not exists sealed_object_person on identity.sealed_object (person_id);
create unique index if not exists sealed_document_once on identity.sealed_object (person_id, digest) where kind = 'document';

-- of an earlier version: keyed hashes of the numbers of those who were erased
drop table if exists identity.erased_lookup;
`;

/** Makes the tables of the vault where they are missing; safe to run at every start, and by several processes at once. */
export async function installIdentityVault(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [INSTALL_LOCK]);
    await client.query(SCHEMA);
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true); // closed: its transaction goes with it
    throw error;
  }
}
