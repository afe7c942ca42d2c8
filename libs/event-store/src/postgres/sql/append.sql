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
  p_check_ids boolean
) returns table (unit integer, outcome text, at_xid xid8, at_pos bigint, at_stream text, expected_revision bigint, actual_revision bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_streams text[] := string_to_array(p_streams, E'\n');
  v_types text[] := string_to_array(p_event_types, E'\n');
  v_data text[] := string_to_array(p_event_data, E'\n');
  v_metadata text[] := string_to_array(p_event_metadata, E'\n');
  v_keys bigint[];
  v_turn integer;
  v_heads bigint[];
  v_fits boolean[];   -- per unit, in its turn: every stream is at its expected revision
  v_known integer[];  -- per unit: how many of its event ids its streams hold already
  v_sizes integer[];  -- per unit: how many events it has
  v_write boolean[];  -- per unit: to be written in this turn
  v_positions bigint[];
  v_recorded_at timestamptz;
  v_to_write bigint;
  v_written bigint;
begin
  if pg_current_xact_id_if_assigned() is not null then
    raise exception 'eventstore.append must be the first write of its transaction: transaction id % was assigned before the streams were locked',
      pg_current_xact_id_if_assigned()
      using errcode = 'ES001', hint = 'Append in a transaction of its own.';
  end if;
  v_keys := array(select distinct eventstore.lock_key(s.name) as key from unnest(v_streams) s(name) order by key);
  if cardinality(v_keys) > 256 then
    raise exception 'eventstore.append locks at most 256 streams in a transaction, not %', cardinality(v_keys) using errcode = 'ES002';
  end if;
  perform pg_advisory_xact_lock(k.key) from unnest(v_keys) k(key);
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'eventstore.append needs READ COMMITTED: under % it would read heads older than its locks',
      current_setting('transaction_isolation') using errcode = 'ES001';
  end if;
  if cardinality(v_streams) <> cardinality(p_expected) or cardinality(v_streams) <> cardinality(p_stream_units)
    or cardinality(p_event_ids) <> all (array[cardinality(p_event_slots), cardinality(p_event_revisions), cardinality(v_types),
                                              cardinality(v_data), cardinality(v_metadata), p_unit_ends[cardinality(p_unit_ends)]]) then
    raise exception 'eventstore.append: the parameters do not have one entry per event' using errcode = 'ES003';
  end if;

  v_recorded_at := clock_timestamp(); -- after the locks: never earlier than the stream's event before
  for v_turn in 1 .. (select max(t.turn) from unnest(p_unit_turns) t(turn)) loop
    v_heads := array(
      select coalesce((select e.revision from eventstore.events e where e.stream = s.name order by e.revision desc limit 1), -1)
      from unnest(v_streams) with ordinality s(name, slot) order by s.slot);
    v_fits := array(
      select bool_and(s.expected = v_heads[s.slot])
      from unnest(p_stream_units, p_expected) with ordinality s(unit, expected, slot) group by s.unit order by s.unit);
    if p_check_ids or (select bool_or(p_unit_turns[f.unit] = v_turn and not f.fits) from unnest(v_fits) with ordinality f(fits, unit)) then
      select array_agg(k.known order by k.unit), array_agg(k.size order by k.unit) into v_known, v_sizes
      from (
        select p_stream_units[e.slot] as unit, count(*)::integer as size,
               count((select h.revision from eventstore.events h where h.event_id = e.id and h.stream = v_streams[e.slot]))::integer as known
        from unnest(p_event_slots, p_event_ids) e(slot, id) group by 1) k;
      v_write := array(
        select f.fits and v_known[f.unit] = 0 and p_unit_turns[f.unit] = v_turn from unnest(v_fits) with ordinality f(fits, unit) order by f.unit);
      v_to_write := (select coalesce(sum(v_sizes[w.unit]), 0) from unnest(v_write) with ordinality w(write, unit) where w.write);
    else
      v_known := null;
      v_write := array(select t.turn = v_turn from unnest(p_unit_turns) with ordinality t(turn, unit) order by t.unit);
      v_to_write := (select count(*) from unnest(p_event_slots) e(slot) where v_write[p_stream_units[e.slot]]);
    end if;

    if v_to_write > 0 then
      v_positions := array(select nextval('eventstore.events_pos_seq') from generate_series(1, cardinality(p_event_ids)));
      insert into eventstore.events (pos, stream, revision, event_id, type, data, metadata, recorded_at)
      select v_positions[e.ordinal], v_streams[e.slot], e.revision, e.id, e.type, e.data::json, e.metadata::json, v_recorded_at
      from unnest(p_event_slots, p_event_revisions, p_event_ids, v_types, v_data, v_metadata)
        with ordinality e(slot, revision, id, type, data, metadata, ordinal)
      where v_write[p_stream_units[e.slot]];
      get diagnostics v_written = row_count;
      if v_written <> v_to_write then
        raise exception 'eventstore.append sent % events and wrote %', v_to_write, v_written using errcode = 'ES003';
      end if;
    end if;

    return query
      select w.unit::integer, 'appended', pg_current_xact_id(), v_positions[p_unit_ends[w.unit]], null::text, null::bigint, null::bigint
      from unnest(v_write) with ordinality w(write, unit) where w.write;
    if v_known is not null then
      return query
        select k.unit::integer, 'already-appended', last.xid, last.pos, null::text, null::bigint, null::bigint
        from unnest(v_known, v_sizes) with ordinality k(known, size, unit)
        cross join lateral (select h.xid, h.pos from eventstore.events h where h.event_id = p_event_ids[p_unit_ends[k.unit]]) last
        where p_unit_turns[k.unit] = v_turn and k.known = k.size;
      -- Named is the first stream that moved; or, where none did, the first that holds an event of the unit (a command done in part
      -- by another append): either way to be read again.
      return query
        select distinct on (s.unit) s.unit, 'conflict', null::xid8, null::bigint, v_streams[s.slot], s.expected, v_heads[s.slot]
        from unnest(p_stream_units, p_expected) with ordinality s(unit, expected, slot)
        where p_unit_turns[s.unit] = v_turn and v_known[s.unit] < v_sizes[s.unit] and not v_write[s.unit]
        order by s.unit, s.expected = v_heads[s.slot],
          not exists (select from unnest(p_event_slots, p_event_ids) e(slot, id)
                      join eventstore.events h on h.event_id = e.id and h.stream = v_streams[e.slot] where e.slot = s.slot),
          s.slot;
    end if;
  end loop;
end
$$;
