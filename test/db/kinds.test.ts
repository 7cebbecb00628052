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
  await db`insert into clients (phone) values ('+79000000003')`;
  await db`
    insert into friends (friend, inviter, tied_at, friend_points, inviter_points, after_days, state, company_id, record_id, given_at, changed_at)
    values (1, 3, now(), 5, 5, 3, 'given', 1, 101, now(), now())`;
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
    const key = kind === "friend" ? "friend:1:friend" : `${kind}:1`;
    expect(await refused(`1, '${kind}', null, 5, 'programme', '${key}'`)).toBeNull();
    const given = `(select id from bonuslog where key = '${key}')`;
    // The guard of invitations comes before the sign of what adds and names a row.
    const plus = await refused(`1, '${kind}', ${given}, 5, 'programme', '${key}:back'`);
    expect(plus).toBe(kind === "friend" ? "gifts_of_friends_are_promised" : "points_have_a_sign_by_kind");
    expect(await refused(`1, '${kind}', ${given}, -5, 'programme', '${key}:back'`)).toBeNull();
  }
});

test("its kinds are the programme's, and it writes no others", async () => {
  expect(await refused("1, 'welcome', null, 5, 'admin:9', 'welcome:x'")).toBe("the_programme_writes_its_own");
  expect(await refused("1, 'credit', null, 5, 'programme', 'credit:x'")).toBe("the_programme_writes_its_own");
});

test("the programme takes back no spend but one that it settles", async () => {
  await refused("1, 'credit', null, 5, 'admin:9', 'till:settled:1'");
  await refused("1, 'spend', null, -5, 'admin:9', 'till:settled:2'");
  const row = "(select id from bonuslog where key = 'till:settled:2')";
  for (const key of [`'undo:' || ${row}`, "'undo:x'"])
    expect(await refused(`1, 'undo', ${row}, 5, 'programme', ${key}`)).toBe(
      "the_programme_gives_back_what_it_settles",
    );
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
