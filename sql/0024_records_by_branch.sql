-- A record is known by its number and its branch: two branches may have the same number.

alter table visits
  add column shared boolean not null default false;     -- another branch had the number first: the award's key names the branch
alter table visits
  drop constraint visits_pkey,
  add primary key (record_id, company_id),
  add column award_key text not null generated always as (
    'visit:' || record_id::text || case when shared then '@' || company_id::text else '' end) stored,
  add constraint an_award_is_of_one_visit unique (award_key);

alter table imported_awards add column company_id bigint;
update imported_awards set company_id = coalesce(
  (select split_part(actor, ':', 2)::bigint from bonuslog where actor like 'import:%' limit 1),
  (select company_id from companies order by first_started_at, company_id limit 1));
alter table imported_awards
  alter column company_id set not null,                 -- the branch that the earlier program served
  drop constraint imported_awards_pkey,
  add primary key (record_id, company_id);

-- One award a record and branch. The branch stands in the hashed key where the number alone does not say it.
alter table bonuslog drop constraint one_award_a_record;
create unique index one_award_a_record on bonuslog (record_id, split_part(key, '@', 2)) where record_id is not null;

create function bonuslog_of_its_branch() returns trigger language plpgsql as $$
begin
  if not exists (select from visits where award_key = new.key) then
    raise exception 'no visit of that branch has this award'
      using errcode = 'unique_violation', constraint = 'one_award_a_record', table = 'bonuslog';
  end if;
  return new;
end
$$;
do $$
begin
  execute format('alter function bonuslog_of_its_branch() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
create trigger bonuslog_of_its_branch before insert on bonuslog for each row
  when (new.kind = 'award' and position('@' in new.key) > 0) execute function bonuslog_of_its_branch();
