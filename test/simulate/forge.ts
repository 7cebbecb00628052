// What the owner of the tables could do to a simulated ledger by hand, once a world has come to its end. `verify` and the
// look at the guards must name it: by themselves, or, where nobody could, against a seal that was kept elsewhere.

import type postgres from "postgres";
import { connect } from "../../src/db/connect.ts";
import { changedGuards } from "../../src/db/guards.ts";
import { proved } from "../helpers/proved.ts";
import { forgedLots } from "./forge-lots.ts";
import type { World } from "./world.ts";

/** Rows and the hash of the last of them, as owners have it in their chats. */
export interface KeptSeal {
  rows: number;
  hash: string;
}

type Sql = postgres.Sql;

/** Does it; what a fault must hold for it to be named, or null where the ledger has no rows to do it with. */
export type Forgery = (sql: Sql, random: number) => Promise<RegExp | null>;

const unguarded = (sql: Sql, statements: string) =>
  sql.unsafe(
    `alter table bonuslog disable trigger user; ${statements}; alter table bonuslog enable trigger user`,
  );

/** A row as anybody might write it through the chain's own trigger. */
const insert = (
  sql: Sql,
  row: { card: number; kind: string; points: number; corrects?: number; actor?: string },
) =>
  sql<{ id: number }[]>`
    insert into bonuslog (client_id, kind, points, corrects, actor, key)
    values (${row.card}, ${row.kind}, ${row.points}::float8::numeric, ${row.corrects ?? null}, ${row.actor ?? "admin:601"},
      ${`op:7000000001:601:${990_000 + row.points}`})
    returning id::int`;

async function card(sql: Sql, random: number, other = 0): Promise<number> {
  const cards = await sql<{ id: number }[]>`
    select id::int from clients where phone is not null and id <> ${other} order by id`;
  return cards[random % cards.length]?.id ?? 0;
}

/** Rows by hand, each with its card; those that were taken back too. */
async function rows(sql: Sql, kinds: string[]): Promise<{ id: number; card: number }[]> {
  return sql<{ id: number; card: number }[]>`
    select id::int, client_id::int as card from bonuslog where kind = any(${kinds}) order by id`;
}

const pick = <T>(list: readonly T[], random: number): T | undefined =>
  list[random % Math.max(1, list.length)];

/** One row has more and another as much less: what all cards hold together is what it was. */
async function twoRows(sql: Sql, random: number, more = ""): Promise<RegExp | null> {
  const credits = await rows(sql, ["credit"]);
  const [one, two] = [pick(credits, random), pick(credits, random + 1)];
  if (!one || !two || one === two) return null;
  await unguarded(
    sql,
    `update bonuslog set points = points + 4 ${more} where id = ${one.id};
     update bonuslog set points = points + 1 ${more} where id = ${two.id}`,
  );
  return new RegExp(`Row ${one.id}: .*hash`);
}

/** Every row's hash made anew, from one row to the last, as its trigger makes it. */
const rechained = (from: number) => `
  do $$ declare r bonuslog; before bytea; begin
    for r in select * from bonuslog where id >= ${from} order by id loop
      select hash into before from bonuslog where id = r.id - 1;
      update bonuslog set hash = sha256(coalesce(before, ''::bytea) || convert_to(
        concat_ws(' ', r.id, r.client_id, r.kind, coalesce(r.record_id::text, '-'), coalesce(r.corrects::text, '-'), r.points,
          coalesce(r.paid::text, '-'), r.actor, r.key, (extract(epoch from r.awarded_at) * 1000000)::bigint,
          coalesce(r.reason, '')), 'UTF8')) where id = r.id;
    end loop;
  end $$`;

/** All of them, by name. */
export const forgeries: Record<string, Forgery> = {
  changed: twoRows,
  "changed, and its author taken out": async (sql, random) => {
    await sql`alter table bonuslog alter column actor drop not null`;
    return twoRows(sql, random, ", actor = null");
  },
  "changed, and a hash of one's own put before PostgreSQL's": async (sql, random) => {
    await sql`create function public.sha256(bytea) returns bytea language sql as 'select null::bytea'`;
    return twoRows(sql, random);
  },
  opening: async (sql, random) => {
    const [last] = await sql<{ id: number }[]>`select max(id)::int as id from bonuslog`;
    const id = (last?.id ?? 0) + 1;
    // The chain's own trigger would refuse it.
    await unguarded(
      sql,
      `insert into bonuslog (id, client_id, kind, points, actor, key, hash)
         values (${id}, ${await card(sql, random)}, 'opening', 9999.00, 'sync', 'opening:1:to', '');
       ${rechained(id)}`,
    );
    return new RegExp(`Row ${id}:`);
  },
  "half a move": async (sql, random) => {
    const [row] = await insert(sql, { card: await card(sql, random), kind: "move", points: 55 });
    return row ? new RegExp(`Row ${row.id}:`) : null;
  },
  "an undo on another card": async (sql, random) => {
    const debit = pick(await rows(sql, ["spend", "debit"]), random);
    if (!debit) return null;
    const to = await card(sql, random, debit.card);
    const [row] = await sql<{ id: number }[]>`
      insert into bonuslog (client_id, kind, points, corrects, actor, key)
      select ${to}, 'undo', -points, id, 'admin:601', 'undo:x' || id from bonuslog where id = ${debit.id} returning id::int`;
    return row ? new RegExp(`Row ${row.id}:`) : null;
  },
  "a correction of what is no award": async (sql, random) => {
    const credit = pick(await rows(sql, ["credit"]), random);
    if (!credit) return null;
    const [row] = await insert(sql, {
      ...credit,
      kind: "correction",
      points: 77,
      corrects: credit.id,
      actor: "sync",
    });
    return row ? new RegExp(`Row ${row.id}:`) : null;
  },
  "a spend without its bill": async (sql, random) => {
    const spend = pick(await rows(sql, ["spend"]), random);
    if (!spend) return null;
    await sql`delete from refund_offers where spend_id = ${spend.id}`;
    await sql`delete from spends where id = ${spend.id}`;
    return new RegExp(`Row ${spend.id}:`);
  },
  "cut off": async (sql) => {
    await unguarded(sql, cutOff);
    return /[Ss]eal/;
  },
  "changed, and chained anew": async (sql, random) => {
    const credit = pick(await rows(sql, ["credit"]), random);
    if (!credit) return null;
    await unguarded(
      sql,
      `update bonuslog set points = points + 9 where id = ${credit.id}; ${rechained(credit.id)}`,
    );
    return /[Ss]eal/;
  },
  ...forgedLots,
  "a guard taken away": async (sql, random) => {
    const guards = [
      ["alter table bonuslog disable trigger bonuslog_only_grows", /bonuslog_only_grows/],
      ["alter table bonuslog drop constraint done_once_a_key", /done_once_a_key/],
      ["alter table bonuslog alter column actor drop not null", /actor/],
      ["alter table clients drop constraint phone_is_e164", /phone_is_e164/],
      [
        "create or replace view balances as select client_id, sum(points) + 1 as balance from bonuslog group by 1",
        /balances/,
      ],
      ["drop trigger bonuslog_chain on bonuslog", /bonuslog_chain/],
    ] as const;
    const [statement, named] = guards[random % guards.length] ?? guards[0];
    await sql.unsafe(statement);
    return named;
  },
};

/** The last row goes, and all that leads to it. */
const cutOff = `
  create temp table last as select max(id) as id from bonuslog;
  delete from screens where row_id = (select id from last);
  delete from refund_offers where spend_id = (select id from last);
  delete from spends where id = (select id from last);
  delete from bonuslog where id = (select id from last);
  drop table last`;

/** Does it to the world's ledger, which was sound: what is wrong with what is said of it afterwards. */
export async function forged(world: World, how: string, random: number): Promise<string[]> {
  const db = connect(world.database.url, { max: 1 });
  try {
    const seals = [...world.seals, await sealOf(world)].filter(({ rows }) => rows > 0);
    const before = new Set(await changedGuards(db));
    if (seals.length === 0) return [];
    const named = await forgeries[how]?.(world.database.sql, random);
    if (!named) return [];
    world.count(`forged: ${how}`);
    const found = [
      ...(await changedGuards(db)).filter((one) => !before.has(one)),
      ...(
        await proved(
          db,
          seals.map((seal) => ({ ...seal, day: null })),
        )
      ).faults,
    ];
    return found.some((fault) => named.test(fault))
      ? []
      : [`forged was "${how}", and found ${JSON.stringify(found)}`];
  } finally {
    await db.end();
  }
}

/** The seal of the ledger as it is. */
export async function sealOf(world: World): Promise<KeptSeal> {
  const [row] = await world.database.sql<KeptSeal[]>`
    select id::int as rows, encode(hash, 'hex') as hash from bonuslog order by id desc limit 1`;
  return row ?? { rows: 0, hash: "-" };
}
