// Linking and leaving by themselves, without the bot's own checks before them.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { keepConsent } from "../../src/cards/consents.store.ts";
import { forget, unlink } from "../../src/cards/forget.ts";
import { link } from "../../src/cards/link.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { connect, type Db } from "../../src/db/connect.ts";
import { freshDatabase, type TestDatabase } from "../helpers/db.ts";

let database: TestDatabase;
let db: Db;
beforeEach(async () => {
  database = await freshDatabase();
  db = connect(database.url);
});
afterEach(async () => {
  await db.end({ timeout: 1 });
  await database.drop();
});

const now = new Date("2026-03-12T12:00:00Z");
const proof = {
  account: "telegram:5",
  phone: "+79001234567",
  firstName: "Анна",
  language: "ru",
  version: "v1",
  now,
  veil: veilOf("secret"),
};

test("a person who was forgotten while the contact came has agreed to nothing: no card is made", async () => {
  await keepConsent(db, "telegram:5", "v0", now); // of other words
  expect(await link(db, proof)).toEqual({ kind: "no_consent" });
  expect([...(await db`select id from clients`)]).toEqual([]);
  await keepConsent(db, "telegram:5", "v1", now);
  expect(await link(db, proof)).toMatchObject({ kind: "linked", phone: proof.phone, balance: 0 });
});

test("who has a card neither unlinks nor forgets another's by its number", async () => {
  const cards = async () => [
    ...(await db`select id, phone, telegram_id as account from clients order by id`),
  ];
  for (const [account, phone] of [
    ["telegram:5", "+79001234567"],
    ["telegram:6", "+79007654321"],
  ] as const) {
    await keepConsent(db, account, "v1", now);
    await link(db, { ...proof, account, phone });
  }
  const before = await cards();
  expect(before.map(({ account }) => account)).toEqual([5, 6]);
  const others = Number(before[1]?.id);
  expect([
    await unlink(db, "telegram:5", others),
    await forget(db, "telegram:5", others, { now, veil: veilOf("secret") }),
  ]).toEqual([null, null]);
  expect(await cards()).toEqual(before);
});
