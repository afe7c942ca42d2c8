-- Appends many independent units, each atomic, in one transaction and one round trip.
--
--   p_stream_units     per stream of a unit: the number of its unit, ascending from 1
--   p_streams          per stream of a unit: its name, one line each
--   p_expected         per stream of a unit: exact revision, -1 = no stream
--   p_unit_turns       per unit: 1, or one more than the turn of the last earlier unit that names one of its streams
--   p_unit_ends        per unit: ordinal of its last event, ascending
--   p_event_slots      per event: which entry of p_streams it goes to; events are in the order of units, streams, revisions
--   p_event_revisions  per event: the revision it gets
--   p_event_ids        per event
--   p_event_types, p_event_data, p_event_metadata   per event, one line each
--   p_turns            largest of p_unit_turns
--   p_check_ids        look for the event ids before writing, also where the revisions fit
--
-- Answers one row per unit: appended (position), already-appended (position) or conflict (stream, expected, actual).
--
-- The locks come first: before any transaction id is assigned, so that of two writers of one stream the one that locks first also
-- has the lower id, and (xid, pos) never inverts a stream. Everything that writes comes after.
create or replace function eventstore.append(
  p_stream_units integer[],
  p_streams text,
  p_expected bigint[],
  p_unit_turns integer[],
  p_unit_ends integer[],
  p_event_slots integer[],
  p_event_revisions bigint[],
  p_event_ids uuid[],
  p_event_types text,
  p_event_data text,
  p_event_metadata text,
  p_turns integer,
  p_check_ids boolean
) returns table (unit integer, outcome text, at_xid xid8, at_pos bigint, at_stream text, expected_revision bigint, actual_revision bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_streams text[] := string_to_array(p_streams, E'\n');
  v_types text[] := string_to_array(p_event_types, E'\n');
  v_data text[] := string_to_array(p_event_data, E'\n');
  v_metadata text[] := string_to_array(p_event_metadata, E'\n');
  v_sent integer := cardinality(p_event_ids);
  v_keys bigint[];
  v_key bigint;
  v_locked text;
  v_positions bigint[];
  v_written integer;
  v_recorded_at timestamptz;
begin
  if pg_current_xact_id_if_assigned() is not null then
    raise exception 'eventstore.append must be the first write of its transaction: transaction id % was assigned before the streams were locked',
      pg_current_xact_id_if_assigned()
      using errcode = 'ES001', hint = 'Append in a transaction of its own.';
  end if;
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'eventstore.append needs READ COMMITTED: under % it would read heads older than its locks',
      current_setting('transaction_isolation') using errcode = 'ES001';
  end if;
  if cardinality(v_streams) = 1 then
    v_keys := array[eventstore.lock_key(v_streams[1])];
  else
    v_keys := array(select distinct eventstore.lock_key(s.name) as key from unnest(v_streams) s(name) order by key);
  end if;
  if cardinality(v_keys) > 256 then
    raise exception 'eventstore.append locks at most 256 streams in a transaction, not %', cardinality(v_keys) using errcode = 'ES002';
  end if;
  foreach v_key in array v_keys loop
    v_locked := pg_advisory_xact_lock(v_key); -- an assignment, as that needs no query
  end loop;
  if cardinality(v_streams) <> any (array[cardinality(p_expected), cardinality(p_stream_units)])
    or v_sent <> any (array[cardinality(p_event_slots), cardinality(p_event_revisions), cardinality(v_types), cardinality(v_data),
                            cardinality(v_metadata), p_unit_ends[cardinality(p_unit_ends)]]) then
    raise exception 'eventstore.append: the parameters do not have one entry per event' using errcode = 'ES003';
  end if;

  v_recorded_at := clock_timestamp(); -- after the locks: never earlier than the stream's event before
  if p_turns > 1 or p_check_ids or p_expected <> eventstore.heads(v_streams) then
    return query select * from eventstore.append_by_turns(
      p_stream_units, v_streams, p_expected, p_unit_turns, p_unit_ends, p_event_slots, p_event_revisions, p_event_ids,
      v_types, v_data, v_metadata, p_turns, p_check_ids, v_recorded_at);
    return;
  end if;

  -- Every stream is where its unit expects it, and no stream is named twice: all is written at once.
  v_positions := array(select nextval('eventstore.events_pos_seq') from generate_series(1, v_sent));
  insert into eventstore.events (pos, stream, revision, event_id, type, data, metadata, recorded_at)
  select v_positions[e.ordinal], v_streams[e.slot], e.revision, e.id, e.type, e.data::json, e.metadata::json, v_recorded_at
  from unnest(p_event_slots, p_event_revisions, p_event_ids, v_types, v_data, v_metadata)
    with ordinality e(slot, revision, id, type, data, metadata, ordinal);
  get diagnostics v_written = row_count;
  if v_written <> v_sent then
    raise exception 'eventstore.append sent % events and wrote %', v_sent, v_written using errcode = 'ES003';
  end if;
  return query
    select u.unit::integer, 'appended', pg_current_xact_id(), v_positions[u.last_event], null::text, null::bigint, null::bigint
    from unnest(p_unit_ends) with ordinality u(last_event, unit);
end
$$;
