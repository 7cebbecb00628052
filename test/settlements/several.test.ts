/** Settlements beside each other, answers that come into the next one, rights lost, undos in the last moment: both or neither. */
import { expect, test } from "bun:test";
import { lookAgain } from "../../src/settlements/settlements.ts";
import { emptyCards } from "../../src/settlements/surplus.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const N = 50_000;
const stands = "stands: taken, 50000 on the bill, 0 on the card";
const returned = "returned: given back, 0 on the bill, 0 on the card";
const writes = {
  issue: /^\/loyalty\/cards\/\d+$/,
  hand: /\/manual_transaction$/,
  apply: /\/apply_card_withdrawal\//,
  cancel: /\/cancel_card_withdrawal\//,
};

async function booked(salon: SettlingSalon, points = N) {
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  return { recordId, row: await salon.spend(recordId, points) };
}

test("spends of one client on several visits are settled one after another, those of a first card too", async () => {
  await using salon = await settlingSalon();
  const all = [await booked(salon), await booked(salon), await booked(salon)];
  await salon.work();
  for (const { row, recordId } of all) expect(await salon.ended(row, recordId)).toBe(stands);
});

test("one spend waits while what another asked of the card is not known, and then stands", async () => {
  for (const path of [writes.hand, writes.apply]) {
    await using salon = await settlingSalon();
    const [first, second] = [await booked(salon), await booked(salon)];
    salon.yclients.faults.next({ path, cut: true, lateMs: 60_000 });
    await salon.work();
    expect((await salon.one(second.row)).state).toBe("under_way");
    for (const { row } of [first, second]) await salon.rest(row);
    for (const { row, recordId } of [first, second]) expect(await salon.ended(row, recordId)).toBe(stands);
  }
});

test("whoever waits for another's spend on the card fails at nothing, and goes on the moment that one has ended", async () => {
  for (const path of [writes.hand, writes.apply]) {
    await using salon = await settlingSalon();
    const [first, second] = [await booked(salon), await booked(salon)];
    salon.yclients.faults.next({ path, cut: true, lateMs: 1_000 });
    await salon.work();
    expect(await salon.one(second.row)).toMatchObject({ state: "under_way", failures: 0, open: null });
    await salon.rest(first.row);
    await salon.work();
    for (const { row, recordId } of [first, second]) expect(await salon.ended(row, recordId)).toBe(stands);
    expect(salon.log.filter((line) => line.includes("could not be looked at"))).toEqual([]);
  }
});

test("two spends of one client that are taken back at once do not wait for each other", async () => {
  await using salon = await settlingSalon();
  const both = [await booked(salon), await booked(salon)];
  await salon.work();
  for (const { row } of both) await salon.back(row);
  for (const { row } of both) await salon.rest(row);
  for (const { row, recordId } of both) expect(await salon.ended(row, recordId)).toBe(returned);
});

test("points that lie on the card for one spend are not another's to take off, while the first cannot be looked at", async () => {
  await using salon = await settlingSalon();
  const [first, second] = [await booked(salon), await booked(salon)];
  let asked = 0;
  salon.settling.step = (_, move) => {
    // Its points are on the card, what is asked next is turned away at the door, and the look after it fails.
    if (move.kind !== "ask" || move.write !== "apply" || asked++ > 0) return;
    salon.yclients.faults.next({ path: writes.apply, status: 429 });
    salon.yclients.faults.next({ path: /^\/record\//, status: 403 });
  };
  await salon.work();
  for (const { row } of [first, second]) await salon.rest(row);
  for (const { row, recordId } of [first, second]) expect(await salon.ended(row, recordId)).toBe(stands);
});

test("a client's first card is issued once, whatever becomes of the answer and whoever spends beside it", async () => {
  await using salon = await settlingSalon();
  const [first, second] = [await booked(salon), await booked(salon)];
  salon.yclients.faults.next({ path: writes.issue, cut: true, lateMs: 60_000 });
  await salon.work();
  for (const { row } of [first, second]) await salon.rest(row);
  await salon.pass(90_000);
  for (const { row, recordId } of [first, second]) expect(await salon.ended(row, recordId)).toBe(stands);
});

test("what comes so late that it was asked anew is taken off by the next spend of the card", async () => {
  await using salon = await settlingSalon();
  const first = await booked(salon);
  salon.yclients.faults.next({ path: writes.hand, cut: true, lateMs: 600_000 });
  await salon.rest(first.row);
  expect(await salon.ended(first.row, first.recordId)).toBe(stands);
  await salon.pass(600_000);
  expect(await salon.ended(first.row, first.recordId)).toBe(
    stands.replace("0 on the card", "50000 on the card"),
  );
  const second = await booked(salon);
  await salon.rest(second.row);
  expect(await salon.ended(second.row, second.recordId)).toBe(stands);
});

test("points that come onto an earlier visit so late that they are the next spend's are never given back besides", async () => {
  await using salon = await settlingSalon();
  const first = await booked(salon);
  salon.yclients.faults.next({ path: writes.apply, cut: true, lateMs: 600_000 });
  await salon.rest(first.row);
  expect(await salon.ended(first.row, first.recordId)).toBe(stands);
  const second = await booked(salon);
  // It lands just when the second's points are on the card.
  salon.settling.step = async (_, move) => {
    if (move.kind === "ask" && move.write === "apply") salon.wait(600_000);
  };
  const one = await salon.rest(second.row);
  expect([one.state, one.why]).toEqual(["stuck", "gone"]);
  expect(await salon.ended(second.row, second.recordId)).toContain("taken, 0 on the bill");
});

test("while nothing of loyalty is shown nothing is believed gone; shown again, it ends as it was to", async () => {
  for (const goal of ["settle", "back"] as const)
    for (const when of ["before", "issue", "put", "apply", "cancel", "take"]) {
      await using salon = await settlingSalon();
      const { row, recordId } = await booked(salon);
      const blind = () => {
        salon.yclients.faults.withoutLoyalty = true;
        for (const path of Object.values(writes)) salon.yclients.faults.always({ path, status: 403 });
      };
      if (goal === "back") {
        await salon.rest(row);
        await salon.back(row);
      }
      if (when === "before") blind();
      salon.settling.step = async (_, move) => {
        if (move.kind === "ask" && move.write === when) blind();
      };
      let one = await salon.rest(row);
      delete salon.settling.step;
      const meanwhile = await salon.ended(row, recordId);
      const isOnBill = salon.loyalty.rows.some((line) => line.stands && line.type === 3);
      if (isOnBill || salon.loyalty.cards.some((card) => card.kopecks > 0))
        expect([when, goal, meanwhile]).toEqual([when, goal, expect.stringContaining("taken")]);
      salon.yclients.faults.clear();
      for (let tries = 0; one.state === "stuck" && tries < 3; tries++) {
        await lookAgain(salon.db, row);
        one = await salon.rest(row);
      }
      const end = await salon.ended(row, recordId);
      expect([when, goal, [stands, returned, "returned: given back, 0 on the bill,  on the card"]]).toEqual([
        when,
        goal,
        expect.arrayContaining([end]),
      ]);
    }
});

test("a right that is refused holds nothing up for good: it is asked again, and less and less often", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  salon.yclients.permissions.loyalty_access = false;
  for (let turn = 0; turn < 12; turn++) {
    await salon.work();
    await salon.pass(300_000);
  }
  expect(await salon.one(row)).toMatchObject({ state: "under_way", failures: 12 });
  expect(salon.yclients.requests.length).toBeLessThan(40);
  salon.yclients.permissions.loyalty_access = true;
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe(stands);
});

test("what pays of another visit by hand stops it, and taken off there it ends", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  const other = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const card = () => salon.loyalty.cards[0]?.id ?? 0;
  salon.settling.step = async (_, move) => {
    if (move.kind === "ask" && move.write === "apply")
      salon.loyalty.withdraw({ cardId: card(), kopecks: N, ...other });
  };
  const stuck = await salon.rest(row);
  expect([stuck.state, stuck.why]).toEqual(["stuck", "gone"]);
  delete salon.settling.step;
  // Looked at again while it stands there, it is as it was.
  await lookAgain(salon.db, row);
  expect((await salon.rest(row)).state).toBe("stuck");
  salon.loyalty.cancel({ cardId: card(), ...other });
  await lookAgain(salon.db, row);
  const one = await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe(one.state === "stands" ? stands : returned);
});

test("points on another visit are found however late a list is that a trial lets pass", async () => {
  await using salon = await settlingSalon({ chainLagMs: 60_000 });
  const { row, recordId } = await booked(salon);
  await salon.rest(row);
  const other = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const cardId = (await salon.one(row)).reservedCard ?? 0;
  salon.loyalty.cancel({ cardId, companyId: MOSCOW, recordId });
  salon.loyalty.withdraw({ cardId, kopecks: N, ...other });
  await salon.back(row);
  expect(await salon.rest(row)).toMatchObject({ state: "stuck", why: "gone" });
});

test("points on another visit are found late in the evening too, whosever days the chain's list takes", async () => {
  for (const days of ["utc", "branch"] as const)
    for (const lastDay of ["left_out", "in"] as const) {
      await using salon = await settlingSalon({ days, lastDay });
      salon.wait(12 * 3_600_000);
      const { row } = await booked(salon);
      const other = salon.book([{ title: "Стрижка", cost: 316_000 }]);
      salon.settling.step = async (_, move) => {
        const [card] = salon.loyalty.cards;
        if (move.kind === "ask" && move.write === "apply" && card && card.kopecks > 0)
          salon.loyalty.withdraw({ cardId: card.id, kopecks: N, ...other });
      };
      expect([days, lastDay, (await salon.rest(row)).why]).toEqual([days, lastDay, "gone"]);
    }
});

test("points that a hand moved to another visit days ago are not given back", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  const other = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  await salon.rest(row);
  const cardId = salon.loyalty.cards[0]?.id ?? 0;
  salon.wait(5 * 86_400_000);
  salon.loyalty.cancel({ cardId, companyId: MOSCOW, recordId });
  salon.loyalty.withdraw({ cardId, kopecks: N, ...other });
  salon.wait(4 * 86_400_000);
  await salon.back(row);
  const one = await salon.rest(row);
  expect([one.state, one.why]).toEqual(["stuck", "gone"]);
});

test("while a spend waits for a person no other by its card begins", async () => {
  await using salon = await settlingSalon();
  const first = await booked(salon);
  const other = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  salon.settling.step = async (_, move) => {
    const [card] = salon.loyalty.cards;
    if (move.kind === "ask" && move.write === "apply" && card && card.kopecks > 0)
      salon.loyalty.withdraw({ cardId: card.id, kopecks: N, ...other });
  };
  expect((await salon.rest(first.row)).state).toBe("stuck");
  await salon.passTrial();
  const second = await booked(salon);
  expect(await salon.rest(second.row)).toMatchObject({ state: "returned", why: "card_waits" });
  expect(await salon.doubt()).toBeNull();
});

test("what lay on a card is asked off once, and an undo of an earlier spend waits until that is known", async () => {
  await using salon = await settlingSalon();
  const [first, second] = [await booked(salon), await booked(salon)];
  for (const { row } of [first, second]) await salon.rest(row);
  const [card] = salon.loyalty.cards;
  salon.loyalty.moveByHand(card?.id ?? 0, 700);
  salon.yclients.faults.next({ path: writes.hand, cut: true, undone: true });
  await emptyCards(salon.settling, 14);
  await salon.back(first.row);
  await salon.work();
  expect((await salon.one(first.row)).state).toBe("under_way");
  await salon.pass(91_000);
  await emptyCards(salon.settling, 0);
  await salon.rest(first.row);
  expect(await salon.ended(first.row, first.recordId)).toBe(returned);
});

test("a refused return is asked again by whoever taps again, once the receipt is gone", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  await salon.rest(row);
  salon.loyalty.printReceipt({ companyId: MOSCOW, recordId });
  await salon.back(row);
  expect(await salon.rest(row)).toMatchObject({
    state: "stands",
    goal: "settle",
    why: "refused",
    open: null,
  });
  salon.loyalty.printReceipt({ companyId: MOSCOW, recordId }, 5);
  expect(await salon.back(row)).toBe("asked");
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe(returned);
});

test("points stay on a visit that is paid: its payment is deleted first", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  await salon.rest(row);
  salon.journal.pay(recordId);
  await salon.back(row);
  expect(await salon.rest(row)).toMatchObject({ state: "stands", goal: "settle", why: "paid" });
  expect(await salon.ended(row, recordId)).toBe(stands);
  salon.journal.refund(recordId);
  await salon.back(row);
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe(returned);
});

test("an undo in the very moment in which it stands, turns or is kept is not lost", async () => {
  await using salon = await settlingSalon();
  for (const kind of ["stands", "turn", "ask"]) {
    const { row, recordId } = await booked(salon);
    if (kind === "turn") salon.journal.editPrice(recordId, N);
    let isAsked = false;
    let isNow = false;
    salon.settling.step = (_, move) => {
      isNow = move.kind === kind && !isAsked;
    };
    const { db } = salon;
    salon.settling.db = new Proxy(db, {
      get: (target, name) => {
        if (name !== "begin") return Reflect.get(target, name);
        return async (...args: never[]) => {
          if (isNow) [isNow, isAsked] = [false, (await salon.back(row)) === "asked"];
          return Reflect.apply(target.begin, target, args);
        };
      },
    });
    await salon.rest(row);
    salon.settling.db = db;
    delete salon.settling.step;
    expect(isAsked).toBe(true);
    expect(await salon.one(row)).toMatchObject({ state: "returned", askedBackBy: "telegram:1" });
    // What is taken back before it is asked is never asked.
    const { id } = await salon.one(row);
    const asked = await salon.sql`select from settlement_writes where settlement_id = ${id}`;
    if (kind === "ask") expect(asked).toHaveLength(0);
    const cards = salon.loyalty.cards.length > 0 ? "0" : "";
    expect(await salon.ended(row, recordId)).toBe(
      `returned: given back, 0 on the bill, ${cards} on the card`,
    );
  }
});

test("a card that was deleted with its points on the bill is not mistaken for the one that came in its place", async () => {
  for (const goal of ["settle", "back"] as const) {
    await using salon = await settlingSalon();
    const { row, recordId } = await booked(salon);
    const replaced = () => {
      for (const card of salon.loyalty.cards) card.isDeleted = true;
      salon.card(0);
    };
    if (goal === "settle")
      salon.settling.step = async (one, move) => {
        if (move.kind === "came" && one.asked?.write === "apply") replaced();
      };
    await salon.rest(row);
    delete salon.settling.step;
    if (goal === "back") replaced();
    await salon.back(row);
    const one = await salon.rest(row);
    expect([goal, one.state, one.why]).toEqual([goal, "stands", "refused"]);
    expect(await salon.ended(row, recordId)).toContain("taken, 50000 on the bill");
  }
});
