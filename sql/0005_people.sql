-- What the bot remembers of people.

create table consents (
  telegram_id      bigint not null,
  version          text not null,                       -- of the words agreed to
  agreed_at        timestamptz not null default now(),
  primary key (telegram_id, version)
);
comment on table consents is 'What was agreed to, in which words, when';

create table dialogs (
  telegram_id      bigint not null,
  about            text not null,
  state            jsonb not null,
  expires_at       timestamptz not null,
  primary key (telegram_id, about)
);
comment on table dialogs is 'What the bot asked and is waiting to hear';
