-- Append-only, held by the database: not even the owner changes or removes an event by accident.
create or replace function eventstore.refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception 'eventstore.events is append-only: % refused', tg_op
    using errcode = 'ES004', hint = 'Correct by appending an event.';
end
$$;

create or replace trigger append_only before update or delete or truncate on eventstore.events
  for each statement execute function eventstore.refuse_change();

-- Also under session_replication_role = replica.
alter table eventstore.events enable always trigger append_only;
