-- What the jobs need to share between replicas.

create table notices (
  client_id        bigint not null references clients,
  about            text not null,
  company_id       bigint references companies,         -- whose quiet hours count; null: none
  due_at           timestamptz not null,
  attempts         integer not null default 0,
  error            text,
  primary key (client_id, about),
  constraint visits_settle_and_the_till_is_told_at_once check (about in ('visits', 'till'))
);
create index notices_by_due on notices (due_at);
comment on table notices is 'A linked card that has something untold. Written in the ledger''s transaction';

create table jobs (
  name             text primary key,
  holder           text not null,
  token            bigint not null default 1,           -- grows with each holder: the ledger refuses an older one
  held_until       timestamptz not null
);
comment on table jobs is 'Who holds which job until when, by the clock of the database';

create table request_budget (
  api              text primary key,
  owed_until       timestamptz not null,                -- when all requests so far would be paid for, one by one
  last_at          timestamptz not null,
  blocked_until    timestamptz not null                 -- after a 429
);
comment on table request_budget is 'One budget of requests for the whole deployment';

create table alarms (
  about            text primary key,
  detail           text not null,
  since            timestamptz not null default now(),
  told_at          timestamptz,
  over_at          timestamptz
);
comment on table alarms is 'Trouble that owners must know: told once, and once more when it is over';
