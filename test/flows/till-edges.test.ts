// The edges of what the till may do: whose word counts for which screen, and whose limit a change is held against.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { postTill, type TillEntry } from "../../src/flows/ledger.ts";
import { act, refuse } from "../../src/flows/till.ts";
import { openScreen, type Till } from "../../src/flows/till-screens.ts";
import { anna, type Ledger, openLedger } from "../helpers/ledger.ts";

let ledger: Ledger;
beforeEach(async () => {
  ledger = await openLedger();
  await ledger.post({}); // card 1 is Anna's and holds 35 points
});
afterEach(() => ledger[Symbol.asyncDispose]());

const byHand = async () => (await ledger.rows()).slice(1);

test("an owner's answer is for a screen that asks owners, and does nothing to another", async () => {
  const till: Till = {
    db: ledger.db,
    now: new Date("2026-03-12T12:00:00Z"),
    rules: {
      ...{ spendMaxPercent: 100, adminDailyLimit: null, secondAdminAbove: null },
      ...{ ownerIds: [1, 2], companyIds: [1] },
    },
  };
  const wanted = {
    by: "change",
    phone: anna.phone ?? "",
    action: "credit",
    points: 1_000,
    reason: null,
  } as const;
  const opened = await openScreen(till, { chat: 9, asked: 1 }, wanted);
  if (opened.kind !== "screen") throw new Error(opened.kind);
  expect(await act(till, opened.screen, 1)).toMatchObject({ kind: "changed" });
  expect(await refuse(till, opened.screen, 1)).toBeNull();
  expect(await byHand()).toEqual([]);
  expect(await act(till, opened.screen, null)).toMatchObject({ kind: "done" });
  expect(await byHand()).toEqual(["2 credit card 1 10.00 admin:9 op:9:1"]);
});

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
