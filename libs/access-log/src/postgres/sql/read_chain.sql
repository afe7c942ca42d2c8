-- A page of the chain after p_seq, as it stands: numbers that should not be there too. The derived columns come with it, to be held
-- against the text.
create or replace function access.read_chain(p_seq bigint, p_limit integer)
returns table (seq bigint, hash bytea, content text, id uuid, person_id uuid)
language sql stable as $$
  select e.seq, e.hash, e.content, e.id, e.person_id from access.entry e where e.seq > p_seq order by e.seq limit p_limit
$$;

revoke all on function access.read_chain(bigint, integer) from public;
