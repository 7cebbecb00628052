-- Whoever talks to the bot is an account of a messenger, `telegram:501`: the same number in another messenger is somebody else.

-- First of all locks, as every program that writes takes it.
select pg_advisory_xact_lock(7305, 1);

create table accounts (
  channel          text not null,
  external_id      text not null,                       -- the messenger's own
  account          text generated always as (channel || ':' || external_id) stored primary key,
  client_id        bigint not null references clients,  -- the card that it is linked to
  language         text,                                -- as the messenger says it
  linked_at        timestamptz not null default now(),
  blocked_at       timestamptz,                         -- it has blocked the bot: nothing is sent to it until it returns
  constraint one_account_a_channel_on_a_card unique (client_id, channel),
  constraint channel_is_a_word check (channel ~ '^[a-z]{1,10}$'),
  constraint external_id_is_a_word check (external_id ~ '^[A-Za-z0-9_-]{1,20}$'),
  constraint telegram_ids_are_numbers check (channel <> 'telegram' or external_id ~ '^(0|-?[1-9][0-9]*)$')
);
comment on table accounts is 'The accounts that are linked to cards: of each messenger one a card. An account without a card is not here';
insert into accounts (channel, external_id, client_id, language, linked_at, blocked_at)
select 'telegram', telegram_id, id, language, linked_at, blocked_at from clients where telegram_id is not null;

alter table clients
  drop constraint a_linked_card_is_not_claimed,
  drop constraint forgotten_cards_hold_nothing,
  drop constraint linked_cards_know_since_when,
  drop constraint merged_cards_hold_nothing,
  drop constraint only_a_card_let_go_was_had,
  drop constraint only_a_card_with_a_phone_is_linked,
  drop constraint only_a_card_without_an_account_is_left,
  drop constraint only_a_linked_card_has_a_code,
  drop column language,
  drop column blocked_at,
  alter column linked_at type boolean using linked_at is not null, -- since when stands there, whether anybody has it here
  alter column last_telegram_id type text using 'telegram:' || last_telegram_id,
  alter column history_opened_by type text using 'telegram:' || history_opened_by,
  alter column claimed_by type text using 'telegram:' || claimed_by;
alter table clients rename column last_telegram_id to last_account;
alter table clients rename column linked_at to linked;
alter table clients
  alter column linked set not null,
  alter column linked set default false,
  add constraint a_linked_card_is_not_claimed check (claimed_by is null or not linked),
  add constraint accounts_are_of_a_channel check (last_account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$'
    and history_opened_by ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$' and claimed_by ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$'),
  add constraint forgotten_cards_hold_nothing check (forgotten_at is null or (
    phone is null and name is null and not linked and last_account is null and code is null)),
  add constraint merged_cards_hold_nothing check (merged_into is null or (
    phone is null and name is null and not linked and last_account is null and code is null
    and left_for is null and forgotten_at is null)),
  add constraint only_a_card_let_go_was_had check (not linked or (had_from is null and unlinked_at is null)),
  add constraint only_a_card_with_a_phone_is_linked check (not linked or phone is not null),
  add constraint only_a_card_without_an_account_is_left check (left_for is null or not linked),
  add constraint only_a_linked_card_has_a_code check (code is null or linked);

-- Who has a card stands in `accounts` alone. What follows from it is on the card: whether anybody has it, the last who had it
-- and since when, the code, which goes with the last account.
create function accounts_are_on_cards() returns trigger language plpgsql as $$
declare
  card bigint;
begin
  -- First the card that it had, for a number of Telegram's stands on one card at a time.
  foreach card in array array_remove(array[old.client_id, new.client_id], null) loop
    -- Whoever gives or takes another account of this card waits here, so that the next statement sees all of them.
    perform from clients where id = card for no key update;
    update clients c
    set linked = a.account is not null, telegram_id = a.telegram_id, last_account = coalesce(a.account, old.account),
      code = case when a.account is not null then c.code end,
      had_from = case when a.account is null then old.linked_at end,
      unlinked_at = case when a.account is null then clock_timestamp() end
    from (
      select (array_agg(account order by linked_at desc, account))[1] as account,
        max(case channel when 'telegram' then external_id::bigint end) as telegram_id
      from accounts where client_id = card) a
    where c.id = card;
  end loop;
  return null;
end
$$;
create trigger accounts_are_on_cards after insert or delete or update of channel, external_id, client_id on accounts
  for each row execute function accounts_are_on_cards();

create function clients_have_their_accounts() returns trigger language plpgsql as $$
begin
  if tg_op <> 'TRUNCATE' then
    if (select (count(*) > 0) = new.linked
          and max(case channel when 'telegram' then external_id::bigint end) is not distinct from new.telegram_id
        from accounts where client_id = new.id) then
      return new;
    end if;
  end if;
  raise exception 'who has a card is written in accounts, row by row'
    using errcode = 'check_violation', constraint = 'cards_follow_their_accounts', table = 'clients';
end
$$;
create trigger clients_begin_without_accounts before insert on clients for each row
  when (new.linked or new.telegram_id is not null) execute function clients_have_their_accounts();
create trigger clients_have_their_accounts before update on clients for each row
  when (old.id <> new.id or old.linked <> new.linked or old.telegram_id is distinct from new.telegram_id)
  execute function clients_have_their_accounts();
create trigger accounts_are_not_cut before truncate on accounts for each statement
  execute function clients_have_their_accounts();

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function accounts_are_on_cards() set search_path = ' || path;
  execute 'alter function clients_have_their_accounts() set search_path = ' || path;
end
$$;

alter table consents alter column telegram_id type text using 'telegram:' || telegram_id;
alter table consents rename column telegram_id to account;
alter table consents add constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$');

alter table dialogs alter column telegram_id type text using 'telegram:' || telegram_id;
alter table dialogs rename column telegram_id to account;
alter table dialogs add constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$');
-- Who had the card when another account proved its phone.
update dialogs set state = state || jsonb_build_object('holder', 'telegram:' || (state ->> 'holder'))
where about = 'second_phone' and jsonb_typeof(state -> 'holder') = 'number';

alter table staff alter column telegram_id type text using 'telegram:' || telegram_id;
alter table staff rename column telegram_id to account;
alter table staff add constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$');

alter table screens
  alter column chat_id type text using 'telegram:' || chat_id,
  alter column confirmed_by type text using 'telegram:' || confirmed_by,
  alter column undone_by type text using 'telegram:' || undone_by;
alter table screens rename column chat_id to account;    -- an admin's, whose chat with the bot it is in
alter table screens add constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$');

alter table alarms
  alter column told drop default,
  alter column told type text[]
    using case when told = '{}' then '{}' else string_to_array('telegram:' || array_to_string(told, ',telegram:'), ',') end,
  alter column told set default '{}';
update alarms set about = 'unreached:telegram:' || substr(about, 11) where about ~ '^unreached:[0-9]+$';

alter table digest_readers alter column owner type text using 'telegram:' || owner;
alter table digest_readers add constraint owner_is_of_a_channel check (owner ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$');

alter table refund_offers
  alter column told drop default,
  alter column told type text[]
    using case when told = '{}' then '{}' else string_to_array('telegram:' || array_to_string(told, ',telegram:'), ',') end,
  alter column told set default '{}',
  alter column taken_by type text using 'telegram:' || taken_by;
