-- Points spent on a visit that was refunded: the owners' one button each.

create table refund_offers (
  spend_id         bigint primary key references spends,
  told             bigint[] not null default '{}',      -- the owners whose chat has the button
  due_at           timestamptz not null default now(),  -- when the others are tried next
  taken_by         bigint,                              -- the owner who gave the points back
  taken_at         timestamptz,
  constraint taken_by_somebody_at_some_time check ((taken_by is null) = (taken_at is null))
);
comment on table refund_offers is 'A spend whose visit was refunded or deleted: which owners have the button, and who tapped it';

-- What may have been refunded lately is asked every minute.
create index visits_fallen_through on visits (decided_at)
  where decision in ('deleted', 'no_show', 'not_paid', 'nothing_paid');
