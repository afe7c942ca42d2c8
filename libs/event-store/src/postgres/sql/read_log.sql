-- A page of the log after (p_xid, p_pos). Only events of transactions below the oldest one still open: no event can appear before
-- them any more, so that a checkpoint handed out is safe. Both halves are needed: the bound, and the pair as the order.
create or replace function eventstore.read_log(p_xid xid8, p_pos bigint, p_limit integer)
returns table (stream text, xid xid8, pos bigint, revision bigint, event_id uuid, type text, data json, metadata json, recorded_at timestamptz)
language sql stable as $$
  select e.stream, e.xid, e.pos, e.revision, e.event_id, e.type, e.data, e.metadata, e.recorded_at
  from eventstore.events e
  where (e.xid, e.pos) > (p_xid, p_pos) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
  order by e.xid, e.pos
  limit p_limit
$$;
