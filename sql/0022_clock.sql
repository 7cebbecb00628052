-- What the database's clock has shown last: rows that it wrote while it was ahead lie in the future once it is put right.

create table clock (
  one              boolean primary key default true,
  seen_at          timestamptz not null,                -- moved about once a minute
  put_back_at      timestamptz,                         -- when it was last found to show less than before
  put_back_seconds bigint,
  constraint there_is_one_clock check (one),
  constraint put_back_by_so_much_at_some_time check ((put_back_at is null) = (put_back_seconds is null)),
  constraint put_back_is_more_than_a_minute check (put_back_seconds >= 60)
);
comment on table clock is 'The last time that the database''s clock showed, so that one that is put back is noticed';
