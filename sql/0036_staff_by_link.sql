-- Who works here beside those whom the settings name: owners and admins whom owners take on and let go in the chat.

select pg_advisory_xact_lock(7305, 1);

create table staff_links (
  hash             bytea primary key,                   -- sha256 of what stands in the link, which is kept nowhere
  role             text not null,
  made_by          text,                                -- an owner's account; null: the program, for the first owner
  made_at          timestamptz not null,
  expires_at       timestamptz not null,
  constraint hash_is_a_sha256 check (octet_length(hash) = 32),
  constraint role_is_known check (role in ('owner', 'admin')),
  constraint the_first_link_makes_an_owner check (made_by is not null or role = 'owner'),
  constraint a_link_lives_a_day_at_most check (expires_at > made_at and expires_at <= made_at + interval '1 day'),
  constraint made_by_is_of_a_channel check (made_by ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$')
);
create unique index one_first_link on staff_links ((made_by is null)) where made_by is null;
comment on table staff_links is 'Links that make whoever opens one an owner or an admin, and are gone with that; only those not opened yet';

create table staff_changes (
  id               bigint generated always as identity primary key,
  account          text not null,
  role             text,                                -- from then on; null: none any more
  made_by          text,                                -- the owner who did it or gave the link; null: the first link
  link             bytea,                               -- the hash of the link that was opened
  made_at          timestamptz not null,
  constraint role_is_known check (role in ('owner', 'admin')),
  constraint one_change_a_link unique (link),
  constraint somebody_made_it check (made_by is not null or (link is not null and role = 'owner')),
  constraint nobody_is_let_go_by_a_link check (role is not null or link is null),
  constraint account_is_of_a_channel check (account ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$'),
  constraint made_by_is_of_a_channel check (made_by ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$')
);
create index staff_changes_of_an_account on staff_changes (account, id);
comment on table staff_changes is 'Who was taken on or let go, when and by whom; the last row of an account says what it is now';

create function staff_changes_only_grow() returns trigger language plpgsql as $$
begin
  raise exception 'who worked here is added to, never changed or removed: write a new row'
    using errcode = 'restrict_violation', constraint = 'staff_changes_only_grow', table = 'staff_changes';
end
$$;
create trigger staff_changes_only_grow before update or delete on staff_changes
  for each row execute function staff_changes_only_grow();
create trigger staff_changes_are_not_cut before truncate on staff_changes
  for each statement execute function staff_changes_only_grow();

create table staff_told (
  change           bigint not null references staff_changes,
  owner            text not null,
  primary key (change, owner),
  constraint owner_is_of_a_channel check (owner ~ '^[a-z]{1,10}:[A-Za-z0-9_-]{1,20}$')
);
comment on table staff_told is 'Which owners know of which change';

alter table digests
  add column last_staff_change bigint not null default 0; -- the next message begins behind it
