-- A card that went into another says so: what remembers it follows, and the ledger refuses it rows.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

alter table clients
  add column merged_into bigint references clients,     -- the card that has all of this one now; never one that went on itself
  add column merged_at timestamptz;

-- Points that came back to a card after it had gone: they go where it went, as its others did.
insert into bonuslog (client_id, kind, points, actor, key, is_telegram_notified)
select case side when 'from' then m.card else m.into_card end, 'opening', case side when 'from' then -m.left else m.left end,
  'sync', format('opening:%s:late:%s', m.card, side), true
from (
  select f.client_id as card, t.client_id as into_card,
    (select sum(b.points) from bonuslog b where b.client_id = f.client_id) as left
  from bonuslog f join bonuslog t on t.key = format('opening:%s:to', f.client_id) and t.kind = 'opening'
  where f.key = format('opening:%s:from', f.client_id) and f.kind = 'opening') m
cross join (values (1, 'from'), (2, 'to')) sides (place, side)
where m.left <> 0 order by m.card, sides.place;

update clients c set merged_into = t.client_id, merged_at = f.awarded_at, forgotten_at = null
from bonuslog f join bonuslog t on t.key = format('opening:%s:to', f.client_id) and t.kind = 'opening'
where f.key = format('opening:%s:from', f.client_id) and f.kind = 'opening' and c.id = f.client_id
  and c.phone is null and c.telegram_id is null;
update screens s set client_id = c.merged_into from clients c where c.id = s.client_id and c.merged_into is not null;

-- Of the others nothing tells where they went: nobody's from now on.
update clients c set forgotten_at = now(), last_telegram_id = null
where phone is null and name is null and telegram_id is null and merged_into is null and forgotten_at is null
  and not exists (select from yclients_clients y where y.client_id = c.id);

alter table clients
  add constraint merged_into_another_at_some_time check ((merged_into is null) = (merged_at is null)),
  add constraint a_card_goes_into_another check (merged_into <> id),
  add constraint merged_cards_hold_nothing check (merged_into is null or (
    phone is null and name is null and telegram_id is null and last_telegram_id is null and code is null
    and left_for is null and forgotten_at is null));
create index clients_merged on clients (merged_into) where merged_into is not null;

-- A card and those that went into it: the rows of all of them are its owner's.
create function cards_of(card bigint) returns setof bigint language sql stable rows 2 as $$
  select card union all select id from clients where merged_into = card
$$;

-- The merge marks its card last, so its own rows are the last that the card gets. By its name before the chain, which
-- would say that such a card holds too little; so it takes the lock itself.
create function bonuslog_a_living_card() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(7305, 1);
  if exists (select from clients where id = new.client_id and merged_into is not null)
     -- already done: let the key's own conflict say so
     and not exists (select from bonuslog where key = new.key) then
    raise exception 'this card has gone into another one: write the row for that one'
      using errcode = 'check_violation', constraint = 'cards_that_went_into_another_get_no_rows', table = 'bonuslog';
  end if;
  return new;
end
$$;
create trigger bonuslog_a_living_card before insert on bonuslog for each row
  execute function bonuslog_a_living_card();

create function clients_go_for_good() returns trigger language plpgsql as $$
begin
  if new.merged_into is null or exists (select from clients where id = new.merged_into and merged_into is not null) then
    raise exception 'a card goes into a living one, and does not come back'
      using errcode = 'check_violation', constraint = 'a_merge_is_for_good', table = 'clients';
  end if;
  if (select coalesce(sum(points), 0) from bonuslog where client_id = new.id) <> 0 then
    raise exception 'a card goes with all its points'
      using errcode = 'check_violation', constraint = 'a_card_goes_with_all_its_points', table = 'clients';
  end if;
  return new;
end
$$;
create trigger clients_go_for_good before update of merged_into on clients for each row
  when (old.merged_into is distinct from new.merged_into) execute function clients_go_for_good();

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function bonuslog_a_living_card() set search_path = ' || path;
  execute 'alter function clients_go_for_good() set search_path = ' || path;
end
$$;
