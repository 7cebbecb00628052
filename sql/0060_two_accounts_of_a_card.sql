-- A card may have an account in each of several messengers: what is to be told goes to the one that was used last, and to one alone.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

alter table accounts add column used_at timestamptz not null default now(); -- when its person last did something there, to the minute

alter table notices
  add column until_asked boolean not null default false; -- no messenger of the card may be told unasked: it waits for its person

create table begun_messages (
  client_id        bigint not null references clients,
  about            text not null,
  subject          bigint not null default 0,           -- the change of a level, the friend of a tie; 0: there is one a card
  account          text not null,                       -- whom it was begun for, and who alone may hear of it from then on
  rows             bigint[],                            -- of the ledger, which it tells of
  held_until       timestamptz not null default now(),  -- somebody is at it until then
  primary key (client_id, about, subject, account),
  constraint about_is_known check (about in ('visits', 'till', 'ends', 'level', 'friend', 'inviter')),
  constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$'),
  constraint changes_of_a_card_are_rows check ((rows is not null) = (about in ('visits', 'till'))),
  constraint levels_and_ties_are_named check ((subject <> 0) = (about in ('level', 'friend', 'inviter')))
);
comment on table begun_messages is 'Messages to clients that may have arrived: what one is about is told to no other account';

-- Nobody else is told what may have arrived somewhere, whatever the program makes of it.
create function begun_messages_go_to_one() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.client_id, new.about, new.subject, new.account)
      is distinct from (old.client_id, old.about, old.subject, old.account) then
    raise exception using errcode = 'check_violation', constraint = 'a_message_stays_whose_it_is',
      message = 'a message that was begun stays with its account';
  end if;
  if exists (
      select from begun_messages b
      where b.client_id = new.client_id and b.about = new.about and b.subject = new.subject and b.account <> new.account
        and (new.rows is null or b.rows && new.rows)) then
    raise exception using errcode = 'check_violation', constraint = 'a_message_goes_to_one_account',
      message = 'it may have arrived at another account of the card';
  end if;
  if tg_op = 'INSERT' and not exists (
      select from accounts a where a.account = new.account and a.client_id = new.client_id and a.blocked_at is null) then
    raise exception using errcode = 'check_violation', constraint = 'a_message_goes_to_who_has_the_card',
      message = 'the account does not have the card, or cannot be written to';
  end if;
  return new;
end $$;
create trigger begun_messages_go_to_one before insert or update on begun_messages
  for each row execute function begun_messages_go_to_one();

-- The account of a card that is told: where it was begun, else the one that was used last, a messenger that is away after all others.
-- Null where no messenger of the card may be told unasked.
create function account_to_tell(card bigint, what text, of_subject bigint, told_unasked text[], away text[]) returns text
  language sql stable as $$
  select a.account
  from accounts a
  left join begun_messages b on (b.client_id, b.about, b.subject, b.account) = (card, what, of_subject, a.account)
  where a.client_id = card and a.blocked_at is null and a.channel = any(told_unasked)
  order by b.account is null, a.channel = any(away), a.used_at desc, a.account limit 1
$$;

-- A row in a message that was begun for another account of the card: it may have arrived there, and this one hears nothing of it.
create function is_anothers_to_hear(card bigint, entry bigint, reader text) returns boolean language sql stable as $$
  select exists (select from begun_messages where client_id = card and account <> reader and rows @> array[entry])
$$;

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function begun_messages_go_to_one() set search_path = ' || path;
  execute 'alter function account_to_tell(bigint, text, bigint, text[], text[]) set search_path = ' || path;
  execute 'alter function is_anothers_to_hear(bigint, bigint, text) set search_path = ' || path;
end
$$;
