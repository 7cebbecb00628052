-- By night points of thousands of lots end: rows that do nothing else are gone through together, as rows of visits are.

-- What is left of the lots that these rows name goes, where their day is over. What else they say is refused.
create function lots_end(rows bigint[]) returns void language plpgsql as $$
declare
  ended bigint;
begin
  with r as (
    select id, client_id, -points as points, awarded_at, corrects,
      split_part(split_part(key, ':', 2), '.', 2)::smallint as part
    from bonuslog where id = any(rows)),
  changed as (
    update lots l set rest = l.rest - r.points
    from r, lot_ends e
    where l.row_id = r.corrects and l.part = r.part and l.client_id = r.client_id and l.rest >= r.points
      and e.life = l.life and e.started = l.started
      and e.ends < least((r.awarded_at at time zone 'Etc/GMT-14')::date, stopped_on(e.life))
    returning l.row_id, l.part, r.id, r.points),
  noted as (
    insert into takings (row_id, part, taker, by_row, points)
    select row_id, part, id, id, points from changed order by id
    returning id)
  select count(*) into ended from noted;
  if ended <> cardinality(rows) then
    raise exception 'what ends is what is left of a lot whose day is over'
      using errcode = 'check_violation', constraint = 'only_what_is_left_ends', table = 'bonuslog';
  end if;
end
$$;

create or replace function bonuslog_makes_lots() returns trigger language plpgsql security definer as $$
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
  if not exists (select from added where kind <> 'expiry' or points > 0) then
    perform lots_end(array(select id from added));
  elsif exists (select from added where not is_plain(points, corrects, kind, actor))
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
do $$
begin
  execute format('alter function bonuslog_makes_lots() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
