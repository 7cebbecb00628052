-- A guard that asks tables asks ours, whatever stands before them in a session: a table of its own that is called like one of them
-- let a visit in without the percent of its client's level.
do $$
begin
  execute format('alter function visits_have_their_percent() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
