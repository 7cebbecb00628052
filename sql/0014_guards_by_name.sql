-- The ledger's guards find this schema's tables and PostgreSQL's own functions, whatever the session that writes has set:
-- a temporary table called bonuslog would otherwise be the one that they sum.

do $$
declare
  path text := format('pg_catalog, %I, pg_temp', current_schema);
begin
  execute 'alter function bonuslog_chain() set search_path = ' || path;
  execute 'alter function bonuslog_only_grows() set search_path = ' || path;
  execute 'alter function bonuslog_of_somebody() set search_path = ' || path;
end
$$;

-- verify calls this one for every row: a body that is read once, here, costs nothing then.
create or replace function bonuslog_hash(previous bytea, r bonuslog) returns bytea language sql stable
return sha256(previous || convert_to(
  r.id || ' ' || r.client_id || ' ' || r.kind || ' ' || coalesce(r.record_id::text, '-') || ' '
  || coalesce(r.corrects::text, '-') || ' ' || r.points || ' ' || coalesce(r.paid::text, '-') || ' '
  || r.actor || ' ' || r.key || ' ' || (extract(epoch from r.awarded_at) * 1000000)::bigint || ' '
  || coalesce(r.reason, ''), 'UTF8'));
