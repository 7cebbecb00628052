/** What guards the ledger, changed behind the program's back in each way we know: named in a sentence, and nothing else is. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Db } from "../../src/db/connect.ts";
import { changedGuards, differences } from "../../src/db/guards.ts";
import { freshDatabase, type TestDatabase } from "../helpers/db.ts";

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.url, { max: 1 });
});
afterAll(async () => {
  await db.end({ timeout: 1 });
  await database.drop();
});

/** What is found after the statement, which is then taken back. */
async function foundAfter(statement: string): Promise<string[]> {
  await using other = await freshDatabase();
  const changed = connect(other.url, { max: 1 });
  try {
    await changed.unsafe(statement);
    return await changedGuards(changed);
  } finally {
    await changed.end({ timeout: 1 });
  }
}

test("a migrated database is as it was made", async () => {
  expect(await changedGuards(db)).toEqual([]);
});

/** A statement a line, and below it how each of the sentences begins that it brings about. */
const changes = `
alter table bonuslog alter actor drop not null
  table bonuslog: column actor is now "actor text" and was made as "actor text not null".
alter table bonuslog alter reason type varchar(100)
  table bonuslog: column reason is now "reason character varying(100)"
alter table bonuslog alter actor set default 'sync'
  table bonuslog: column actor is now "actor text not null default
alter table companies alter title type text collate "C"
  table companies: column title is now "title text collate C"
alter table bonuslog add column x int generated always as (5) stored
  table bonuslog: column x was added: "x integer always 5".
alter table bonuslog drop constraint points_are_never_zero
  table bonuslog: constraint points_are_never_zero is missing.
alter table bonuslog drop constraint points_are_never_zero, add constraint points_are_never_zero check (true)
  table bonuslog: constraint points_are_never_zero is now "points_are_never_zero: CHECK (true)" and was made as
alter table bonuslog drop constraint points_are_never_zero, add constraint points_are_never_zero check (points <> 0) not valid
  table bonuslog: constraint points_are_never_zero is now "points_are_never_zero: CHECK ((points <> (0)::numeric)) NOT VALID"
alter table bonuslog drop constraint done_once_a_key
  table bonuslog: constraint done_once_a_key is missing.
alter table spends drop constraint spends_id_fkey
  table spends: constraint spends_id_fkey is missing.
alter table clients drop constraint one_card_a_phone
  table clients: constraint one_card_a_phone is missing.
drop index bonuslog_by_card
  table bonuslog: index bonuslog_by_card is missing.
update pg_index set indisvalid = false where indexrelid = 'done_once_a_key'::regclass
  table bonuslog: constraint done_once_a_key, whose index is not valid.
drop trigger bonuslog_chain on bonuslog
  table bonuslog: trigger bonuslog_chain is missing.
alter table bonuslog disable trigger bonuslog_only_grows
  table bonuslog: trigger bonuslog_only_grows, which is off.
alter table bonuslog enable replica trigger bonuslog_chain
  table bonuslog: trigger bonuslog_chain, which is off but for replicas.
alter table spends disable trigger all
  table spends: constraint spends_company_id_fkey, whose triggers are off.
  table spends: constraint spends_id_fkey, whose triggers are off.
create or replace trigger bonuslog_only_grows before update or delete on bonuslog for each row when (old.id > 9) execute function bonuslog_only_grows()
  table bonuslog: trigger bonuslog_only_grows is now "CREATE TRIGGER
create function richer() returns trigger language plpgsql as 'begin new.points := 9; return new; end'; create trigger a before insert on bonuslog for each row execute function richer()
  table bonuslog: trigger a was added: "CREATE TRIGGER a BEFORE INSERT on bonuslog
create schema other; create function other.bonuslog_chain() returns trigger language plpgsql as 'begin return new; end'; create or replace trigger bonuslog_chain before insert on bonuslog for each row execute function other.bonuslog_chain()
  table bonuslog: trigger bonuslog_chain is now "CREATE TRIGGER bonuslog_chain BEFORE INSERT on bonuslog FOR EACH ROW EXECUTE FUNCTION other.
create or replace function bonuslog_only_grows() returns trigger language plpgsql as 'begin return new; end'
  function bonuslog_only_grows() is now "bonuslog_only_grows() returns trigger, sha256
alter function bonuslog_chain() reset all
  function bonuslog_chain() is now
alter function bonuslog_chain() set search_path = other, public
  function bonuslog_chain() is now
alter function bonuslog_chain() security definer
  function bonuslog_chain() is now
create rule r as on insert to bonuslog do instead nothing
  table bonuslog has rules r.
create policy p on bonuslog
  table bonuslog has policies p.
alter table bonuslog enable row level security
  table bonuslog has row level security.
alter table dialogs set unlogged
  table dialogs has no log: a crash empties it.
create schema other; create table other.more () inherits (bonuslog)
  table bonuslog has children other.more.
alter table spends owner to pg_monitor
  table spends has an owner of its own, pg_monitor.
create or replace view balances as select client_id, sum(points) + 1 as balance from bonuslog group by client_id
  the query of view balances is now "as SELECT client_id, (sum(points) + (1)::numeric) AS balance FROM bonuslog GROUP BY client_id;"
create schema other; create table other.bonuslog (client_id bigint, points numeric); create or replace view balances as select client_id, sum(points) as balance from other.bonuslog group by client_id
  the query of view balances is now "as SELECT client_id, sum(points) AS balance FROM other.bonuslog GROUP BY client_id;"
alter table bonuslog rename to real; create view bonuslog as select * from real
  table bonuslog is missing.
  the query of view balances is now "as SELECT "real".client_id
drop table spends cascade
  table spends is missing.
  table refund_offers: constraint refund_offers_spend_id_fkey is missing.
create function sum(bigint) returns bigint language sql as 'select 1::bigint'
  function public.sum(bigint) stands beside PostgreSQL's own.
create function joined(bigint, text) returns text language sql as $$ select 'x' $$; create operator public.|| (leftarg = bigint, rightarg = text, function = joined)
  operator ||(bigint,text) stands beside PostgreSQL's own.
create function worded(bigint) returns text language sql as $$ select 'x' $$; create cast (bigint as text) with function worded(bigint)
  a cast from bigint to text was added.
create function cards_of(bigint, other int default 1) returns setof bigint language sql as 'select 1::bigint'
  function cards_of(bigint, other integer) was added: "cards_of(bigint, other integer) returns bigint
create schema other; create table other.clients (like clients); create function other.cards_of(bigint) returns setof bigint language sql as 'select 1::bigint'; set search_path = other, public
  search_path finds clients of the schema other before ours.
  search_path finds the function cards_of of the schema other before ours.
set session_replication_role = replica
  session_replication_role is replica, here: no trigger holds.
do $$ begin execute format('alter database %I set session_replication_role = replica', current_database()); end $$
  session_replication_role is replica, set for database
create schema other; set search_path = other, pg_catalog, public
  search_path puts the schema other before PostgreSQL's own names.
`
  .trim()
  .split(/\n(?! )/)
  .map((one) => one.split("\n  "));

test.each(changes)("named: %s", async (statement = "", ...sentences) => {
  const found = await foundAfter(statement);
  expect(sentences.filter((words) => !found.some((one) => one.startsWith(words)))).toEqual([]);
  expect(found.length).toBeGreaterThanOrEqual(sentences.length);
  expect(new Set(found).size).toBe(found.length);
});

test("what is the owner's own, and ours under another schema's name, is no change", async () => {
  expect(
    await foundAfter(`create table reports (id int); create view rich as select * from balances where balance > 100;
      create index by_day on bonuslog (awarded_at); create function my_report() returns int language sql as 'select 1';
      comment on table bonuslog is 'mine'; alter table bonuslog enable always trigger bonuslog_chain`),
  ).toEqual([]);
  const renamed = "alter schema public rename to salon; set search_path = salon;";
  expect((await foundAfter(renamed))[0]).toContain(
    'is now "account_to_tell(card bigint, what text, of_subject bigint, told_unasked text[], away text[]) returns text, in sql, stable, set search_path=pg_catalog, public,',
  );
  expect(
    await foundAfter(`${renamed}
      do $$ declare one text; begin
        for one in select oid::regprocedure from pg_proc where 'search_path=pg_catalog, public, pg_temp' = any(proconfig) loop
          execute format('alter function %s set search_path = pg_catalog, salon, pg_temp', one);
        end loop;
      end $$`),
  ).toEqual([]);
});

test("of two pages each line that is not in both is named once", () => {
  const page = (...lines: string[]) => `${lines.join("\n")}\n\nfunctions\n  f() returns int\n`;
  const one = page("table a -- words", "  id int", "  constraints", "    k: CHECK (1)");
  expect(differences(one, one)).toEqual([]);
  expect(differences(one, page("table a", "  id int", "  x int"))).toEqual([
    "table a: constraint k is missing.",
    'table a: column x was added: "x int".',
  ]);
  expect(differences(one, page("table b", "  id int"))).toEqual(["table a is missing."]);
});
