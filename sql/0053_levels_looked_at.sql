-- Who will be short of a level on a last day is looked for all day, every ten minutes: up to where it was is kept with the terms,
-- and from there on only cards with something new are looked at.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

alter table level_terms
  add column looked_for date,             -- by these terms every card was looked at for a level that may be lost on this day
  add column looked_row bigint,           -- as of this row of the ledger,
  add column looked_change bigint,        -- and of this one of level_changes
  add constraint a_look_is_as_of_something check (num_nulls(looked_for, looked_row, looked_change) in (0, 3));

create or replace function level_terms_only_grow() returns trigger language plpgsql as $$
declare
  marks constant text[] := '{told_at,raised_at,looked_for,looked_row,looked_change}';
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - marks = to_jsonb(old) - marks then
      return new;
    end if;
  end if;
  raise exception 'levels that were in force stay written: write a new row'
    using errcode = 'restrict_violation', constraint = 'level_terms_only_grow', table = 'level_terms';
end
$$;
