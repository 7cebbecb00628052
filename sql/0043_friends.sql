-- A friend who comes by a client's invitation: who named whom, on what terms, and what became of it.

-- First of all locks, as every program that writes takes it: a page on its way would else wait for us, and we for it.
select pg_advisory_xact_lock(7305, 1);

create table friend_links (
  client_id  bigint primary key references clients,
  code       text not null,                           -- in the link that the card's owner hands on
  constraint one_card_a_friend_link unique (code),
  constraint code_fits_a_link check (code ~ '^[A-Za-z0-9_-]{16,60}$')
);
comment on table friend_links is 'The links by which owners of cards invite friends';

create table friends (
  friend          bigint primary key references clients,
  inviter         bigint not null references clients,
  tied_at         timestamptz not null,
  tied_by         text,                               -- who heard it at the desk; null: by the link
  friend_points   numeric(12, 2) not null,            -- what was promised on that day, and for what
  inviter_points  numeric(12, 2) not null,
  after_days      integer not null,
  least_bill      numeric(14, 2),
  state           text not null default 'asked',      -- asked, waits, given, refused, back
  why             text,                               -- of what was refused: the rule
  inviter_why     text,                               -- why the inviter alone got nothing
  company_id      bigint,                             -- the visit that it was given for
  record_id       bigint,
  given_at        timestamptz,
  changed_at      timestamptz not null,
  gone_since      timestamptz,                        -- given, and no such visit is left since then
  friend_told     boolean not null default false,     -- of a refusal
  inviter_told    boolean not null default false,
  constraint nobody_invites_themselves check (friend <> inviter),
  constraint a_friend_is_promised_something check (friend_points >= 0 and inviter_points >= 0
    and friend_points + inviter_points > 0 and friend_points <> 'NaN' and inviter_points <> 'NaN'),
  constraint promises_have_an_age_and_a_sum check (after_days > 0 and (least_bill > 0) is not false and least_bill <> 'NaN'),
  constraint state_is_known check (state in ('asked', 'waits', 'given', 'refused', 'back')),
  constraint what_is_refused_has_a_word check ((state = 'refused') = (why is not null)
    and why in ('known', 'friend_works_here', 'inviter_works_here', 'too_late', 'forgotten')),
  constraint the_inviter_alone_is_refused_by_a_word check (inviter_why is null
    or state in ('given', 'back') and inviter_why in ('month', 'year', 'forgotten')),
  constraint what_is_given_names_its_visit check ((state in ('given', 'back')) = (record_id is not null)
    and num_nulls(record_id, company_id, given_at) in (0, 3)),
  constraint tied_by_is_of_a_channel check (tied_by ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$')
);
comment on table friends is 'Who came by whose invitation, what both were promised, and what became of it';
create index friends_of_an_inviter on friends (inviter);
create index friends_under_way on friends (state) where state in ('asked', 'waits');
create index friends_to_be_told on friends (changed_at) where state = 'refused' and not (friend_told and inviter_told);

-- The card that has what this one had: where it went, or the one that its owner took instead.
create function card_now(card bigint) returns bigint language sql stable as $$
  with recursive way as (
    select id, coalesce(merged_into, case when not linked then left_for end) as next, 1 as step from clients where id = card
    union all
    select c.id, coalesce(c.merged_into, case when not c.linked then c.left_for end), way.step + 1
    from way join clients c on c.id = way.next where way.step < 10)
  select id from way order by step desc limit 1
$$;

-- A gift for an invitation is what was promised, on the card of one of the two, and only once it is given.
create function bonuslog_gifts_of_friends() returns trigger language plpgsql as $$
declare
  side text := substring(new.key from '^friend:[1-9][0-9]{0,17}:(inviter|friend)$');
  tie friends;
begin
  if side is not null then
    select * into tie from friends where friend = split_part(new.key, ':', 2)::bigint;
  end if;
  if (tie.state = 'given' and new.points = case side when 'friend' then tie.friend_points else tie.inviter_points end
      and new.client_id = card_now(case side when 'friend' then tie.friend else tie.inviter end)
      and (side = 'friend' or tie.inviter_why is null)) is not true
     -- already done: let the key's own conflict say so
     and not exists (select from bonuslog where key = new.key) then
    raise exception 'a gift for an invitation is what was promised, and no other'
      using errcode = 'check_violation', constraint = 'gifts_of_friends_are_promised', table = 'bonuslog';
  end if;
  return new;
end
$$;
create trigger bonuslog_gifts_of_friends before insert on bonuslog for each row
  when (new.kind = 'friend' and new.points > 0) execute function bonuslog_gifts_of_friends();

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function card_now(bigint) set search_path = ' || path;
  execute 'alter function bonuslog_gifts_of_friends() set search_path = ' || path;
end
$$;
