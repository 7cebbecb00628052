-- What the earlier Python program awarded: its points stand, and the one rule runs on what changes since.

create table imported_awards (
  record_id        bigint primary key,                  -- also of records that it gave no points for: they are done with
  client_id        bigint references clients,           -- null: its client was not in the earlier program any more
  points           numeric(12, 2) not null,
  imported_at      timestamptz not null,
  constraint imported_points_are_not_negative check (points >= 0),
  constraint imported_points_are_on_a_card check (points = 0 or client_id is not null)
);
create index imported_awards_of_a_card on imported_awards (client_id);
comment on table imported_awards is 'The records that the earlier program had dealt with, and the points it gave for each';

alter table visits
  add column base  numeric(12, 2),                      -- imported points less what the rule made when the record first earned
  drop constraint decision_has_a_word,
  add constraint decision_has_a_word check (decision in (
    'awarded', 'deleted', 'no_client', 'forgotten', 'before_start', 'no_show', 'not_paid', 'paid_in_part',
    'not_arrived', 'payment_unknown', 'nothing_paid', 'too_little', 'imported'));
