-- What belongs to a person who asks to be forgotten: also where the journal took them under another number.

select pg_advisory_xact_lock(7305, 1);

-- A new phone in the journal sends a YCLIENTS client to another card: where they were before, and until when.
create table earlier_places (
  yclients_client_id bigint not null references yclients_clients,
  client_id        bigint not null references clients,
  until            timestamptz not null,
  primary key (yclients_client_id, client_id)
);
create index earlier_places_of_a_card on earlier_places (client_id);
comment on table earlier_places is 'The cards that a YCLIENTS client was on before the journal knew them by another phone';
insert into earlier_places (yclients_client_id, client_id, until)
select v.yclients_client_id, v.client_id, max(least(v.starts_at, now()))
from visits v join yclients_clients y on y.yclients_client_id = v.yclients_client_id
where v.client_id <> y.client_id group by 1, 2;

create function yclients_clients_move() returns trigger language plpgsql as $$
begin
  insert into earlier_places (yclients_client_id, client_id, until)
  values (old.yclients_client_id, old.client_id, clock_timestamp())
  on conflict (yclients_client_id, client_id) do update set until = excluded.until;
  return null;
end
$$;
create trigger yclients_clients_move after update of client_id on yclients_clients for each row
  when (old.client_id <> new.client_id) execute function yclients_clients_move();
do $$
begin
  execute format('alter function yclients_clients_move() set search_path = pg_catalog, %I, pg_temp', current_schema);
end
$$;

alter table clients
  add column had_from timestamptz,                      -- since when whoever had it last had had it; null: not known, or it is linked
  add column unlinked_at timestamptz,                   -- when they let it go
  add constraint only_a_card_let_go_was_had check (telegram_id is null or (had_from is null and unlinked_at is null)),
  add constraint nobody_had_a_forgotten_card check (forgotten_at is null or (had_from is null and unlinked_at is null));

alter table yclients_clients
  add column returned_at timestamptz;                   -- linked again after having asked to be forgotten

-- A hash says that a number was forgotten to whoever has the key, which is not here, and nothing to anybody else.
create table forgotten_phones (
  hash             bytea primary key,
  forgotten_at     timestamptz not null,
  constraint hash_is_sha256 check (octet_length(hash) = 32)
);
comment on table forgotten_phones is 'Numbers whose owners asked to be forgotten: the journal does not bring them back until they link again';
