-- One card, an account in each of several messengers: what was on it before an account was linked is that account's to see only if
-- it is known to be the same person. And codes by which a person shows that.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

alter table accounts add column history_from timestamptz; -- it sees what came since; null: all of it
update accounts a set history_from = c.history_from from clients c where c.id = a.client_id and c.history_from is not null;

-- Who lets a card go in one of two messengers is known by that account still: nobody is new, or somebody else, by linking another
-- phone there, and a gift for friends is not for oneself.
create table earlier_accounts (
  account     text not null,
  client_id   bigint not null references clients,
  same_person boolean not null default false, -- as the card's last account, with which it left; until anybody has the card again
  primary key (account, client_id),
  constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$')
);
comment on table earlier_accounts is 'Accounts that have let a card go which another account had still; the last of all is the card''s own';
create index earlier_accounts_of_a_card on earlier_accounts (client_id);

create function accounts_are_remembered() returns trigger language plpgsql as $$
begin
  insert into earlier_accounts (account, client_id)
  select old.account, old.client_id
  where exists (select from accounts where client_id = old.client_id)
  on conflict do nothing;
  return null;
end
$$;
create trigger accounts_are_remembered after delete on accounts
  for each row execute function accounts_are_remembered();

-- A link opens no more than the card's last account saw, and nothing of before where another has the card or had it last.
-- Whoever left it together with the card's last account sees what that one would.
create function accounts_begin_their_history() returns trigger language plpgsql as $$
declare
  mine text := new.channel || ':' || new.external_id;
begin
  if tg_op = 'UPDATE' then
    if old.account = mine and old.client_id = new.client_id then
      return new;
    end if;
  end if;
  -- Whoever links another account to this card waits here, and sees this one.
  select case when coalesce(c.last_account, mine) = mine then c.history_from else clock_timestamp() end
  into new.history_from from clients c where c.id = new.client_id for no key update;
  if exists (select from earlier_accounts e where e.client_id = new.client_id and e.account = mine and e.same_person) then
    select c.history_from into new.history_from from clients c where c.id = new.client_id;
  end if;
  update earlier_accounts set same_person = false where client_id = new.client_id and same_person;
  return new;
end
$$;
create trigger accounts_begin_their_history before insert or update of channel, external_id, client_id on accounts
  for each row execute function accounts_begin_their_history();

-- As before, and: the card begins anew where nobody sees what came before any more. While one of its accounts does it is that one's.
-- Its code stands on pictures that whoever leaves it keeps.
create or replace function accounts_are_on_cards() returns trigger language plpgsql as $$
declare
  card bigint;
begin
  -- First the card that it had, for a number of Telegram's stands on one card at a time.
  foreach card in array array_remove(array[old.client_id, new.client_id], null) loop
    -- Whoever gives or takes another account of this card waits here, so that the next statement sees all of them.
    perform from clients where id = card for no key update;
    update clients c
    set linked = a.account is not null, telegram_id = a.telegram_id, last_account = coalesce(a.account, old.account),
      code = case when a.account is not null
        and (tg_op = 'INSERT' or (new.account, new.client_id) is not distinct from (old.account, old.client_id)) then c.code end,
      left_for = case when a.account is null then c.left_for end,
      left_at = case when a.account is null then c.left_at end,
      had_from = case when a.account is null then old.linked_at end,
      unlinked_at = case when a.account is null then clock_timestamp() end,
      history_from = case when a.account is null then c.history_from else a.since end,
      history_opened_by = case when a.since is null or a.since = c.history_from then c.history_opened_by end,
      history_opened_at = case when a.since is null or a.since = c.history_from then c.history_opened_at end
    from (
      select (array_agg(account order by linked_at desc, account))[1] as account,
        max(case channel when 'telegram' then external_id::bigint end) as telegram_id,
        case when bool_and(history_from is not null) then min(history_from) end as since
      from accounts where client_id = card) a
    where c.id = card;
  end loop;
  return null;
end
$$;
drop trigger accounts_are_on_cards on accounts;
create trigger accounts_are_on_cards after insert or delete or update of channel, external_id, client_id, history_from on accounts
  for each row execute function accounts_are_on_cards();

create or replace function clients_pass_on() returns trigger language plpgsql security definer as $$
begin
  insert into passed_cards (client_id, at, heir)
  values (new.id, new.history_from, coalesce(
    card_of_person(old.left_for, old.left_at),
    (select client_id from accounts where account = old.last_account and client_id <> new.id)));
  -- The link that another owner of the card has handed on invites for nobody any more.
  delete from friend_links where client_id = new.id and made_at < new.history_from;
  return null;
end
$$;

-- From when on an account sees a card: of one that it let go what it saw then; of any other card nothing.
create function history_begins(card bigint, viewer text) returns timestamptz language sql stable as $$
  select coalesce(
    (select coalesce(history_from, '-infinity') from accounts where account = viewer and client_id = card),
    (select coalesce(history_from, '-infinity') from clients where id = card and not linked and last_account = viewer),
    'infinity')
$$;

create table carry_codes (
  hash     bytea primary key,                           -- of the code, which stands in its maker's chat alone
  account  text not null,                               -- who made it
  until    timestamptz not null,
  constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$'),
  constraint hash_is_sha256 check (octet_length(hash) = 32)
);
comment on table carry_codes is 'Codes that carry a card into another messenger: who proves its phone there sees what their maker does. Once, for a day';
create index carry_codes_of_an_account on carry_codes (account);

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function accounts_are_remembered() set search_path = ' || path;
  execute 'alter function accounts_begin_their_history() set search_path = ' || path;
  execute 'alter function accounts_are_on_cards() set search_path = ' || path;
  execute 'alter function clients_pass_on() set search_path = ' || path;
  execute 'alter function history_begins(bigint, text) set search_path = ' || path;
end
$$;
