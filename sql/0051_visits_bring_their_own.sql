-- A visit that goes to another card brings what is left of its own points. What was spent of them the card before pays by others,
-- and those stay what they are there: a gift that waits is not on its way to somebody else, nor points that end next week.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

create or replace function lots_of_row(r bonuslog) returns void language plpgsql as $$
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
        where t.taker = giver.id and t.by_row = giver.id and t.points > 0
          and (r.kind <> 'correction' or exists (
            select from bonuslog o where o.id in (l.row_id, l.origin)
              and (o.id = r.corrects or o.corrects = r.corrects and o.kind = 'correction')))),
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
