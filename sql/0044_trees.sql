-- A day's seal also carries the root of a tree over the cards, so that a client can hold a statement against it.

create table trees (
  day    date primary key references digests,
  cards  integer not null,
  root   bytea not null,
  constraint root_is_a_sha256 check (octet_length(root) = 32),
  constraint a_tree_has_leaves check (cards > 0)
);
comment on table trees is 'The root of each day''s tree over what the cards with a code held at that day''s seal';

create function trees_only_come() returns trigger language plpgsql as $$
begin
  raise exception 'the root of a day is added, never changed or removed: it was told to the owners'
    using errcode = 'restrict_violation', constraint = 'trees_only_come', table = 'trees';
end
$$;
do $$
begin
  execute format('alter function trees_only_come() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;
create trigger trees_only_come before update or delete on trees for each row execute function trees_only_come();
create trigger trees_are_not_cut before truncate on trees for each statement execute function trees_only_come();

create table tree_nodes (
  level      smallint not null,                         -- 0: the leaves
  place      integer not null,                          -- from 0; the two below it are at twice its place and the next
  hash       bytea not null,
  client_id  bigint,                                    -- whose leaf it is; no key, for it goes with the next day's
  primary key (level, place),
  constraint only_a_leaf_is_of_a_card check ((level = 0) = (client_id is not null)),
  constraint hash_is_a_sha256 check (octet_length(hash) = 32)
);
create unique index one_leaf_a_card on tree_nodes (client_id) where client_id is not null;
comment on table tree_nodes is 'The last day''s tree whole: a statement takes its path from it';
