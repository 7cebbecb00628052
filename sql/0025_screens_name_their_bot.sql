-- Each bot numbers its messages from one: what is found by a message's number names the bot too.

alter table screens
  add column bot bigint not null default 0,             -- whose messages these are; 0: a bot that nobody wrote down
  drop constraint screens_pkey,
  add constraint screens_pkey primary key (bot, chat_id, asked),
  add constraint bot_is_a_number check (bot >= 0);
alter table screens alter column bot drop default;

alter table refund_offers add column bot bigint;        -- whose button the owners have; null: a bot that nobody wrote down
