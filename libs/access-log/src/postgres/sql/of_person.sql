-- Who looked at a person: rows after p_seq, in order. Both days are inclusive and run by the Dutch calendar; null = open.
create or replace function access.of_person(p_person uuid, p_from date, p_through date, p_seq bigint, p_limit integer)
returns table (seq bigint, content text)
language sql stable as $$
  with period as (
    select to_char(p_from::timestamp at time zone 'Europe/Amsterdam' at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since,
           to_char((p_through + 1)::timestamp at time zone 'Europe/Amsterdam' at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as until)
  select e.seq, e.content
  from access.entry e, period p
  where e.person_id = p_person and e.seq > p_seq
    and (p.since is null or (e.content::json ->> 'time') collate "C" >= p.since)
    and (p.until is null or (e.content::json ->> 'time') collate "C" < p.until)
  order by e.seq
  limit p_limit
$$;

revoke all on function access.of_person(uuid, date, date, bigint, integer) from public;
