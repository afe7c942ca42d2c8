-- The end of the chain, and the one row that every writer locks: what is written under it is in order, whichever process writes.
-- The log's own random id is where the chain begins, so that two logs never share a beginning.
create table if not exists access.head (
  one boolean primary key default true check (one),
  log_id uuid not null,
  seq bigint not null check (seq >= 0),
  hash bytea not null check (octet_length(hash) = 32)
) with (fillfactor = 10); -- changed with every append: room for the new versions beside the old

insert into access.head (log_id, seq, hash)
select b.id, 0, sha256(uuid_send(b.id)) from (select gen_random_uuid() as id) b
on conflict do nothing;
