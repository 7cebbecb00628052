-- Lots: what a plus row made, what is still there of it, and until when. What takes points says from which lots; the
-- ledger's own trigger writes it, so that no program, old or new, writes a row without. Only that trigger writes here, and
-- rows of the ledger never go: keys to them would be asked for nothing, at every row of a page.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

create table lives (
  id      integer primary key generated always as identity,
  life    text not null,
  months  integer,                                      -- both null: such points do not end
  days    integer,
  day     date not null,                                -- from which it holds, in the programme's zone
  constraint life_is_set_by_somebody check (life in ('earned', 'welcome', 'birthday')),
  constraint months_or_days check (months is null or days is null),
  constraint months_are_some check (months between 1 and 1200),
  constraint days_are_some check (days between 1 and 36500)
);
comment on table lives is 'How long points live, a row for each change of the settings; null and null: for ever, and what was running stands still';

create table lot_ends (
  life     text not null,
  started  date not null,
  ends     date,                                        -- the last day on which it may be spent; null: there is none
  primary key (life, started)
);
comment on table lot_ends is 'The last day of lots by life and first day: a change of the settings changes some rows here and no lot';

create table lots (
  row_id     bigint not null,                           -- the plus row that made it
  part       smallint not null,                         -- a row that goes on with several lots has as many
  origin     bigint not null,                           -- the row that gave these points first: what was returned or moved keeps it
  client_id  bigint not null,
  points     numeric(12, 2) not null,
  rest       numeric(12, 2) not null,                   -- what is still there
  life       text not null,
  started    date not null,
  waits      boolean not null default false,            -- it is not spent before the card's next award
  primary key (row_id, part),
  constraint a_lot_is_of_something check (points > 0),
  constraint no_lot_is_below_zero check (rest >= 0 and rest <= points),
  constraint life_is_known check (life in ('earned', 'welcome', 'birthday', 'returned'))
);
comment on table lots is 'What each plus row of the ledger made, and what is left of it';
create index lots_open on lots (client_id, life, started, row_id, part) where rest > 0;
create index lots_waiting on lots (client_id) where waits and rest > 0;
create index lots_open_by_day on lots (life, started) where rest > 0;

create table takings (
  id      bigint primary key generated always as identity,
  row_id  bigint not null,                              -- the lot
  part    smallint not null,
  taker   bigint not null,                              -- the minus row that took it
  by_row  bigint not null,                              -- with which it came: the taker, the plus row that paid its debt, or the one that gives back
  points  numeric(12, 2) not null,                      -- below zero: given back
  constraint a_taking_is_of_a_lot foreign key (row_id, part) references lots,
  constraint a_taking_is_of_something check (points <> 0)
);
comment on table takings is 'Which lots a minus row took from, and what was given back to them';
create index takings_of_a_lot on takings (row_id, part);
create index takings_of_a_taker on takings (taker);

create table debts (
  row_id     bigint primary key,                        -- the minus row that found too little
  client_id  bigint not null,
  points     numeric(12, 2) not null,                   -- what it is still to take
  constraint a_debt_is_of_something check (points > 0)
);
comment on table debts is 'What minus rows could not take from any lot yet: the card''s next plus pays it';
create index debts_of_a_card on debts (client_id);

create table unlotted (client_id bigint primary key);
comment on table unlotted is 'Cards whose rows are older than lots and have not been gone through yet';
insert into unlotted select distinct client_id from bonuslog;

-- The day of a moment in the programme's zone: that of the first branch that has one.
create function lot_day(at timestamptz) returns date language sql stable as $$
  select (at at time zone coalesce(
    (select time_zone from companies where time_zone is not null order by company_id limit 1), 'Europe/Moscow'))::date
$$;

-- Whole months end with their month: few days, and easy to say.
create function last_day(started date, months integer, days integer) returns date language sql immutable as $$
  select case when months is not null
    then (date_trunc('month', started + make_interval(months => months)) + interval '1 month - 1 day')::date
    else started + days end
$$;

-- What has been said of a life since the first day, one after another. Nothing ends sooner than one whole new life after a
-- change; while it is off the clock stands still; what had ended before stays so.
create function end_of_lot(of_life text, started date) returns date language plpgsql stable as $$
declare
  said lives;
  ends date;
  running boolean := false;
  stopped date;
begin
  if of_life = 'returned' then
    return started + 14;
  end if;
  for said in select * from lives l where l.life = of_life order by l.id loop
    if said.day <= started and coalesce(said.months, said.days) is null then
      running := false;
      ends := null;
    elsif said.day <= started then
      running := true;
      ends := last_day(started, said.months, said.days);
    elsif coalesce(said.months, said.days) is null then
      if running then
        stopped := said.day;
      end if;
      running := false;
    else
      if ends is not null and stopped is not null and ends >= stopped then
        ends := ends + (said.day - stopped);
      end if;
      stopped := null;
      running := true;
      if ends is null or ends >= said.day then
        ends := greatest(last_day(started, said.months, said.days),
          least(ends, last_day(said.day, said.months, said.days)));
      end if;
    end if;
  end loop;
  return ends;
end
$$;

-- Since when the clock of a life stands still; null: it runs. What is given back has 14 days whatever is switched off.
create function stopped_on(of_life text) returns date language sql stable as $$
  select case when coalesce(months, days) is null then day end from lives where life = of_life order by id desc limit 1
$$;

create function know_ends(of_life text, of_day date) returns void language plpgsql as $$
begin
  if not exists (select from lot_ends where life = of_life and started = of_day) then
    insert into lot_ends values (of_life, of_day, end_of_lot(of_life, of_day)) on conflict do nothing;
  end if;
end
$$;

-- A plus row that is a lot of its own, whatever the card holds.
create function is_plain(points numeric, corrects bigint, kind text, actor text) returns boolean language sql immutable as $$
  select points > 0 and corrects is null and (kind in ('award', 'credit', 'welcome', 'birthday', 'friend')
    or kind = 'opening' and actor ~ '^(import|list):')
$$;

create function life_of(kind text) returns text language sql immutable as $$
  select case when kind in ('welcome', 'birthday') then kind else 'earned' end
$$;

-- Takes up to so many points from a card's lots: first from those of its own rows, then what ends next, then what is
-- oldest; what waits comes last, and only for whom it may. Returns what it took.
create function take_from_lots(card bigint, the_taker bigint, need numeric, the_row bigint, own bigint[], waiting boolean)
  returns numeric language plpgsql as $$
declare
  lot record;
  took numeric := 0;
  rest_of_it numeric;
begin
  -- Most need no more than the next few lots, however many there are: of each life the first one is at hand, for what
  -- started earlier ends no later.
  for step in 1..3 loop
    exit when took = need or cardinality(own) > 0;
    select l.row_id, l.part, least(l.rest, need - took) as points into lot
    from unnest(array['earned', 'welcome', 'birthday', 'returned']) lives (life)
    cross join lateral (
      select * from lots o where o.client_id = card and o.life = lives.life and o.rest > 0 and not o.waits
      order by o.started, o.row_id, o.part limit 1) l
    left join lot_ends e on e.life = l.life and e.started = l.started
    order by e.ends nulls last, l.started, l.row_id, l.part limit 1;
    exit when not found;
    insert into takings (row_id, part, taker, by_row, points) values (lot.row_id, lot.part, the_taker, the_row, lot.points);
    update lots set rest = rest - lot.points where row_id = lot.row_id and part = lot.part;
    took := took + lot.points;
  end loop;
  if took = need then
    return took;
  end if;
  with open as (
    select l.row_id, l.part, l.rest, sum(l.rest) over (
      order by coalesce(l.row_id = any(own) or l.origin = any(own), false) desc, l.waits, e.ends nulls last, l.started, l.row_id, l.part
      rows unbounded preceding) as upto
    from lots l left join lot_ends e on e.life = l.life and e.started = l.started
    where l.client_id = card and l.rest > 0 and (waiting or not l.waits)),
  taken as (
    select row_id, part, least(rest, need - took - (upto - rest)) as points from open where upto - rest < need - took),
  noted as (
    insert into takings (row_id, part, taker, by_row, points)
    select row_id, part, the_taker, the_row, points from taken order by row_id, part),
  changed as (
    update lots l set rest = l.rest - t.points from taken t where l.row_id = t.row_id and l.part = t.part)
  select coalesce(sum(points), 0) into rest_of_it from taken;
  return took + rest_of_it;
end
$$;

-- The lots of one row of the ledger: those that it makes, gives back to, or takes from.
create function lots_of_row(r bonuslog) returns void language plpgsql as $$
declare
  today date := lot_day(r.awarded_at);
  named bonuslog;
  giver bonuslog;
  own bigint[];
  need numeric := abs(r.points);
  debt record;
  took numeric;
begin
  if r.corrects is not null then
    select * into named from bonuslog where id = r.corrects;
  end if;

  if r.points < 0 then
    if r.kind = 'expiry' then
      update lots set rest = rest - need
      where row_id = r.corrects and part = split_part(split_part(r.key, ':', 2), '.', 2)::smallint and client_id = r.client_id and rest >= need
        and (select ends < least((r.awarded_at at time zone 'Etc/GMT-14')::date, stopped_on(e.life))
          from lot_ends e where e.life = lots.life and e.started = lots.started)
      returning part as lot_part into debt;
      if not found then
        raise exception 'what ends is what is left of a lot whose day is over'
          using errcode = 'check_violation', constraint = 'only_what_is_left_ends', table = 'bonuslog';
      end if;
      insert into takings (row_id, part, taker, by_row, points) values (r.corrects, debt.lot_part, r.id, r.id, need);
      return;
    end if;
    own := case
      when r.kind = 'correction' then array(
        select id from bonuslog where id = r.corrects union all
        select id from bonuslog where corrects = r.corrects and kind = 'correction')
      when r.kind = 'opening' and r.actor ~ '^list:\d+$' then array(
        select b.id from imported_lists l join bonuslog b on b.key = 'list:' || l.takes_back || ':' || r.client_id
        where l.id = substr(r.actor, 6)::bigint)
      when r.corrects is null then '{}'
      else array[r.corrects] end;
    need := need - take_from_lots(r.client_id, r.id, need, r.id, own, r.kind <> 'spend');
    if need > 0 then
      insert into debts values (r.id, r.client_id, need);
    end if;
    return;
  end if;

  if r.kind = 'award' then
    update lots set waits = false where client_id = r.client_id and rest > 0 and waits;
  end if;
  if r.corrects is not null and r.kind in ('undo', 'credit', 'expiry') and named.points < 0 then
    -- Back to the lots that it was taken from; what has ended meanwhile, or is of a card that went into this one, goes on here.
    with stands as (
      select row_id, part, sum(points) as points from takings where taker = named.id group by row_id, part having sum(points) > 0),
    taken as (
      select row_id, part, least(points, need - (upto - points)) as points
      from (select *, sum(points) over (order by row_id, part rows unbounded preceding) as upto from stands) s
      where upto - points < need),
    placed as (
      select t.*, l.origin, l.life, l.started, l.waits, l.client_id = r.client_id as here,
        r.kind <> 'expiry' and coalesce(e.ends < least(today, stopped_on(l.life)), false) as ended
      from taken t join lots l using (row_id, part) left join lot_ends e on e.life = l.life and e.started = l.started),
    back as (
      insert into takings (row_id, part, taker, by_row, points)
      select row_id, part, named.id, r.id, -points from placed where here and not ended order by row_id, part),
    changed as (
      update lots l set rest = l.rest + p.points from placed p
      where p.here and not p.ended and l.row_id = p.row_id and l.part = p.part),
    made as (
      insert into lots (row_id, part, origin, client_id, points, rest, life, started, waits)
      select r.id, row_number() over (order by row_id, part), origin, r.client_id, points, points,
        case when ended then 'returned' else life end, case when ended then today else started end, waits and not ended
      from placed where ended or not here
      returning life, started)
    select sum(points), bool_or(ended) as ended into debt from placed;
    need := need - coalesce(debt.sum, 0);
    if debt.ended then
      perform know_ends('returned', today);
    end if;
  elsif r.kind in ('move', 'opening') or r.kind = 'correction' and r.reason = 'moved' then
    select * into giver from bonuslog g where g.id = r.id - 1 and g.kind = r.kind and g.points < 0 and g.actor = r.actor
      and case when r.kind = 'correction' then g.corrects = r.corrects and g.reason = r.reason else g.points = -r.points end;
    if giver.id is not null then
      with taken as (
        select l.origin, l.life, l.started, l.waits, t.row_id, t.part, t.points,
          sum(t.points) over (order by e.ends nulls last, l.started, t.row_id, t.part rows unbounded preceding) as upto
        from takings t join lots l using (row_id, part) left join lot_ends e on e.life = l.life and e.started = l.started
        where t.taker = giver.id and t.by_row = giver.id and t.points > 0),
      made as (
        insert into lots (row_id, part, origin, client_id, points, rest, life, started, waits)
        select r.id, row_number() over (order by upto), origin, r.client_id, least(points, need - (upto - points)),
          least(points, need - (upto - points)), life, started, waits
        from taken where upto - points < need
        returning points)
      select sum(points) into took from made;
      need := need - coalesce(took, 0);
    end if;
  end if;
  if need > 0 then
    perform know_ends(life_of(r.kind), today);
    insert into lots (row_id, part, origin, client_id, points, rest, life, started, waits)
    select r.id, coalesce(max(part), 0) + 1, r.id, r.client_id, need, need, life_of(r.kind), today, r.kind = 'welcome'
    from lots where row_id = r.id;
  end if;
  for debt in select * from debts where client_id = r.client_id order by row_id loop
    took := take_from_lots(r.client_id, debt.row_id, debt.points, r.id, array[]::bigint[], true);
    exit when took = 0;
    if took = debt.points then
      delete from debts where row_id = debt.row_id;
    else
      update debts set points = points - took where row_id = debt.row_id;
    end if;
  end loop;
end
$$;

-- A lot for each of these rows, which are all plain, on cards that owe nothing.
create function lots_of_plain_rows(rows bigint[]) returns void language plpgsql as $$
begin
  insert into lot_ends
  select life, started, end_of_lot(life, started)
  from (select distinct life_of(kind) as life, lot_day(awarded_at) as started from bonuslog where id = any(rows)) d
  where not exists (select from lot_ends e where e.life = d.life and e.started = d.started)
  on conflict do nothing;
  insert into lots (row_id, part, origin, client_id, points, rest, life, started, waits)
  select id, 1, id, client_id, points, points, life_of(kind), lot_day(awarded_at), kind = 'welcome'
  from bonuslog where id = any(rows);
end
$$;

-- Goes through the rows of a card that are older than lots, up to one row; with those of all cards that gave it points or got
-- them from it, for their rows are each other's halves.
create function make_lots_of(card bigint, before bigint) returns void language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  kin bigint[];
  near bigint[];
  r bonuslog;
begin
  if not exists (select from unlotted where client_id = card) then
    return;
  end if;
  kin := array[card];
  loop
    -- By numbers and keys alone: each is a look at an index, and most cards have nothing to look for.
    near := array(
      select distinct o.client_id
      from bonuslog b cross join lateral (
        select client_id, kind, points from bonuslog where id = b.id - 1
        union all select client_id, kind, points from bonuslog where id = b.id + 1) o
      where b.client_id = any(kin) and b.id < before and (b.kind in ('move', 'opening') or b.kind = 'correction' and b.reason = 'moved')
        and o.kind = b.kind and sign(o.points) = -sign(b.points)
      union
      select o.client_id from bonuslog b cross join lateral (select client_id from bonuslog where id = b.corrects) o
      where b.client_id = any(kin) and b.kind in ('undo', 'credit', 'debit') and b.corrects is not null and b.id < before
      union
      select o.client_id from bonuslog b cross join lateral (
        select client_id, id from bonuslog where corrects = b.id) o
      where b.client_id = any(kin) and b.kind in ('spend', 'debit', 'credit') and o.id < before);
    near := array(select u.client_id from unlotted u where u.client_id = any(near) and u.client_id <> all(kin));
    exit when near = '{}';
    kin := kin || near;
  end loop;
  for r in select * from bonuslog where client_id = any(kin) and id < before order by id loop
    perform lots_of_row(r);
  end loop;
  delete from unlotted where client_id = any(kin);
end
$$;

-- The same for the next so many cards; how many are left after that. Cards whose rows name none and never owed, as most, are
-- done at once: their lots are of one life and start one after another, so what is older is taken first, and sums say from
-- which lot.
create function make_some_lots(most integer) returns bigint language plpgsql security definer
  set enable_seqscan = off as $$
declare
  next_cards bigint[];
  simple bigint[];
  card bigint;
begin
  perform pg_advisory_xact_lock(7305, 1);
  next_cards := array(select client_id from unlotted order by client_id limit most);
  simple := array(
    select client_id from (
      select client_id, is_plain(points, corrects, kind, actor) or corrects is null and kind in ('spend', 'debit') as alone,
        sum(points) over (partition by client_id order by id rows unbounded preceding) as "left",
        awarded_at >= lag(awarded_at) over (partition by client_id order by id) as later
      from bonuslog where client_id = any(next_cards)) r
    group by client_id having bool_and(alone and "left" >= 0 and later is not false)
      and not exists (select from bonuslog b where b.client_id = r.client_id and b.kind in ('spend', 'debit')
        and exists (select from bonuslog n where n.corrects = b.id)));
  perform lots_of_plain_rows(array(select id from bonuslog where client_id = any(simple) and points > 0));
  with rows as (
    select id, client_id, points, points > 0 as plus,
      sum(abs(points)) over (partition by client_id, points > 0 order by id rows unbounded preceding) as upto
    from bonuslog where client_id = any(simple)),
  taken as (
    insert into takings (row_id, part, taker, by_row, points)
    select p.id, 1, m.id, m.id, least(p.upto, m.upto) - greatest(p.upto - p.points, m.upto + m.points)
    from rows m join rows p on p.client_id = m.client_id and p.plus and p.upto > m.upto + m.points and p.upto - p.points < m.upto
    where not m.plus order by m.id, p.id
    returning row_id, points)
  update lots l set rest = l.rest - t.points
  from (select row_id, sum(points) as points from taken group by row_id) t where l.row_id = t.row_id and l.part = 1;
  delete from unlotted where client_id = any(simple);
  foreach card in array next_cards loop
    perform make_lots_of(card, 9223372036854775807);
  end loop;
  return (select count(*) from unlotted);
end
$$;

create function bonuslog_makes_lots() returns trigger language plpgsql security definer as $$
declare
  r bonuslog;
  card bigint;
  first_row bigint;
begin
  select min(id) into first_row from added;
  if first_row is null then
    return null;
  end if;
  for card in
    select u.client_id from unlotted u where u.client_id in (
      select client_id from added
      union all
      select b.client_id from added a join bonuslog b on b.id = a.corrects)
  loop
    perform make_lots_of(card, first_row);
  end loop;
  if exists (select from added where not is_plain(points, corrects, kind, actor))
     or exists (select from debts where client_id in (select client_id from added)) then
    for r in select b.* from bonuslog b where b.id in (select id from added) order by id loop
      perform lots_of_row(r);
    end loop;
  else
    update lots set waits = false
    where waits and rest > 0 and client_id in (select client_id from added where kind = 'award');
    perform lots_of_plain_rows(array(select id from added));
  end if;
  return null;
end
$$;
create trigger bonuslog_makes_lots after insert on bonuslog referencing new table as added for each statement
  execute function bonuslog_makes_lots();

-- As before; and what waits for the next paid visit is not spent.
create or replace function bonuslog_chain() returns trigger language plpgsql as $$
declare
  last record;
begin
  perform pg_advisory_xact_lock(7305, 1);
  if new.points = round(new.points, 2) then
    new.points := round(new.points, 2);  -- 5 is written down as 5.00
  end if;
  select id, hash into last from bonuslog order by id desc limit 1;  -- sees the earlier rows of this very statement
  new.id := coalesce(last.id, 0) + 1;
  -- Of the row before and of this row as text; the reason comes last, for it alone may hold spaces. The flag is left out:
  -- it is the one thing that may change.
  new.hash := sha256(coalesce(last.hash, ''::bytea) || convert_to(
    new.id || ' ' || new.client_id || ' ' || new.kind || ' ' || coalesce(new.record_id::text, '-') || ' '
    || coalesce(new.corrects::text, '-') || ' ' || new.points || ' ' || coalesce(new.paid::text, '-') || ' '
    || new.actor || ' ' || new.key || ' ' || (extract(epoch from new.awarded_at) * 1000000)::bigint || ' '
    || coalesce(new.reason, ''), 'UTF8'));
  if new.points < 0 and new.kind in ('spend', 'debit', 'undo', 'move')
     -- already done: let the key's own conflict say so, not the balance, which that row has changed
     and not exists (select from bonuslog where key = new.key)
     and (select coalesce(sum(points), 0) from bonuslog where client_id = new.client_id) + new.points
       - (select coalesce(sum(rest), 0) from lots
          where new.kind = 'spend' and client_id = new.client_id and rest > 0 and waits) < 0 then
    raise exception 'the card holds fewer points than that'
      using errcode = 'check_violation', constraint = 'spending_never_goes_below_zero', table = 'bonuslog';
  end if;
  return new;
end
$$;
do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function bonuslog_chain() set search_path = ' || path;
  execute 'alter function bonuslog_makes_lots() set search_path = ' || path;
  execute 'alter function make_some_lots(integer) set search_path = ' || path;
end
$$;
