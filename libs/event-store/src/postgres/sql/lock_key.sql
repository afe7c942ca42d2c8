-- Key of a stream's advisory lock. Two streams may share one: they then wait for each other, nothing else. The seed keeps the keys
-- apart from those of other users of advisory locks.
create or replace function eventstore.lock_key(p_stream text) returns bigint
language sql immutable parallel safe as $$
  select hashtextextended(p_stream, 7239104661)
$$;
