-- Gifts: what is known of birthdays, and whom a gift was given already. A year of birth is nobody's business: days stand in
-- the year 2000, which has them all.

-- The ledger's lock first of all, as whoever writes takes it.
select pg_advisory_xact_lock(7305, 1);

create table birthdays (
  account     text primary key,
  day         date,                                     -- null: asked and not said, or taken away again
  said_at     timestamptz,                              -- when the person first said one
  since       timestamptz,                              -- since when it is this one
  changed_at  timestamptz,                              -- when the person last changed it: once a year
  asked_at    timestamptz,                              -- the bot asks once
  constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$'),
  constraint a_birthday_has_no_year check (extract(year from day) = 2000),
  constraint a_day_is_known_since_some_time check ((day is null) = (since is null)),
  constraint only_what_was_said_is_known check (said_at is not null or day is null and changed_at is null)
);
comment on table birthdays is 'The birthday that a person has told the bot, without the year; and whether they were asked';

create table journal_birthdays (
  yclients_client_id  bigint primary key references yclients_clients,
  day                 date,                             -- null: the journal does not say
  since               timestamptz,
  read_at             timestamptz not null,
  constraint a_birthday_has_no_year check (extract(year from day) = 2000),
  constraint a_day_is_known_since_some_time check ((day is null) = (since is null))
);
comment on table journal_birthdays is 'The birthday of a client in the salon''s journal, without the year; read of linked cards alone';

create table gift_marks (
  hash  bytea primary key,
  ends  date,                                           -- after that day it means nothing any more; null: for ever
  constraint hash_is_sha256 check (octet_length(hash) = 32)
);
comment on table gift_marks is 'Who had a gift that is given once: hashes of phones and accounts with a key that is in no database; they stay when the person is forgotten';

-- Gifts are few among the rows; what they stand on is looked at again each day.
create index bonuslog_gifts on bonuslog (id) where kind in ('welcome', 'birthday') and points > 0;
