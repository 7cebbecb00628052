-- Lots are touched by the ledger's trigger alone, and a visit opens what waits though nothing of it is left just then.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

-- These run as their owner, and by default everybody may call a function: whoever reads the tables could end points, and the
-- program's role put the trigger on a table of its own, with rows that it makes up. Whom they are for is granted them.
revoke execute on function bonuslog_makes_lots(), make_some_lots(integer), say_life(text, integer, integer, timestamptz)
  from public;

-- What was taken of a gift that waits, and comes back after the visit, can be spent.
drop index lots_waiting;
create index lots_waiting on lots (client_id) where waits;
update lots l set waits = false
where waits and exists (select from bonuslog a where a.client_id = l.client_id and a.id > l.row_id and a.kind = 'award');

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
    perform lots_of_plain_rows(array(select id from added));
  end if;
  update lots l set waits = false
  from added a where l.waits and l.client_id = a.client_id and a.kind = 'award' and a.id > l.row_id;
  return null;
end
$$;
do $$
begin
  execute format('alter function bonuslog_makes_lots() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
