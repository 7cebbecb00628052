-- Balances from another programme come as a list, at any time: whole, once, and beside nothing that the list does not say.

create table imported_lists (
  id           bigint primary key,
  hash         text,                                  -- of its phones and points, under a key that is in no database
  round        integer not null default 0,            -- how often a list of this hash was taken back before
  takes_back   bigint references imported_lists,      -- it gives nothing: it takes back what this list gave
  after_row    bigint not null,                       -- its rows are the next ones behind this row of the ledger
  cards        integer not null,                      -- that many
  points       numeric(14, 2) not null,               -- and what they sum to
  imported_at  timestamptz not null default now(),
  constraint a_list_comes_once unique (hash, round),
  constraint a_list_is_taken_back_once unique (takes_back),
  constraint a_list_takes_back_an_earlier_one check (takes_back < id),
  constraint a_list_has_rows check (cards > 0),
  constraint a_list_gives_or_takes_back check (case when takes_back is null then points > 0 else points < 0 end),
  constraint what_gives_has_a_hash check ((hash is null) = (takes_back is not null)),
  constraint hash_is_hexadecimal check (hash ~ '^[0-9a-f]{64}$')
);
comment on table imported_lists is 'The lists of balances from elsewhere: each once, until it is taken back';

create function bonuslog_lists_come_whole() returns trigger language plpgsql as $$
declare
  list imported_lists;
begin
  -- By the key alone, and the rest compared here: a query with all of it would be planned anew for every row.
  if new.actor ~ '^list:[1-9][0-9]{0,17}$' then
    select * into list from imported_lists where id = substr(new.actor, 6)::bigint;
  end if;
  if (new.kind = 'opening' and new.key = new.actor || ':' || new.client_id and (new.points > 0) = (list.takes_back is null)
      and new.id > list.after_row and new.id <= list.after_row + list.cards) is not true then
    -- already done: let the key's own conflict say so
    if not exists (select from bonuslog where key = new.key) then
      raise exception 'the rows of a list come with it, and no others'
        using errcode = 'check_violation', constraint = 'lists_come_whole', table = 'bonuslog';
    end if;
  end if;
  return new;
end
$$;
-- By its name behind the chain, which gives the row its number.
create trigger bonuslog_lists_come_whole before insert on bonuslog for each row
  when (new.actor ~ '^list:') execute function bonuslog_lists_come_whole();

create function imported_lists_are_whole() returns trigger language plpgsql as $$
declare
  found record;
begin
  select count(*) as cards, sum(points) as points into found from bonuslog
  where id > new.after_row and id <= new.after_row + new.cards and actor = 'list:' || new.id;
  if found.cards is distinct from new.cards::bigint or found.points is distinct from new.points then
    raise exception 'a list gives what it says, to a hundredth'
      using errcode = 'check_violation', constraint = 'lists_come_whole', table = 'imported_lists';
  end if;
  return null;
end
$$;
-- At the end of the transaction: the list comes before its rows.
create constraint trigger imported_lists_are_whole after insert or update on imported_lists deferrable initially deferred
  for each row execute function imported_lists_are_whole();

drop trigger bonuslog_openings_are_of_merges on bonuslog;
create constraint trigger bonuslog_openings_are_of_merges after insert on bonuslog deferrable initially deferred
  for each row when (new.kind = 'opening' and new.actor !~ '^(import|list):')
  execute function bonuslog_openings_are_of_merges();

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function bonuslog_lists_come_whole() set search_path = ' || path;
  execute 'alter function imported_lists_are_whole() set search_path = ' || path;
end
$$;
