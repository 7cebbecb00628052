-- What was last read of each record, and what was decided about it.

create table visits (
  record_id        bigint primary key,                  -- unique across branches in YCLIENTS
  company_id       bigint not null references companies,
  visit_id         bigint,                              -- groups the records of one checkout
  yclients_client_id bigint,                            -- null on a card: its owner was forgotten
  client_id        bigint references clients,           -- its card, fixed at the first decision
  starts_at        timestamptz not null,
  day              date not null,                       -- of the session, by the branch's own clock
  deleted          boolean not null,
  paid_full        boolean not null,
  attendance       smallint not null,
  price            numeric(14, 2) not null,             -- final prices of the services
  services_paid    numeric(14, 2),                      -- money received; null: YCLIENTS did not say, which is not zero
  goods_paid       numeric(14, 2),
  changed_at       timestamptz,                         -- YCLIENTS's stamp, whole seconds
  read_at          timestamptz not null,                -- our clock before the request: a newer answer wins
  terms_id         integer references terms,            -- of the first award; null until then
  decision         text not null,
  decided_at       timestamptz not null default now(),
  constraint decision_has_a_word check (decision in (
    'awarded', 'deleted', 'no_client', 'forgotten', 'before_start', 'no_show', 'not_paid', 'paid_in_part',
    'not_arrived', 'payment_unknown', 'nothing_paid', 'too_little')),
  constraint attendance_is_known check (attendance in (-1, 0, 1, 2)),
  constraint payments_are_known_together check ((services_paid is null) = (goods_paid is null)),
  constraint awarded_means_a_card_and_terms check (decision <> 'awarded' or (client_id is not null and terms_id is not null))
);
create index visits_of_a_card on visits (client_id, starts_at desc);
create index visits_of_a_day on visits (company_id, day);
comment on table visits is 'The last state read of a record, its card, its terms and the decision: awarded, or why not';

create table look_again (
  company_id       bigint not null references companies,
  record_id        bigint not null,
  reason           text not null,
  due_at           timestamptz not null default now(),
  tries            integer not null default 0,
  hint             bigint not null default 1,           -- grows with each new hint: a look in flight must not eat it
  error            text,
  since            timestamptz not null default now(),
  primary key (company_id, record_id),
  constraint look_again_has_a_reason check (reason in (
    'hint', 'unreadable', 'payment_unknown', 'payment_fell', 'client_vanished', 'record_vanished'))
);
create index look_again_by_due on look_again (due_at);
comment on table look_again is 'A record to be read again, and why';
