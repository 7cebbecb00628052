-- The seals that digests told are kept, for verify to look for; and the ledger's hash stands in its trigger alone.

alter table digests
  add column hash bytea,                                -- of the ledger's last row then; null: there was none, or it is older
  add column owed numeric(16, 2),                       -- what all rows summed to
  add constraint seals_are_whole check (hash is null or (last_row > 0 and octet_length(hash) = 32 and owed is not null));

-- As before, with the hash written out: verify makes its own and asks no function that could have been replaced.
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
     and (select coalesce(sum(points), 0) from bonuslog where client_id = new.client_id) + new.points < 0 then
    raise exception 'the card holds fewer points than that'
      using errcode = 'check_violation', constraint = 'spending_never_goes_below_zero', table = 'bonuslog';
  end if;
  return new;
end
$$;
do $$
begin
  execute format('alter function bonuslog_chain() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
drop function bonuslog_hash(bytea, bonuslog);
