-- The lots of an old ledger, some cards at a time: which cards are left was counted each time under the ledger's lock, and a
-- ledger of hundreds of thousands of cards kept the till waiting for that more than for the lots.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

-- As before, but how many cards it was at is returned: none when all is done.
create or replace function make_some_lots(most integer) returns bigint language plpgsql security definer
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
        and exists (select from bonuslog n where n.corrects = b.id offset 0)));
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
  return cardinality(next_cards);
end
$$;
do $$
begin
  execute format('alter function make_some_lots(integer) set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
