-- While the clock of a life stands its lots have no last day: what ends for certain is taken before them.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

create or replace function end_of_lot(of_life text, started date) returns date language plpgsql stable as $$
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
  return case when stopped is null or ends < stopped then ends end;
end
$$;

update lot_ends set ends = end_of_lot(life, started) where stopped_on(life) is not null;
