/** Tests of what the database takes of the programme's own kinds of rows, and of nobody else. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { brokenRule, connect, type Db } from "../../src/db/connect.ts";
import { freshDatabase, type TestDatabase } from "../helpers/db.ts";

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.url, { max: 1 });
  await db`insert into clients (phone) values ('+79000000001')`;
  await db`insert into clients (forgotten_at) values (now())`;
});
afterAll(async () => {
  await db.end({ timeout: 1 });
  await database.drop();
});

/** The rule that refuses a row; null where it is taken. */
async function refused(row: string): Promise<string | null> {
  try {
    await db.unsafe(`insert into bonuslog (client_id, kind, corrects, points, actor, key) values (${row})`);
    return null;
  } catch (error) {
    return brokenRule(error) ?? String(error);
  }
}

test("a gift adds, and what takes it back names it", async () => {
  for (const kind of ["welcome", "birthday", "friend"]) {
    expect(await refused(`1, '${kind}', null, -5, 'programme', '${kind}:minus'`)).toBe(
      "points_have_a_sign_by_kind",
    );
    expect(await refused(`1, '${kind}', null, 5, 'programme', '${kind}:1'`)).toBeNull();
    const given = `(select id from bonuslog where key = '${kind}:1')`;
    expect(await refused(`1, '${kind}', ${given}, 5, 'programme', '${kind}:1:back'`)).toBe(
      "points_have_a_sign_by_kind",
    );
    expect(await refused(`1, '${kind}', ${given}, -5, 'programme', '${kind}:1:back'`)).toBeNull();
  }
});

test("its kinds are the programme's, and it writes no others", async () => {
  expect(await refused("1, 'welcome', null, 5, 'admin:9', 'welcome:x'")).toBe("the_programme_writes_its_own");
  expect(await refused("1, 'credit', null, 5, 'programme', 'credit:x'")).toBe("the_programme_writes_its_own");
});

test("what ends says of which row, in its key too", async () => {
  await refused("1, 'credit', null, 5, 'admin:9', 'till:1'");
  const row = "(select id from bonuslog where key = 'till:1')";
  expect(await refused("1, 'expiry', null, -5, 'programme', 'expiry:1.1'")).toBe("what_ends_names_its_row");
  expect(await refused(`1, 'expiry', ${row}, -5, 'programme', 'expiry:1'`)).toBe("what_ends_names_its_row");
  expect(await refused(`1, 'expiry', ${row}, 5, 'programme', 'expiry:1.1'`)).toBe(
    "points_have_a_sign_by_kind",
  );
  expect(await refused(`1, 'expiry', ${row}, -5, 'programme', 'expiry:1.1:back:1'`)).toBe(
    "points_have_a_sign_by_kind",
  );
});

test("a forgotten card is given nothing", async () => {
  expect(await refused("2, 'welcome', null, 5, 'programme', 'welcome:2'")).toBe(
    "forgotten_cards_change_by_visits_alone",
  );
});
