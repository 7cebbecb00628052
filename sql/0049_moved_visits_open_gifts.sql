-- A visit that came from another card, as one that was first entered for somebody else, opens what waits like one of its own.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

-- Whether a row of the ledger gives points of a visit that was first awarded behind another row.
create function is_of_visit_since(kind text, points numeric, visit bigint, since bigint) returns boolean language sql immutable as $$
  select kind in ('award', 'correction') and points > 0 and visit > since
$$;

update lots l set waits = false
where waits and exists (
  select from bonuslog a where a.client_id = l.client_id and is_of_visit_since(a.kind, a.points, coalesce(a.corrects, a.id), l.row_id));

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
      update lots set waits = false
      where waits and client_id = r.client_id and is_of_visit_since(r.kind, r.points, coalesce(r.corrects, r.id), row_id);
      perform lots_of_row(r);
    end loop;
  else
    update lots set waits = false
    where waits and client_id in (select client_id from added where kind = 'award');
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
