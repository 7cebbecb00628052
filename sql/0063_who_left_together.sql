-- Accounts of one person that let a card go together come back to what they saw, whichever of them comes first.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

alter table earlier_accounts
  add column same_person boolean not null default false; -- as the card's last account, with which it left; until anybody has the card again

-- As before, and: whoever left it together with the card's last account sees what that one would.
create or replace function accounts_begin_their_history() returns trigger language plpgsql as $$
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

do $$
begin
  execute format('alter function accounts_begin_their_history() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
