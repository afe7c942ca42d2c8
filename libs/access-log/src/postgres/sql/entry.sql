-- One row per access. The text is the only truth: canonical JSON (RFC 8785) of the entry, and what the hash covers is that text, the
-- row's number and the hash of the row before. The two columns derived from it are for finding rows.
create table if not exists access.entry (
  seq bigint primary key check (seq >= 1),
  hash bytea not null check (octet_length(hash) = 32),
  content text not null check (octet_length(content) <= 4000),
  id uuid not null generated always as ((content::json ->> 'id')::uuid) stored,
  person_id uuid generated always as ((content::json ->> 'person')::uuid) stored,
  constraint entry_id_key unique (id)
);

create index if not exists entry_person on access.entry (person_id, seq) where person_id is not null;
