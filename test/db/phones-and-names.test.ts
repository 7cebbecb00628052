// What earlier releases stored of phones with their plus in the wrong place, and of names in more than one line.

import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../src/db/connect.ts";
import { migrate } from "../../src/db/migrate.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { phoneOf } from "../../src/rules/phone.ts";
import { termsInForce } from "../../src/visits/branches.store.ts";
import { postReadings } from "../../src/visits/post.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { emptyDatabase } from "../helpers/db.ts";
import { programmeOf, readingOf, usual } from "../helpers/ledger.ts";
import { migrateUpTo, migrations } from "../helpers/old-database.ts";

const mine = migrations.findIndex((name) => name.endsWith("_phones_and_names.sql"));
const before = migrations[mine - 1]?.slice(0, 4) ?? "";

test("a misplaced plus is mended: the card gets its phone, or goes into the one that has it", async () => {
  await using database = await emptyDatabase();
  const { sql } = database;
  await migrateUpTo(sql, before);
  await sql`
    insert into clients (phone, name, telegram_id, linked_at, last_telegram_id) values
      ('+89001234567', 'Анна', null, null, null), ('+89007654321', 'Пётр', 502, now(), 502),
      ('+79007654321', 'Пётр', null, null, null), ('+81312345678', 'Токио', null, null, null),
      ('+84912345678', 'Ханой', null, null, null), ('+87771234567', 'Алия', null, null, null),
      ('+89005550011', 'Ольга', null, null, null), ('+79005550011', 'Ольга', null, null, null),
      ('+8900123456', 'Десять цифр', null, null, null)`;
  await sql`insert into yclients_clients (yclients_client_id, client_id, name) values (1, 1, 'Анна'), (2, 2, 'Пётр')`;
  const give = (card: number, kind: string, points: number, key: string) =>
    sql`insert into bonuslog (client_id, kind, points, actor, key) values (${card}, ${kind}, ${points}, 'admin:601', ${key})`;
  await give(1, "credit", 10, "op:1");
  await give(2, "credit", 20, "op:2");
  await migrate(database.url);
  const cards = () => sql`
    select c.id::int as id, c.phone, c.telegram_id is not null as linked, coalesce(sum(b.points), 0)::int as points
    from clients c left join bonuslog b on b.client_id = c.id group by c.id order by c.id`;
  const stay = [
    { id: 4, phone: "+81312345678", linked: false, points: 0 },
    { id: 5, phone: "+84912345678", linked: false, points: 0 },
    { id: 6, phone: "+77771234567", linked: false, points: 0 },
    { id: 7, phone: "+89005550011", linked: false, points: 0 }, // nobody's in the journal: it would never go anywhere
    { id: 8, phone: "+79005550011", linked: false, points: 0 },
    { id: 9, phone: "+8900123456", linked: false, points: 0 },
  ];
  const anna = { id: 1, phone: "+79001234567", linked: false, points: 10 };
  expect([...(await cards())]).toEqual([
    anna,
    { id: 2, phone: null, linked: false, points: 20 },
    { id: 3, phone: "+79007654321", linked: false, points: 0 },
    ...stay,
  ]);
  // The next pass says the phone again, and the card goes into the one that has it.
  const db = connect(database.url);
  await sql`insert into companies (company_id) values (1)`;
  const programme = programmeOf({ termsId: await termsInForce(db, usual) });
  const client = { id: 2, name: "Пётр", phone: phoneOf("+8 900 765-43-21") };
  const reading = readingOf({ client, price: 100_000, servicesPaid: 100_000 });
  await postReadings(db, programme, [reading], null);
  expect([...(await cards())]).toEqual([
    anna,
    { id: 2, phone: null, linked: false, points: 0 },
    { id: 3, phone: "+79007654321", linked: false, points: 30 },
    ...stay,
  ]);
  expect((await verifyLedger(db, recordFaults)).faults).toEqual([]);
  await db.end({ timeout: 1 });
});

test("what the migration takes for nobody's country is nobody's to our reader as well", () => {
  const text = readFileSync(join(import.meta.dir, "../../sql", migrations[mine] ?? ""), "utf8");
  const [, written = ""] = /c\.phone ~ '([^']+)'/.exec(text) ?? [];
  const misplaced = new RegExp(written);
  let mended = 0;
  for (let prefix = 800; prefix < 900; prefix++) {
    for (let tail = 0; tail < 100; tail++) {
      const phone = `+${prefix}${String((tail * 9_876_543 + 1_234_567) % 1e8).padStart(8, "0")}`;
      if (!misplaced.test(phone)) continue;
      mended += 1;
      expect(phoneOf(phone)).toBe(`+7${phone.slice(2)}`);
    }
  }
  expect(mended).toBeGreaterThan(3_000);
});

test("names become one line; a name of nothing is none, and staff without one are their number", async () => {
  await using database = await emptyDatabase();
  const { sql } = database;
  await migrateUpTo(sql, before);
  const odd = ["Анна\nНа карте: 100", "\u202eПётр\u061c ", "\u3164\u2800", "", "я".repeat(150)];
  const names = [...odd, "Вера", "👩‍👩‍👧", "שרה", null];
  for (const [place, name] of names.entries()) {
    await sql`insert into clients (name) values (${name})`;
    await sql`insert into yclients_clients (yclients_client_id, client_id, name) values (${place + 1}, ${place + 1}, ${name})`;
    if (name !== null) await sql`insert into staff (telegram_id, name) values (${place + 1}, ${name})`;
  }
  await migrate(database.url);
  const kept = ["Анна На карте: 100", "Пётр", null, null, "я".repeat(100), "Вера", "👩‍👩‍👧", "שרה", null];
  const sorted = (some: (string | null)[]) => some.map(String).sort();
  const of = async (table: string) => {
    const rows = await sql.unsafe<{ name: string | null }[]>(`select name from ${table}`);
    return sorted(rows.map(({ name }) => name));
  };
  expect(await of("clients")).toEqual(sorted(kept));
  expect(await of("yclients_clients")).toEqual(sorted(kept));
  const staff = kept.slice(0, 8).map((name, place) => name ?? String(place + 1));
  expect(await of("staff")).toEqual(sorted(staff));
  for (const name of ["", " \n", "Анна\nНа карте"])
    for (const table of ["clients", "yclients_clients", "staff"])
      await expect(sql.unsafe(`update ${table} set name = $1`, [name])).rejects.toThrow("name_is_one_line");
});
