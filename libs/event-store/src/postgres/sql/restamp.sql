-- After a logical restore (pg_dump, COPY) into another cluster: its transaction ids start anew, so restored events carry ids that lie
-- in its future. They would be held back from readers and then sort after new events. Renumbers the log, keeping its order, under the
-- id of this transaction; answers how many events there are and the position of the last one. Checkpoints handed out before are void.
create or replace function eventstore.restamp() returns table (events bigint, last_xid xid8, last_pos bigint)
language plpgsql volatile as $$
declare
  v_xid xid8;
  v_events bigint;
begin
  lock table eventstore.events in exclusive mode;
  v_xid := pg_current_xact_id();
  alter table eventstore.events disable trigger append_only;
  update eventstore.events e set xid = v_xid, pos = n.pos
  from (select h.event_id, row_number() over (order by h.xid, h.pos) as pos from eventstore.events h) n
  where e.event_id = n.event_id;
  get diagnostics v_events = row_count;
  alter table eventstore.events enable always trigger append_only;
  perform setval('eventstore.events_pos_seq', greatest(v_events, (select s.last_value from eventstore.events_pos_seq s)));
  return query select v_events, v_xid, v_events;
end
$$;
