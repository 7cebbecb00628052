-- What the earlier program gave is written by the import alone: later it would make the next reading of a record give it.

create function imported_awards_come_first() returns trigger language plpgsql as $$
begin
  if (select actor !~ '^import:' from bonuslog order by id desc limit 1) then
    raise exception 'an import is over once there is a row of anybody else'
      using errcode = 'check_violation', constraint = 'an_import_comes_first', table = 'imported_awards';
  end if;
  return new;
end
$$;
do $$
begin
  execute format('alter function imported_awards_come_first() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
create trigger imported_awards_come_first before insert on imported_awards for each row
  execute function imported_awards_come_first();
