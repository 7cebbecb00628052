-- How long points live is said once a change; clients are warned once of what ends, and owners told once of what was said.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

-- Keeps what the settings say of a life, where that is news, and works out anew when its lots end. Whether it was news.
create function say_life(of_life text, in_months integer, in_days integer, said_at timestamptz) returns boolean
  language plpgsql security definer as $$
declare
  before lives;
begin
  perform pg_advisory_xact_lock(7305, 1);
  select * into before from lives where life = of_life order by id desc limit 1;
  if before.months is not distinct from in_months and before.days is not distinct from in_days then
    return false;
  end if;
  insert into lives (life, months, days, day) values (of_life, in_months, in_days, lot_day(said_at));
  update lot_ends set ends = end_of_lot(life, started) where life = of_life;
  return true;
end
$$;
do $$
begin
  execute format('alter function say_life(text, integer, integer, timestamptz) set search_path = pg_catalog, %I, pg_temp',
    current_schema);
end
$$;

create table life_readers (
  life_id integer not null references lives,
  owner   text not null,
  primary key (life_id, owner),
  constraint owner_is_an_account check (owner ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$')
);
comment on table life_readers is 'Which owners were told of a change of how long points live';

create table end_warnings (
  client_id bigint not null references clients,
  ends      date not null,
  days      smallint not null,                          -- how many days before
  primary key (client_id, ends, days),
  constraint warned_a_month_or_a_week_before check (days in (7, 30))
);
comment on table end_warnings is 'Cards whose owner was warned that points end on a day';

alter table notices
  drop constraint visits_settle_and_the_till_is_told_at_once,
  add constraint visits_settle_and_the_till_is_told_at_once check (about in ('visits', 'till', 'ends'));
