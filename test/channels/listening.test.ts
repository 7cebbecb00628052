// How updates come is agreed on for each messenger by itself: what one is told, and its change of mode, are nothing to another.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { claimMode, keepMode, keepWebhookHash, webhookHash } from "../../src/channels/listening.store.ts";
import { connect, type Db } from "../../src/db/connect.ts";
import { freshDatabase } from "../helpers/db.ts";

let db: Db;
let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
  db = connect(database.url);
});
afterAll(async () => {
  await db.end({ timeout: 1 });
  await database.drop();
});

const [webhook, polling] = ["https://bot.example/telegram/webhook", "polling"];

test("a messenger that is polled leaves another's webhook as it is, and is told nothing of it", async () => {
  await claimMode(db, "telegram", webhook, 10_000);
  await claimMode(db, "max", polling, 10_000);
  await keepWebhookHash(db, "telegram", "hash");
  expect(await keepMode(db, "telegram", webhook, 10_000)).toBe(1);
  expect(await keepMode(db, "max", polling, 10_000)).toBe(1);
  expect([await webhookHash(db, "telegram"), await webhookHash(db, "max")]).toEqual(["hash", null]);
  await keepWebhookHash(db, "max", "other");
  expect([await webhookHash(db, "telegram"), await webhookHash(db, "max")]).toEqual(["hash", "other"]);
});

test("a messenger whose replicas are gone for a while is taken over by its own alone", async () => {
  await db`update listening set held_until = clock_timestamp() - interval '1 second' where channel = 'max'`;
  expect(await keepMode(db, "telegram", webhook, 10_000)).toBe(1);
  expect(await keepMode(db, "max", polling, 10_000)).toBe(1);
});

test("a messenger whose mode has changed says so to its own replicas alone", async () => {
  await claimMode(db, "max", "https://bot.example/max/webhook", 10_000);
  expect(await keepMode(db, "max", polling, 10_000)).toBeNull();
  expect(await keepMode(db, "telegram", webhook, 10_000)).toBe(1);
});
