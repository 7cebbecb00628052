-- Each owner has the evening message once, whenever they can be reached; a message that cannot go out shows since when.

create table digest_readers (
  day              date not null references digests,
  owner            bigint not null,
  told_at          timestamptz,                         -- null: could not be reached
  due_at           timestamptz not null default now(),  -- when they are tried next
  primary key (day, owner)
);
comment on table digest_readers is 'Which owners have had which evening message, and who could not be reached';

alter table notices
  add column late_since timestamptz;                    -- when it should have gone out first and could not; quiet hours aside
