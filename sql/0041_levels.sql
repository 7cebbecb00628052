-- Levels: the percent that a visit was awarded by is kept with it; what a card's level rests on is a row each, and the terms are dated.
select pg_advisory_xact_lock(7305, 1);

alter table visits
  add column percent numeric(5, 2), -- of the client's level at its first award; without one the terms' own holds
  add constraint percent_is_a_share check (percent > 0 and percent <= 100),
  add constraint percent_is_a_number check (percent <> 'NaN'),
  add constraint a_percent_is_of_an_award check (percent is null or terms_id is not null);

create function visits_keep_their_percent() returns trigger language plpgsql as $$
begin
  raise exception 'a visit keeps the percent of its first award: what it made is worked out by it for good'
    using errcode = 'restrict_violation', constraint = 'visits_keep_their_percent', table = 'visits';
end
$$;
create trigger visits_keep_their_percent before update of percent, terms_id on visits for each row
  when (old.terms_id is not null and old.percent is distinct from new.percent)
  execute function visits_keep_their_percent();

create table level_terms (
  id           integer generated always as identity primary key,
  levels       text,                      -- `0.00:1.00,50000.00:3.00`; none: every visit earns BONUS_PERCENT again
  months       integer,                   -- the visits of so many months count; none: all
  since        timestamptz not null,      -- in force from then on, unless later ones are by then
  made_at      timestamptz not null default now(),
  accepted_by  text,                      -- who took it on that some earn less by them; none: nobody does
  told_at      timestamptz,               -- whoever earns less by them has a word of it waiting, or sent
  raised_at    timestamptz,               -- every card that they lift is written down
  constraint levels_are_sums_and_percents check (levels ~ '^0\.00:[0-9]+\.[0-9]{2}(,[0-9]+\.[0-9]{2}:[0-9]+\.[0-9]{2}){1,9}$'),
  constraint months_are_counted check (months between 1 and 120),
  constraint months_are_of_levels check (months is null or levels is not null),
  constraint what_is_worse_is_accepted_and_comes_later check (
    case when accepted_by is null then since <= made_at else since >= made_at + interval '30 days' end),
  constraint accepted_by_is_one_word check (accepted_by ~ '^\S{1,40}$')
);
comment on table level_terms is 'The levels that are or were in force, a row for each change; the last one whose time has come holds';

create table level_changes (
  id            bigint generated always as identity primary key,
  client_id     bigint not null references clients,
  kind          text not null,
  reached       numeric(14, 2),           -- up, down: it holds the level of this sum; hand: it was given that of this one; warned: may lose it
  turnover      numeric(14, 2),           -- what counted of its visits then; warned: will count on its last day
  missing       numeric(14, 2),           -- warned: so much more keeps it
  counted_from  timestamptz,              -- visits awarded from then on counted
  until         date,                     -- warned, hand: the last day of it; terms: the day that they come
  ends_at       timestamptz,              -- hand: when that day is over
  upwards       boolean,                  -- hand: more than its visits make, or less
  names         bigint references level_changes, -- down, kept: its warning; undone: what was given by hand
  terms_id      integer references level_terms,  -- terms: which
  was           numeric(5, 2),            -- the percent before and from then on, as it is told
  percent       numeric(5, 2),
  reason        text,
  actor         text not null,
  key           text not null,
  after_row     bigint not null,          -- the last row of the ledger then
  at            timestamptz not null default now(),
  due_at        timestamptz,              -- it is to be told then; none: told, or not to be
  attempts      integer not null default 0,
  constraint level_changes_happen_once_a_key unique (key),
  constraint warnings_and_gifts_are_settled_once unique (names),
  constraint kind_is_known check (kind in ('up', 'warned', 'kept', 'down', 'hand', 'undone', 'terms')),
  constraint each_kind_says_its_own check (case kind
    when 'up' then num_nulls(reached, turnover) = 0 and reached <= turnover
    when 'warned' then num_nulls(reached, turnover, missing, until) = 0 and missing = reached - turnover
    when 'kept' then num_nulls(names, turnover) = 0
    when 'down' then num_nulls(names, turnover, reached) = 0 and reached <= greatest(turnover, 0)
    when 'hand' then num_nulls(reached, until, ends_at, upwards, reason) = 0
    when 'undone' then names is not null
    else num_nulls(terms_id, until, was, percent) = 0 and percent < was end),
  constraint sums_are_numbers check (reached <> 'NaN' and turnover <> 'NaN' and missing <> 'NaN' and missing > 0 and reached >= 0),
  constraint key_and_actor_are_one_word check (key ~ '^\S{1,200}$' and actor ~ '^\S{1,64}$'),
  constraint reason_is_short check (char_length(reason) between 1 and 100),
  constraint reason_is_one_line check (reason !~ '[[:cntrl:]]'),
  constraint reason_has_no_phone check (reason !~ '(\d[\s()+-]*){7}' and reason !~ '(\d[\s().+-]*){10}')
);
comment on table level_changes is 'What a card''s level rests on beside its visits: reached, warned, kept, lost, given by hand. Told each once';
create index level_changes_of_a_card on level_changes (client_id, id);
create index level_changes_due on level_changes (due_at) where due_at is not null;
create index level_changes_warned on level_changes (until) where kind = 'warned';

create function level_changes_only_grow() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - '{due_at,attempts}'::text[] = to_jsonb(old) - '{due_at,attempts}'::text[] then
      return new;
    end if;
  end if;
  raise exception 'what a level rests on is added to, never changed or removed: write a new row'
    using errcode = 'restrict_violation', constraint = 'level_changes_only_grow', table = 'level_changes';
end
$$;
create trigger level_changes_only_grow before update or delete on level_changes
  for each row execute function level_changes_only_grow();
create trigger level_changes_are_not_cut before truncate on level_changes
  for each statement execute function level_changes_only_grow();

create function level_terms_only_grow() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - '{told_at,raised_at}'::text[] = to_jsonb(old) - '{told_at,raised_at}'::text[] then
      return new;
    end if;
  end if;
  raise exception 'levels that were in force stay written: write a new row'
    using errcode = 'restrict_violation', constraint = 'level_terms_only_grow', table = 'level_terms';
end
$$;
create trigger level_terms_only_grow before update or delete on level_terms
  for each row execute function level_terms_only_grow();
create trigger level_terms_are_not_cut before truncate on level_terms
  for each statement execute function level_terms_only_grow();
