-- A second messenger: each agrees with its own replicas how its updates come. And what a messenger needs that names messages by
-- words where we have numbers, that gives an update no name of its own, and that must be asked from a mark on.

alter table listening
  add column channel text not null default 'telegram',
  drop column one,                                      -- and with it the rule that there is one way alone
  add primary key (channel),
  add constraint channel_is_a_word check (channel ~ '^[a-z]{1,10}$');
alter table listening alter column channel drop default;
comment on table listening is 'How updates reach the bot of each messenger, agreed on by all replicas';

create table message_numbers (
  number    bigint generated always as identity primary key,
  account   text not null,                              -- in whose chat with the bot it stands
  bot       bigint not null,
  name      text not null,                              -- what the messenger calls it
  chat      bigint,                                     -- the chat's own number, where that is not the account's
  named_at  timestamptz not null default clock_timestamp(),
  constraint a_message_has_one_number unique (account, bot, name),
  constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$'),
  constraint name_is_short check (name <> '' and octet_length(name) <= 300)
);
comment on table message_numbers is 'Our numbers of messages whose messenger names them otherwise; dropped when they are old';

create table handled_updates (
  key         text primary key,                         -- hash of what tells an update from all others
  handled_at  timestamptz not null default clock_timestamp(),
  constraint key_is_a_hash check (key ~ '^[0-9a-f]{32}$')
);
comment on table handled_updates is 'What was dealt with, of messengers that deliver again without saying so; for two days';

create table update_marks (
  channel  text not null,
  bot      bigint not null,
  mark     bigint not null,                             -- all before it was dealt with
  primary key (channel, bot),
  constraint channel_is_a_word check (channel ~ '^[a-z]{1,10}$'),
  constraint mark_is_a_number check (mark >= 0)
);
comment on table update_marks is 'From where on a messenger that is polled by a mark is asked for updates';
