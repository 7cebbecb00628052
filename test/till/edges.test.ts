// The edges of what the till may do: whose word counts for which screen, and whose limit a change is held against.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { postTill, type TillEntry } from "../../src/ledger/ledger.ts";
import { handledToday, putSpend } from "../../src/ledger/spends.store.ts";
import { saveScreen } from "../../src/till/screens.store.ts";
import { openScreen, type Till } from "../../src/till/screens.ts";
import { act, refuse } from "../../src/till/till.ts";
import { anna, type Ledger, openLedger } from "../helpers/ledger.ts";
import { settlesNothing, spending } from "../helpers/programme.ts";

let ledger: Ledger;
beforeEach(async () => {
  ledger = await openLedger();
  await ledger.post({}); // card 1 is Anna's and holds 35 points
});
afterEach(() => ledger[Symbol.asyncDispose]());

const byHand = async () => (await ledger.rows()).slice(1);

const till = (): Till => ({
  bot: 5,
  db: ledger.db,
  now: new Date("2026-03-12T12:00:00Z"),
  rules: {
    ...{ ...spending, ...settlesNothing, adminDailyLimit: null, secondAdminAbove: null },
    ...{ ownerIds: ["telegram:1", "telegram:2"], companyIds: [1] },
  },
});

/** Opens the screen of a credit of 10 points to Anna, in the chat of admin 9. */
async function creditScreen() {
  const wanted = {
    by: "change",
    phone: anna.phone ?? "",
    action: "credit",
    points: 1_000,
    reason: null,
  } as const;
  const opened = await openScreen(till(), { bot: 5, account: "telegram:9", asked: 1 }, wanted);
  if (opened.kind !== "screen") throw new Error(opened.kind);
  return opened.screen;
}

test("an owner's answer is for a screen that asks owners, and does nothing to another", async () => {
  const screen = await creditScreen();
  expect(await act(till(), screen, "telegram:1")).toMatchObject({ kind: "changed" });
  expect(await refuse(till(), screen, "telegram:1")).toBeNull();
  expect(await byHand()).toEqual([]);
  expect(await act(till(), screen, null)).toMatchObject({ kind: "done" });
  expect(await byHand()).toEqual(["2 credit card 1 10.00 admin:9 till:5:telegram:9:1"]);
});

test("a screen that was changed since it was read is not written over", async () => {
  const screen = await creditScreen();
  const until = new Date("2026-03-12T14:00:00Z");
  expect(await saveScreen(ledger.db, { ...screen, points: 2_000 }, until)).toMatchObject({ points: 2_000 });
  expect(await saveScreen(ledger.db, { ...screen, step: "closed" }, until)).toBeNull();
});

/** A spend of 5 points of a bill of 500, kept with the record that it is for, or null. */
async function spentOn(): Promise<number | null> {
  let row = 0;
  await postTill(ledger.db, {
    ...{ card: 1, kind: "spend", points: 500, bill: 50_000, actor: "admin:9", key: crypto.randomUUID() },
    also: async (tx, id) => {
      row = id;
      await putSpend(tx, { row, card: 1, company: 1, day: "2026-03-12", bill: 50_000 });
    },
  });
  const [spend] = await ledger.db<{ record: number | null }[]>`
    select record_id as record from spends where id = ${row}`;
  return spend?.record ?? null;
}

test("a spend is for the one record of the client's day, for none of two, and never for a deleted one", async () => {
  expect(await spentOn()).toBe(101);
  await ledger.post({ recordId: 102 });
  expect(await spentOn()).toBeNull();
  await ledger.post({ deleted: true });
  expect(await spentOn()).toBe(102);
});

test.each(["Asia/Kamchatka", "America/New_York"])(
  "the limit's day begins at midnight in %s",
  async (zone) => {
    const at = (seconds: number, points: number) => ledger.db`
    insert into bonuslog (client_id, kind, points, actor, key, awarded_at)
    select 1, 'credit', ${points}::numeric, 'admin:9', ${`op:${points}`},
      date_trunc('day', now() at time zone ${zone}) at time zone ${zone} + ${seconds}::float8 * interval '1 second'`;
    await at(-1, 100);
    await at(0, 1_000);
    expect(await handledToday(ledger.db, "admin:9", zone)).toBe(1_000);
  },
);

test("what an owner agreed to counts in the limit of the admin who did it, and in no other's", async () => {
  const credit = async (actor: string, points: number) => {
    const entry: TillEntry = {
      ...{ card: 1, kind: "credit", points, actor, key: crypto.randomUUID() },
      daily: { limit: 1_000, timeZone: "Europe/Moscow" },
    };
    const posted = await postTill(ledger.db, entry);
    return posted.result === "over_limit" ? `over, ${posted.left} left` : posted.result;
  };
  expect(await credit("admin:9,owner:1", 600)).toBe("done");
  expect(await credit("admin:9,owner:1", 500)).toBe("over, 400 left");
  expect(await credit("admin:9", 500)).toBe("over, 400 left");
  expect(await credit("admin:1", 1_000)).toBe("done");
  expect(await credit("admin:9,owner:2", 400)).toBe("done");
});
