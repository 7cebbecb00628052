-- Whether a visit must have a level's percent is asked of the moment at which it is written, by the same clock as all else: a
-- database whose clock is another one's refused visits for levels to come, as long as these were to come.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

create or replace function visits_have_their_percent() returns trigger language plpgsql as $$
declare
  before record;
begin
  select terms_id, percent into before from visits
  where record_id = new.record_id and company_id = new.company_id;
  if before.percent is not null or before.terms_id is null
     and (select levels from level_terms where since <= new.decided_at order by id desc limit 1) is not null then
    raise exception 'a visit has the percent of its client''s level: whoever writes it must know levels'
      using errcode = 'check_violation', constraint = 'visits_have_their_percent', table = 'visits';
  end if;
  return new;
end
$$;

do $$
begin
  execute format('alter function visits_have_their_percent() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
