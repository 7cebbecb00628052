-- A record of /today has one screen in a chat and day that has done nothing yet, however often what it did was undone.

alter table screens
  add column company_id bigint,
  add column record_id bigint,                          -- a record of /today, and the day on which its button was tapped
  add column record_day date,
  add constraint a_record_has_its_day check (num_nulls(company_id, record_id, record_day) in (0, 3));
create unique index one_open_screen_a_record on screens (bot, chat_id, company_id, record_id, record_day)
  where record_id is not null and step not in ('done', 'undone');
