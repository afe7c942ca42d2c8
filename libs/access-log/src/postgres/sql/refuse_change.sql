-- Append-only, held by the database: not even the owner changes or removes a row by accident.
create or replace function access.refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception 'access.% is append-only: % refused', tg_table_name, tg_op
    using errcode = 'AL001', hint = 'What was recorded stays; record what is right beside it.';
end
$$;

create or replace trigger append_only before update or delete or truncate on access.entry
  for each statement execute function access.refuse_change();
create or replace trigger stays before delete or truncate on access.head
  for each statement execute function access.refuse_change();

-- Also under session_replication_role = replica.
alter table access.entry enable always trigger append_only;
alter table access.head enable always trigger stays;
