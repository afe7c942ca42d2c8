-- Age in milliseconds of the oldest open transaction of the cluster that has a transaction id; 0 when there is none. Readers of the
-- log wait for it, whatever it writes and in whichever database. Needs pg_read_all_stats to see other users' transactions.
create or replace function eventstore.oldest_open_write_ms() returns double precision
language sql volatile as $$
  select coalesce(max(extract(epoch from clock_timestamp() - w.since) * 1000), 0)::double precision
  from (
    select xact_start as since from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
    union all
    select prepared from pg_prepared_xacts) w
$$;
