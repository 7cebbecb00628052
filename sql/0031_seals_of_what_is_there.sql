-- A digest is of rows that are there: one of rows to come would keep these from the digests that follow.

create function digests_are_of_what_is_there() returns trigger language plpgsql as $$
begin
  if new.last_row < 0 or new.last_row > coalesce((select max(id) from bonuslog), 0)
     or new.hash is not null and not exists (select from bonuslog where id = new.last_row and hash = new.hash) then
    raise exception 'the ledger has no such row'
      using errcode = 'check_violation', constraint = 'digests_are_of_what_is_there', table = 'digests';
  end if;
  return new;
end
$$;
do $$
begin
  execute format('alter function digests_are_of_what_is_there() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
create trigger digests_are_of_what_is_there before insert on digests for each row
  execute function digests_are_of_what_is_there();
