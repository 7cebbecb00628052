-- What was paid of a bill before points were spent on it: a visit in the journal may be paid in part.

alter table screens
  add column paid numeric(14, 2) not null default 0,
  add constraint what_was_paid_is_a_sum check (paid >= 0);
