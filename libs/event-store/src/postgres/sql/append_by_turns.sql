-- The part of eventstore.append for calls in which some unit does not fit, or some stream is named by several units: turn by turn, so
-- that a unit sees what the units before it wrote, and within a turn set by set. Only eventstore.append calls it, holding the locks.
create or replace function eventstore.append_by_turns(
  p_stream_units integer[],
  p_streams text[],
  p_expected bigint[],
  p_unit_turns integer[],
  p_unit_ends integer[],
  p_event_slots integer[],
  p_event_revisions bigint[],
  p_event_ids uuid[],
  p_event_types text[],
  p_event_data text[],
  p_event_metadata text[],
  p_turns integer,
  p_check_ids boolean,
  p_recorded_at timestamptz
) returns table (unit integer, outcome text, at_xid xid8, at_pos bigint, at_stream text, expected_revision bigint, actual_revision bigint)
language plpgsql volatile as $$
#variable_conflict use_column
declare
  v_turn integer;
  v_heads bigint[];
  v_fits boolean[];   -- per unit, in its turn: every stream is at its expected revision
  v_known integer[];  -- per unit: how many of its event ids its streams hold already
  v_sizes integer[];  -- per unit: how many events it has
  v_write boolean[];  -- per unit: to be written in this turn
  v_positions bigint[];
  v_to_write bigint;
  v_written bigint;
begin
  for v_turn in 1 .. p_turns loop
    v_heads := eventstore.heads(p_streams);
    v_fits := array(
      select bool_and(s.expected = v_heads[s.slot])
      from unnest(p_stream_units, p_expected) with ordinality s(unit, expected, slot) group by s.unit order by s.unit);
    if p_check_ids or (select bool_or(p_unit_turns[f.unit] = v_turn and not f.fits) from unnest(v_fits) with ordinality f(fits, unit)) then
      select array_agg(k.known order by k.unit), array_agg(k.size order by k.unit) into v_known, v_sizes
      from (
        select p_stream_units[e.slot] as unit, count(*)::integer as size,
               count((select h.revision from eventstore.events h where h.event_id = e.id and h.stream = p_streams[e.slot]))::integer as known
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
      select v_positions[e.ordinal], p_streams[e.slot], e.revision, e.id, e.type, e.data::json, e.metadata::json, p_recorded_at
      from unnest(p_event_slots, p_event_revisions, p_event_ids, p_event_types, p_event_data, p_event_metadata)
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
        select distinct on (s.unit) s.unit, 'conflict', null::xid8, null::bigint, p_streams[s.slot], s.expected, v_heads[s.slot]
        from unnest(p_stream_units, p_expected) with ordinality s(unit, expected, slot)
        where p_unit_turns[s.unit] = v_turn and v_known[s.unit] < v_sizes[s.unit] and not v_write[s.unit]
        order by s.unit, s.expected = v_heads[s.slot],
          not exists (select from unnest(p_event_slots, p_event_ids) e(slot, id)
                      join eventstore.events h on h.event_id = e.id and h.stream = p_streams[e.slot] where e.slot = s.slot),
          s.slot;
    end if;
  end loop;
end
$$;
