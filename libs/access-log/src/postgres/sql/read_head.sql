-- Where the chain ends by the head, and by its rows, at one moment.
create or replace function access.read_head() returns table (log_id uuid, seq bigint, hash bytea, last_row bigint)
language sql stable as $$
  select h.log_id, h.seq, h.hash, (select max(e.seq) from access.entry e) from access.head h
$$;

revoke all on function access.read_head() from public;
