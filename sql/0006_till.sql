-- The till: who works at it, its screens, and what is known of each spend.

create table staff (
  telegram_id      bigint primary key,
  name             text not null
);
comment on table staff is 'What admins and owners are called, so that a change can say who made it';

create table screens (
  chat_id          bigint not null,                     -- an admin's private chat, so the admin too
  asked            bigint not null,                     -- the admin's message that opened it; one change of points each
  message_id       bigint,                              -- the bot's message that shows it; null until Telegram has it
  rev              integer not null default 1,          -- grows with every change: an older button does nothing
  step             text not null,
  sought           text,                                -- a phone without a card, or the last digits of several
  client_id        bigint references clients,
  bill             numeric(14, 2),
  action           text,
  points           numeric(12, 2),
  reason           text,
  typed            bigint,                              -- the admin's message with the sum
  row_id           bigint references bonuslog (id),     -- what it made
  done_at          timestamptz,
  confirmed_by     bigint,                              -- the owner, where a second person had to agree
  undone_by        bigint,
  undone_at        timestamptz,
  touched_at       timestamptz not null default clock_timestamp(),
  expires_at       timestamptz not null,
  primary key (chat_id, asked),
  constraint step_is_known check (step in (
    'choose', 'nobody', 'card', 'ask_bill', 'ask_sum', 'ask_credit', 'confirm', 'owner', 'done', 'undone', 'closed')),
  constraint action_is_known check (action in ('spend', 'credit', 'debit')),
  constraint done_names_its_row check ((step in ('done', 'undone')) = (row_id is not null)),
  constraint only_the_undone_are_undone check ((step = 'undone') = (undone_by is not null))
);
create index screens_by_end on screens (expires_at);
create unique index one_screen_a_row on screens (row_id) where row_id is not null;
create index screens_done on screens (client_id, done_at) where row_id is not null;
comment on table screens is 'What each message of the till shows and waits for';

create table spends (
  id               bigint primary key references bonuslog,
  company_id       bigint references companies,
  record_id        bigint,                              -- when the client had exactly one record that day
  day              date not null,                       -- by the branch's own clock
  bill             numeric(14, 2) not null,
  constraint bill_is_a_sum check (bill > 0)
);
create index spends_of_a_record on spends (record_id) where record_id is not null;
create index spends_of_a_day on spends (day);
comment on table spends is 'The bill, the branch and the record of each spend at the till';

create index clients_by_last_digits on clients (right(phone, 4));
-- What an admin has given and taken today is asked under the ledger's lock.
create index bonuslog_by_hand on bonuslog (awarded_at) where kind in ('spend', 'credit', 'debit');
