-- Appends rows in the order given, in one round trip; a row whose id is there already is left out, so that what may have been written
-- can be sent again. Answers the log's id and where the chain ends now.
--
-- It runs as its owner: who may call it needs no right on the tables, and can neither change, remove nor read a row.
create or replace function access.append(p_ids uuid[], p_contents text[]) returns table (log_id uuid, seq bigint, hash bytea)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_log uuid;
  v_seq bigint;
  v_hash bytea;
  v_known uuid[];
  v_contents text[] := p_contents;
  v_hashes bytea[] := '{}';
begin
  if cardinality(p_ids) <> cardinality(p_contents) then
    raise exception 'access.append: % ids and % contents', cardinality(p_ids), cardinality(p_contents) using errcode = 'AL002';
  end if;
  -- the lock comes first: the row before is known, and stays the last, only under it
  select h.log_id, h.seq, h.hash into strict v_log, v_seq, v_hash from access.head h for update;
  v_known := array(select e.id from access.entry e where e.id = any (p_ids));
  if cardinality(v_known) > 0 then
    v_contents := array(
      select s.content from unnest(p_ids, p_contents) with ordinality s(id, content, n) where s.id <> all (v_known) order by s.n);
  end if;
  if cardinality(v_contents) > 0 then
    for i in 1 .. cardinality(v_contents) loop
      v_hash := sha256(v_hash || int8send(v_seq + i) || convert_to(v_contents[i], 'UTF8'));
      v_hashes[i] := v_hash;
    end loop;
    insert into access.entry (seq, hash, content)
    select v_seq + s.n, s.hash, s.content from unnest(v_hashes, v_contents) with ordinality s(hash, content, n);
    v_seq := v_seq + cardinality(v_contents);
    update access.head set seq = v_seq, hash = v_hash;
  end if;
  return query select v_log, v_seq, v_hash;
end
$$;

revoke all on function access.append(uuid[], text[]) from public;
