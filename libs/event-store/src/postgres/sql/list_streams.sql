-- Streams `<category>-…` after p_after, by name, with their last revision: two index probes per stream, whatever its length.
create or replace function eventstore.list_streams(p_category text, p_after text, p_limit integer)
returns table (stream text, revision bigint)
language sql stable as $$
  with recursive names(stream) as (
    (select e.stream from eventstore.events e
     where e.stream > greatest(coalesce(p_after, '') collate "C", p_category || '-') and e.stream < p_category || '.'
     order by e.stream limit 1)
    union all
    select (select e.stream from eventstore.events e where e.stream > n.stream and e.stream < p_category || '.' order by e.stream limit 1)
    from names n where n.stream is not null
  )
  select n.stream, (select e.revision from eventstore.events e where e.stream = n.stream order by e.revision desc limit 1)
  from names n where n.stream is not null
  limit p_limit
$$;
