-- Which branch is read next, where there are more than the budget of requests allows: the one where most waits.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

alter table companies add column unannounced double precision not null default 10
  constraint unannounced_is_a_pace check (unannounced >= 0 and unannounced < 'infinity');
comment on column companies.unannounced is 'Changes an hour that passes have found of late and no webhook had announced';
