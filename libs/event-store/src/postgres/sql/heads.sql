-- The last revision of each stream, in the order given; -1 for a stream that is not there. Volatile, so that each call sees what was
-- committed until then, and not only until its statement began: it is called after waiting for locks.
create or replace function eventstore.heads(p_streams text[]) returns bigint[]
language plpgsql volatile as $$
begin
  return array(
    select coalesce((select e.revision from eventstore.events e where e.stream = s.name order by e.revision desc limit 1), -1)
    from unnest(p_streams) with ordinality s(name, slot) order by s.slot);
end
$$;
