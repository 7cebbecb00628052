-- Sums that are numbers and moments of years with four digits: what else these types take, the program cannot read, and one
-- such value in a row would keep back the owners' evening message and the export.

-- A row of the ledger that breaks these already can be neither mended nor removed: then they hold for what comes, and
-- check and verify name them as not valid.
do $$
declare
  rule record;
begin
  for rule in select * from (values
    ('paid_is_a_number', $c$check (paid <> 'NaN')$c$),
    ('awarded_in_a_year_of_four_digits', $c$check (extract(year from awarded_at at time zone 'UTC') between 1 and 9999)$c$)
  ) as rules (name, holds)
  loop
    begin
      execute format('alter table bonuslog add constraint %I %s', rule.name, rule.holds);
    exception when check_violation then
      execute format('alter table bonuslog add constraint %I %s not valid', rule.name, rule.holds);
    end;
  end loop;
end
$$;
alter table spends
  add constraint bill_is_a_number check (bill <> 'NaN'),
  add constraint day_is_in_a_year_of_four_digits check (extract(year from day) between 1 and 9999);
alter table visits
  add constraint sums_are_numbers check (price <> 'NaN' and services_paid <> 'NaN' and goods_paid <> 'NaN' and base <> 'NaN'),
  add constraint starts_in_a_year_of_four_digits check (extract(year from starts_at at time zone 'UTC') between 1 and 9999),
  add constraint day_is_in_a_year_of_four_digits check (extract(year from day) between 1 and 9999);
alter table digests add constraint owed_is_a_number check (owed <> 'NaN');
alter table imported_awards add constraint points_are_a_number check (points <> 'NaN');
alter table screens add constraint sums_are_numbers check (bill <> 'NaN' and points <> 'NaN' and paid <> 'NaN');
alter table terms add constraint percent_is_a_number check (percent <> 'NaN');
