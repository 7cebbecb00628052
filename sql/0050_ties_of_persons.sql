-- An invitation goes with the person: where a card has passed to another owner, since when, and where its person is.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

create table passed_cards (
  id         bigint generated always as identity primary key,
  client_id  bigint not null references clients,
  at         timestamptz not null,                     -- from then on it is another's
  heir       bigint references clients                 -- the card that its person has instead; null: nobody knows
);
comment on table passed_cards is 'Cards whose number another person has proved since, and where the one before went';
create index passed_cards_of_a_card on passed_cards (client_id, at);
create index passed_cards_by_heir on passed_cards (heir) where heir is not null;

-- By the database's clock, as the passing of cards is.
alter table friends add column kept_at timestamptz;
alter table friend_links add column made_at timestamptz;
update friends set kept_at = tied_at;
update friend_links set made_at = clock_timestamp();
alter table friends
  alter column kept_at set default clock_timestamp(),
  alter column kept_at set not null;
alter table friend_links
  alter column made_at set default clock_timestamp(),
  alter column made_at set not null;
create index friends_given on friends (given_at) where state = 'given';

-- The cards that whoever had this one at a moment has had since, one after another; null at the end: nobody knows.
create function way_of_person(card bigint, since timestamptz) returns table (id bigint, since timestamptz, step integer)
  language sql stable rows 1 as $$
  with recursive way as (
    select card as id, since as since, 1 as step
    union all
    select n.next, n.at, way.step + 1
    from way cross join lateral (
      select next, at from (
        (select p.heir as next, p.at, 1 as place from passed_cards p
          where p.client_id = way.id and p.at > way.since order by p.at limit 1)
        union all
        select coalesce(c.merged_into, c.left_for), coalesce(c.merged_at, c.left_at), 2 from clients c
        where c.id = way.id and (c.merged_into is not null or c.left_for is not null)) found
      order by place limit 1) n
    where way.step < 20)
  select id, since, step from way
$$;

-- The card that whoever had this one at a moment has now; null where nobody knows.
create function card_of_person(card bigint, since timestamptz) returns bigint language sql stable as $$
  select id from way_of_person(card, since) order by step desc limit 1
$$;

-- These cards and all from which a person may have come to them.
create function cards_before(cards bigint[]) returns setof bigint language sql stable rows 2 as $$
  with recursive kin as (
    select unnest(cards) as id
    union
    select before.id from kin cross join lateral (
      select c.id from clients c where c.left_for = kin.id
      union all select c.id from clients c where c.merged_into = kin.id
      union all select p.client_id from passed_cards p where p.heir = kin.id) before)
  select id from kin
$$;

-- What a card's history begins anew with is another owner; the one before has the card that they took instead, if any.
create function clients_pass_on() returns trigger language plpgsql security definer as $$
begin
  insert into passed_cards (client_id, at, heir)
  values (new.id, new.history_from, coalesce(
    card_of_person(old.left_for, old.left_at),
    (select client_id from accounts where account = old.last_account and client_id <> new.id)));
  return null;
end
$$;
create trigger clients_pass_on after update of history_from on clients for each row
  when (new.history_from is not null and new.history_from is distinct from old.history_from)
  execute function clients_pass_on();

-- Whoever took such a card by moving from another one is who has it still.
insert into passed_cards (client_id, at)
select id, history_from from clients c
where history_from is not null
  and not exists (select from clients a where a.left_for = c.id and a.last_account = c.last_account)
order by id;

create or replace function bonuslog_gifts_of_friends() returns trigger language plpgsql as $$
declare
  side text := substring(new.key from '^friend:[1-9][0-9]{0,17}:(inviter|friend)$');
  tie friends;
begin
  if side is not null then
    select * into tie from friends where friend = split_part(new.key, ':', 2)::bigint;
  end if;
  if (tie.state = 'given' and new.points = case side when 'friend' then tie.friend_points else tie.inviter_points end
      and new.client_id = card_of_person(case side when 'friend' then tie.friend else tie.inviter end, tie.kept_at)
      and (side = 'friend' or tie.inviter_why is null)) is not true
     -- already done: let the key's own conflict say so
     and not exists (select from bonuslog where key = new.key) then
    raise exception 'a gift for an invitation is what was promised, and no other'
      using errcode = 'check_violation', constraint = 'gifts_of_friends_are_promised', table = 'bonuslog';
  end if;
  return new;
end
$$;

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function way_of_person(bigint, timestamptz) set search_path = ' || path;
  execute 'alter function card_of_person(bigint, timestamptz) set search_path = ' || path;
  execute 'alter function cards_before(bigint[]) set search_path = ' || path;
  execute 'alter function clients_pass_on() set search_path = ' || path;
  execute 'alter function bonuslog_gifts_of_friends() set search_path = ' || path;
end
$$;
revoke execute on function clients_pass_on() from public;
