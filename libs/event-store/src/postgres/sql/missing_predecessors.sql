-- Of streams whose next event to deliver has the given revision: those whose event before it does not lie at or before the checkpoint.
create or replace function eventstore.missing_predecessors(p_streams text[], p_revisions bigint[], p_xid xid8, p_pos bigint)
returns table (stream text)
language sql stable as $$
  select r.stream from unnest(p_streams, p_revisions) r(stream, revision)
  where not exists (
    select from eventstore.events e
    where e.stream = r.stream and e.revision = r.revision - 1 and (e.xid, e.pos) <= (p_xid, p_pos))
$$;
