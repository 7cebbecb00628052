-- Who lets a card go in one of two messengers is known by that account still: nobody is new, or somebody else, by linking another
-- phone there, and a gift for friends is not for oneself.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

create table earlier_accounts (
  account    text not null,
  client_id  bigint not null references clients,
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

do $$
begin
  execute format('alter function accounts_are_remembered() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
