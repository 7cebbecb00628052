-- Spends that pay a part of their visit in the journal: what is to stand there, what was asked, and what came of it.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

create table settlements (
  id                  bigint generated always as identity primary key,
  row_id              bigint references bonuslog,       -- the spend; null: a trial
  company_id          bigint not null references companies,
  record_id           bigint not null,                  -- the record that was named, and the visit that it is of
  visit_id            bigint,                           -- blank once its client is forgotten, as of visits
  yclients_client_id  bigint,                           -- whose card it is; blank then, too
  card_type           bigint not null,                  -- the kind of card that is kept for this, its chain, and whether the
  chain_id            bigint not null,                  -- prices of a bill fall by a withdrawal: as the branch's trial saw it
  bill_falls          boolean not null,
  reserved_card       bigint,                           -- in YCLIENTS; null: not known yet
  amount              numeric(12, 2) not null,
  goal                text not null default 'settle',
  state               text not null default 'under_way',
  held                numeric(12, 2) not null default 0, -- put on the reserved card, and there or on the visit
  missing_at          timestamptz,                      -- since when less is on the reserved card than was put there
  why                 text,                             -- what it was turned back, stuck or kept for
  to_pay              numeric(14, 2),                   -- of the visit, as last seen
  stood_at            timestamptz,                      -- since when it stands, or stood before it was taken back
  asked_back_by       text,                             -- who takes it back; null: the program
  due_at              timestamptz not null default clock_timestamp(),
  failures            integer not null default 0,       -- looks in a row that failed
  tries_after         bigint not null default 0,        -- the last write before tries were counted anew
  began_at            timestamptz not null default clock_timestamp(),
  changed_at          timestamptz not null default clock_timestamp(),
  shown               text,                             -- where it had come to when the till's screen last said so
  times_shown         integer not null default 0,       -- how often one has said anything of it
  watched_at          timestamptz,                      -- when one that stands was last looked at, what the card was seen to
  seen                numeric(12, 2),                   -- pay of the visit then, and since when that is so
  seen_since          timestamptz,
  constraint a_spend_is_settled_once unique (row_id),
  constraint goal_is_known check (goal in ('settle', 'return')),
  constraint state_is_known check (state in ('under_way', 'stands', 'returned', 'stuck')),
  constraint what_stands_is_to_stand check (state <> 'stands' or goal = 'settle' and stood_at is not null),
  constraint what_is_returned_was_to_be check (state <> 'returned' or goal = 'return'),
  constraint what_is_stuck_says_why check (state <> 'stuck' or why is not null),
  constraint amount_is_a_sum check (amount > 0 and amount <> 'NaN' and held >= 0 and held <> 'NaN' and to_pay <> 'NaN'),
  constraint what_was_seen_has_its_moment check (
    num_nulls(seen, watched_at, seen_since) in (0, 3) and coalesce(seen <> 'NaN' and watched_at >= seen_since, true)),
  constraint visit_is_one check (visit_id > 0 and record_id > 0),
  constraint visit_is_known_while_its_client_is check (visit_id is not null or num_nonnulls(yclients_client_id, reserved_card) = 0),
  constraint asked_back_by_is_of_a_channel check (asked_back_by ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$')
);
comment on table settlements is 'Spends that pay a part of their visit in the journal, and what became of each';
create unique index one_settlement_a_visit on settlements (company_id, visit_id) where state <> 'returned';
create index settlements_due on settlements (due_at) where state = 'under_way';
create index settlements_lately on settlements (began_at);
create index settlements_that_wait on settlements (id) where state = 'stuck' or state = 'stands' and seen <> amount;
create index settlements_of_a_record on settlements (company_id, record_id);
create index settlements_of_a_reserved_card on settlements (reserved_card) where state <> 'returned';
create index settlements_to_be_shown on settlements (id)
  where row_id is not null and shown is distinct from (goal || ' ' || state || coalesce(' ' || why, ''));

create table settlement_writes (
  id              bigint generated always as identity primary key,
  settlement_id   bigint not null references settlements,
  reserved_card   bigint,                               -- null: it is being issued,
  issued_to       bigint,                               -- to this client of YCLIENTS
  write           text not null,
  amount          numeric(12, 2) not null,
  balance_before  numeric(12, 2),
  applied_before  numeric(12, 2) not null,
  left_before     numeric(14, 2),
  sent_at         timestamptz not null default clock_timestamp(),
  answer          text,                                 -- yes, no; null: nothing that can be relied on
  words           text,                                 -- what YCLIENTS said to a no
  missed_at       timestamptz,                          -- when it was first seen not to be done
  came            text,                                 -- done, undone, odd; null: not known yet
  constraint write_is_known check (write in ('issue', 'put', 'take', 'apply', 'cancel')),
  constraint answer_is_known check (answer in ('yes', 'no')),
  constraint came_is_known check (came in ('done', 'undone', 'odd')),
  constraint a_write_moves_a_sum check (amount > 0 or write = 'issue' and amount = 0),
  constraint a_card_is_there_to_write_on check ((reserved_card is null) = (write = 'issue')),
  constraint a_card_is_issued_to_somebody check ((issued_to is null) = (write <> 'issue'))
);
comment on table settlement_writes is 'What was asked of YCLIENTS for a settlement, stored before it was asked';
create unique index one_open_write_a_settlement on settlement_writes (settlement_id) where came is null;
create unique index one_open_write_a_reserved_card on settlement_writes (reserved_card) where came is null;
create unique index one_card_is_issued_at_a_time on settlement_writes (issued_to) where came is null;
create index writes_of_a_settlement on settlement_writes (settlement_id, id);

-- What was asked stays as it was asked, and what came of it as it was seen, for as long as anything is known of whose it was.
create function settlement_writes_stay() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.came is null or exists (select from settlements s where s.id = old.settlement_id and s.yclients_client_id is null) then
      return old;
    end if;
  elsif old.came is null and (new.settlement_id, new.reserved_card, new.issued_to, new.write, new.amount, new.balance_before,
      new.applied_before, new.left_before) is not distinct from (old.settlement_id, old.reserved_card, old.issued_to, old.write,
      old.amount, old.balance_before, old.applied_before, old.left_before) then
    return new;
  end if;
  raise exception using errcode = 'check_violation', constraint = 'what_was_asked_stays',
    message = 'what was asked of YCLIENTS, and what came of it, stays as it is';
end $$;
create trigger settlement_writes_stay before update or delete on settlement_writes
  for each row execute function settlement_writes_stay();

-- Nobody has to lower a price by hand for a spend that pays its visit in the journal, or is about to, or waits for a person: looked
-- at again it would be on the bill besides.
create function settles_its_visit(spend bigint) returns boolean language sql stable as $$
  select exists (select from settlements s where s.row_id = spend and s.state <> 'returned')
$$;

-- What is on the bill that a spend pays a part of: another may have been written at the till.
create function bill_in_journal(spend bigint) returns numeric language sql stable as $$
  select s.to_pay + s.amount from settlements s where s.row_id = spend and s.state = 'stands'
$$;

-- The programme takes back a spend that it could not settle.
alter table bonuslog drop constraint the_programme_writes_its_own, add constraint the_programme_writes_its_own check (
  case kind when 'undo' then true else (kind in ('expiry', 'welcome', 'birthday', 'friend')) = (actor = 'programme') end);

-- Points that pay a part of a visit in the journal come back only once they do not.
create function bonuslog_returns_what_is_off_the_bill() returns trigger language plpgsql as $$
begin
  -- By whichever of the two it says so.
  if exists (select from settlements s
      where s.row_id in (new.corrects, substring(new.key from '^undo:([1-9][0-9]{0,17})$')::bigint) and s.state <> 'returned') then
    raise exception using errcode = 'check_violation', constraint = 'points_on_a_bill_are_not_given_back',
      message = 'the spend pays a part of its visit in the journal: it is taken off the bill first';
  end if;
  if new.kind = 'undo' and new.actor = 'programme' and not exists (
      select from settlements s where s.row_id = substring(new.key from '^undo:([1-9][0-9]{0,17})$')::bigint) then
    raise exception using errcode = 'check_violation', constraint = 'the_programme_gives_back_what_it_settles',
      message = 'what pays of no visit is taken back by a person';
  end if;
  return new;
end $$;
create trigger bonuslog_returns_what_is_off_the_bill before insert on bonuslog
  for each row when (new.key like 'undo:%' or new.kind in ('undo', 'credit') and new.corrects is not null)
  execute function bonuslog_returns_what_is_off_the_bill();

-- And what is off the bill comes back in the same transaction.
create function settlements_return_points() returns trigger language plpgsql as $$
begin
  if not exists (select from bonuslog b where b.key = 'undo:' || new.row_id and b.kind = 'undo' and b.points = new.amount)
      -- Whose card has all of theirs now.
      and not exists (
        select from bonuslog b join clients w on w.id = b.client_id join clients c on c.id = coalesce(w.merged_into, w.id)
        where b.id = new.row_id and c.forgotten_at is not null) then
    raise exception using errcode = 'check_violation', constraint = 'what_is_returned_is_on_the_card',
      message = 'a settlement is returned with its points';
  end if;
  return null;
end $$;
create constraint trigger settlements_return_points after insert or update of state on settlements
  deferrable initially deferred for each row
  when (new.row_id is not null and new.state = 'returned') execute function settlements_return_points();

-- A settlement is of one spend, whole, and ends once.
create function settlements_keep_their_word() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.row_id is not null and not exists (
        select from bonuslog b where b.id = new.row_id and b.kind = 'spend' and b.points = -new.amount) then
      raise exception using errcode = 'check_violation', constraint = 'a_settlement_is_of_a_spend',
        message = 'a settlement is of a spend and of its sum';
    end if;
    if new.row_id is not null and ((new.goal, new.state, new.held) is distinct from ('settle', 'under_way', 0) or new.visit_id is null
        or exists (select from bonuslog u where u.corrects = new.row_id and u.kind in ('undo', 'credit'))) then
      raise exception using errcode = 'check_violation', constraint = 'a_settlement_begins_with_its_spend',
        message = 'a settlement begins under way, and with a spend that nobody has taken back';
    end if;
  elsif old.state = 'returned' and new.state <> 'returned'
      -- A record may go over to another visit, and what pays it with it.
      or new.visit_id <> old.visit_id and not (old.state = 'stands' and new.state = 'stands')
      -- Whose card it is is said once; of who was forgotten nothing is.
      or new.yclients_client_id <> old.yclients_client_id
      or new.reserved_card <> old.reserved_card and exists (
        select from settlement_writes w where w.settlement_id = new.id and w.write = 'put')
      or (new.id, new.row_id, new.company_id, new.record_id, new.amount, new.card_type, new.chain_id, new.bill_falls)
        is distinct from (old.id, old.row_id, old.company_id, old.record_id, old.amount, old.card_type, old.chain_id, old.bill_falls) then
    raise exception using errcode = 'check_violation', constraint = 'settlements_keep_their_word',
      message = 'what a settlement is of stays, and a returned one is over';
  end if;
  return new;
end $$;
create trigger settlements_keep_their_word before insert or update on settlements
  for each row execute function settlements_keep_their_word();

-- The visit is named by a person: by the tap that spends, and it may wait for an owner before it is done.
alter table screens add column names bigint;            -- the record whose visit the spend is to pay a part of; null: of none
alter table screens add constraint a_named_record_is_a_number check (names > 0);

create table settlement_trials (
  settlement_id  bigint primary key references settlements, -- without a spend: of which branch and kind of card it is stands there
  protocol       integer not null,                      -- of the program that tried it
  tried_at       timestamptz not null default clock_timestamp(),
  passed         boolean not null,
  doubted_at     timestamptz,                           -- when a spend found the journal to be otherwise than it was seen then
  doubt          text,
  facts          jsonb not null,                        -- what was seen, by name
  constraint a_doubt_is_said check ((doubted_at is null) = (doubt is null)),
  constraint facts_are_named check (jsonb_typeof(facts) = 'object')
);
comment on table settlement_trials is 'What a branch''s journal did when settling was tried there';

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function settles_its_visit(bigint) set search_path = ' || path;
  execute 'alter function bill_in_journal(bigint) set search_path = ' || path;
  execute 'alter function bonuslog_returns_what_is_off_the_bill() set search_path = ' || path;
  execute 'alter function settlements_return_points() set search_path = ' || path;
  execute 'alter function settlements_keep_their_word() set search_path = ' || path;
  execute 'alter function settlement_writes_stay() set search_path = ' || path;
end
$$;
