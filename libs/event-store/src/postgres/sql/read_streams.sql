-- Many streams at once: per requested stream, numbered from 1, its events from a revision on, in revision order.
create or replace function eventstore.read_streams(p_streams text[], p_from bigint[])
returns table (request bigint, xid xid8, pos bigint, revision bigint, event_id uuid, type text, data json, metadata json, recorded_at timestamptz)
language sql stable as $$
  select r.request, e.*
  from unnest(p_streams, p_from) with ordinality r(stream, from_revision, request)
  cross join lateral (
    select h.xid, h.pos, h.revision, h.event_id, h.type, h.data, h.metadata, h.recorded_at
    from eventstore.events h
    where h.stream = r.stream and h.revision >= r.from_revision
    order by h.revision) e
$$;
