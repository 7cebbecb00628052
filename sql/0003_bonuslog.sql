-- The ledger: rows are added, never changed or removed; each carries the hash of the row before it.

create table bonuslog (
  id               bigint primary key,                  -- given by the chain below: no default, no gaps
  client_id        bigint not null references clients,
  kind             text not null,
  record_id        bigint,                              -- on the award of a YCLIENTS record
  corrects         bigint references bonuslog (id),     -- the row that this one corrects, undoes or mirrors
  points           numeric not null,                    -- no (12, 2): it would round a third decimal instead of refusing it
  paid             numeric(14, 2),                      -- visits: the paid sum this row was worked out from; a spend: the bill
  reason           text,                                -- visits: the cause; the till: what the admin wrote
  actor            text not null,                       -- 'sync', 'admin:<telegram id>', 'client:<card>'
  key              text not null,                       -- what the row is for: a second time is a conflict, that is "already done"
  awarded_at       timestamptz not null default now(),
  is_telegram_notified boolean not null default false,
  hash             bytea not null,
  constraint one_award_a_record unique (record_id),
  constraint done_once_a_key unique (key),
  constraint kind_is_known check (kind in ('award', 'correction', 'spend', 'credit', 'debit', 'undo', 'move', 'opening')),
  constraint points_are_never_zero check (points <> 0),
  constraint points_have_two_decimals check (points = round(points, 2) and abs(points) < 10000000000),
  constraint points_have_a_sign_by_kind check (case kind
    when 'award' then points > 0 when 'credit' then points > 0
    when 'spend' then points < 0 when 'debit' then points < 0 else true end),
  constraint only_awards_name_their_record check ((kind = 'award') = (record_id is not null)),
  constraint corrections_name_their_award check (kind not in ('correction', 'undo') or corrects is not null),
  constraint reason_is_short check (char_length(reason) <= 100),
  constraint reason_has_no_phone check (reason !~ '(\d[\s()+-]*){7}' and reason !~ '(\d[\s().+-]*){10}'),
  constraint reason_is_one_line check (reason !~ '[[:cntrl:]]'),
  constraint key_and_actor_are_one_word check (key ~ '^\S{1,200}$' and actor ~ '^\S{1,64}$')
);
create index bonuslog_balance on bonuslog (client_id) include (points);
create index bonuslog_untold on bonuslog (client_id) where not is_telegram_notified;
create index bonuslog_corrections on bonuslog (corrects) where corrects is not null;
alter table bonuslog set (autovacuum_vacuum_insert_scale_factor = 0.02);
comment on table bonuslog is 'The ledger. A balance is the sum of a card''s rows';

create view balances as select client_id, sum(points) as balance from bonuslog group by client_id;
comment on view balances is 'What each card holds now';

-- sha256 of the row before and of this row as text; the reason comes last, for it alone may hold spaces.
-- The flag is left out: it is the one thing that may change.
create function bonuslog_hash(previous bytea, r bonuslog) returns bytea language sql stable as $$
  select sha256(previous || convert_to(
    r.id || ' ' || r.client_id || ' ' || r.kind || ' ' || coalesce(r.record_id::text, '-') || ' '
    || coalesce(r.corrects::text, '-') || ' ' || r.points || ' ' || coalesce(r.paid::text, '-') || ' '
    || r.actor || ' ' || r.key || ' ' || (extract(epoch from r.awarded_at) * 1000000)::bigint || ' '
    || coalesce(r.reason, ''), 'UTF8'))
$$;

-- An identity column would not do: it takes its number before the lock. Nor would a row that keeps the head of the
-- chain: a row that then meets a conflict has already moved it.
create function bonuslog_chain() returns trigger language plpgsql as $$
declare
  last record;
begin
  perform pg_advisory_xact_lock(7305, 1);
  if new.points = round(new.points, 2) then
    new.points := round(new.points, 2);  -- 5 is written down as 5.00
  end if;
  select id, hash into last from bonuslog order by id desc limit 1;  -- sees the earlier rows of this very statement
  new.id := coalesce(last.id, 0) + 1;
  new.hash := bonuslog_hash(coalesce(last.hash, ''::bytea), new);
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
create trigger bonuslog_chain before insert on bonuslog for each row execute function bonuslog_chain();

create function bonuslog_only_grows() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.is_telegram_notified then
    old.is_telegram_notified := true;
    if old is not distinct from new then
      return new;
    end if;
  end if;
  raise exception 'rows of the ledger are added, never changed or removed: write a new row that corrects the old one'
    using errcode = 'restrict_violation', constraint = 'the_ledger_only_grows', table = 'bonuslog';
end
$$;
create trigger bonuslog_only_grows before update or delete on bonuslog for each row execute function bonuslog_only_grows();
create trigger bonuslog_is_not_cut before truncate on bonuslog for each statement execute function bonuslog_only_grows();
