-- Branches, cards and the programme's terms.
-- Every numeric in this database has two decimals: roubles with kopecks, points with hundredths, percents.

create table companies (
  company_id       bigint primary key,
  title            text,
  time_zone        text,                                -- from YCLIENTS; null until it has answered once
  first_started_at timestamptz not null default now(),
  program_start    date,                                -- the day of the first start, in the branch's zone once that is known
  payment_days     integer,                             -- how many days back payments are seen; -1: all, null: not said
  read_from        date,                                -- the first pass covers sessions from this day on
  window_from      date,                                -- the next window it has to read; null when it is finished
  first_pass_at    timestamptz,                         -- when the first pass first started, by YCLIENTS's clock
  mark             timestamptz,                         -- changes up to here are in; null before the first pass ended
  last_pass_at     timestamptz,
  swept_at         timestamptz,
  failures         integer not null default 0,          -- passes failed in a row
  last_error       text,
  constraint mark_waits_for_the_first_pass check (mark is null or first_pass_at is not null)
);
comment on table companies is 'A YCLIENTS branch and how far the sync has read in it';

create table clients (
  id               bigint generated always as identity primary key,
  phone            text,                                -- E.164
  name             text,
  telegram_id      bigint,                              -- who linked the card; null: points wait on it
  language         text,                                -- of that account, as Telegram says it
  linked_at        timestamptz,
  blocked_at       timestamptz,                         -- Telegram said 403: nothing is sent until the client returns
  created_at       timestamptz not null default now(),
  constraint one_card_a_phone unique (phone),
  constraint one_card_a_telegram_account unique (telegram_id),
  constraint phone_is_e164 check (phone ~ '^\+[1-9][0-9]{7,14}$'),
  constraint only_a_card_with_a_phone_is_linked check (telegram_id is null or phone is not null),
  constraint linked_cards_know_since_when check ((telegram_id is null) = (linked_at is null))
);
comment on table clients is 'A loyalty card. One card a phone; a YCLIENTS client without a phone has a card of its own';

create table yclients_clients (
  yclients_client_id bigint primary key,
  client_id        bigint references clients,           -- where this person's new visits go
  name             text,
  forgotten_at     timestamptz,                         -- asked to be forgotten: the next pass must not bring them back
  constraint forgotten_or_on_a_card check ((client_id is null) = (forgotten_at is not null)),
  constraint forgotten_has_no_name check (forgotten_at is null or name is null)
);
create index yclients_clients_of_a_card on yclients_clients (client_id);
comment on table yclients_clients is 'Which card a YCLIENTS client''s new visits go to, or that the person was forgotten';

create table terms (
  id               integer generated always as identity primary key,
  percent          numeric(5, 2) not null,
  earn_on          text not null,
  earn_when        text not null,
  paid_by          text not null,
  since            timestamptz not null default now(),
  constraint percent_is_a_share check (percent > 0 and percent <= 100),
  constraint earn_on_is_known check (earn_on in ('services,goods', 'services')),
  constraint earn_when_is_known check (earn_when in ('paid', 'arrived')),
  constraint paid_by_is_known check (paid_by in ('payments', 'prices'))
);
comment on table terms is 'The programme''s terms, a row for each change of the settings. A record keeps the terms of its first award';
