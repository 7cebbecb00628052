// Linking by itself, without the bot's own checks before it.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { connect, type Db } from "../../src/db/connect.ts";
import { link } from "../../src/flows/link.ts";
import { keepConsent } from "../../src/store/consents.ts";
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
const proof = { telegramId: 5, phone: "+79001234567", firstName: "Анна", language: "ru", version: "v1", now };

test("a person who was forgotten while the contact came has agreed to nothing: no card is made", async () => {
  await keepConsent(db, 5, "v0", now); // of other words
  expect(await link(db, proof)).toEqual({ kind: "no_consent" });
  expect([...(await db`select id from clients`)]).toEqual([]);
  await keepConsent(db, 5, "v1", now);
  expect(await link(db, proof)).toMatchObject({ kind: "linked", phone: proof.phone, balance: 0 });
});
