-- A visit is awarded by the percent of its client's level, and worked out by it for good: whoever writes one knows it. A
-- program of before levels does not, nor one that began to read before they were in force: what it would award by another
-- percent is refused, and read again by one that does.
create function visits_have_their_percent() returns trigger language plpgsql as $$
declare
  before record;
begin
  select terms_id, percent into before from visits
  where record_id = new.record_id and company_id = new.company_id;
  if before.percent is not null or before.terms_id is null
     and (select levels from level_terms where since <= now() order by id desc limit 1) is not null then
    raise exception 'a visit has the percent of its client''s level: whoever writes it must know levels'
      using errcode = 'check_violation', constraint = 'visits_have_their_percent', table = 'visits';
  end if;
  return new;
end
$$;
create trigger visits_have_their_percent before insert on visits for each row
  when (new.terms_id is not null and new.percent is null and new.base is null)
  execute function visits_have_their_percent();
