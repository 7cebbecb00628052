-- Points out of nowhere: an import's rows come before all others, and any other opening is half of a merge.

create function bonuslog_import_comes_first() returns trigger language plpgsql as $$
begin
  if (select actor !~ '^import:' from bonuslog order by id desc limit 1)
     -- already done: let the key's own conflict say so
     and not exists (select from bonuslog where key = new.key) then
    raise exception 'an import is over once there is a row of anybody else'
      using errcode = 'check_violation', constraint = 'an_import_comes_first', table = 'bonuslog';
  end if;
  return new;
end
$$;
-- By its name behind the chain, which takes the lock.
create trigger bonuslog_import_comes_first before insert on bonuslog for each row
  when (new.actor ~ '^import:') execute function bonuslog_import_comes_first();

create function bonuslog_openings_are_of_merges() returns trigger language plpgsql as $$
declare
  gives boolean := new.key ~ ':from$';
begin
  if not exists (
    select from bonuslog other
    join clients giver on giver.id = case when gives then new.client_id else other.client_id end
    join clients taker on taker.id = case when gives then other.client_id else new.client_id end
    where other.id = new.id + case when gives then 1 else -1 end and other.kind = 'opening' and other.points = -new.points
      and new.key = format('opening:%s:%s', giver.id, case when gives then 'from' else 'to' end)
      and other.key = format('opening:%s:%s', giver.id, case when gives then 'to' else 'from' end)
      and giver.merged_into = coalesce(taker.merged_into, taker.id)) then
    raise exception 'points without a visit or a person come from an import, or with a card that goes into another'
      using errcode = 'check_violation', constraint = 'openings_are_of_merges', table = 'bonuslog';
  end if;
  return null;
end
$$;
-- At the end of the transaction: a merge writes its rows and then marks its card.
create constraint trigger bonuslog_openings_are_of_merges after insert on bonuslog deferrable initially deferred
  for each row when (new.kind = 'opening' and new.actor !~ '^import:') execute function bonuslog_openings_are_of_merges();

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function bonuslog_import_comes_first() set search_path = ' || path;
  execute 'alter function bonuslog_openings_are_of_merges() set search_path = ' || path;
end
$$;
