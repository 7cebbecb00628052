-- Sums that are numbers and moments of years with four digits: what else these types take, the program cannot read, and one
-- such value in a row would keep back the owners' evening message and the export.

alter table bonuslog
  add constraint paid_is_a_number check (paid <> 'NaN'),
  add constraint awarded_in_a_year_of_four_digits check (extract(year from awarded_at at time zone 'UTC') between 1 and 9999);
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
