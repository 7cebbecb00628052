-- Which evening messages the owners have had.

create table digests (
  day              date primary key,                    -- by the first branch's clock
  last_row         bigint not null,                     -- of the ledger: the next one begins behind it
  sent_at          timestamptz not null default now()
);
comment on table digests is 'The evening messages to owners: one a day, however many replicas there are';
