/** Settlements beside each other, answers that come into the next one, rights lost, people forgotten: both or neither. */
import { expect, test } from "bun:test";
import { must } from "../../src/errors.ts";
import { moveOpening, underLock } from "../../src/ledger/ledger.ts";
import { settleDue } from "../../src/settlements/settle.ts";
import { lookAgain } from "../../src/settlements/settlements.ts";
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
        await lookAgain(salon.db, one);
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

test("who is forgotten while it is under way keeps the job from nothing: the bill is cleared, and no points come", async () => {
  for (const touched of [false, true]) {
    await using salon = await settlingSalon();
    const { row, recordId } = await booked(salon);
    if (touched) await salon.rest(row);
    await salon.back(row);
    await salon.sql`update clients set phone = null, name = null, forgotten_at = now() where id = ${salon.annasCard}`;
    expect(await Promise.race([salon.work(), Bun.sleep(5_000).then(() => "spins")])).not.toBe("spins");
    await salon.rest(row);
    const cards = touched ? "0" : "";
    expect(await salon.ended(row, recordId)).toBe(`returned: taken, 0 on the bill, ${cards} on the card`);
  }
});

test("a card that has gone into another gives the points back there", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  await salon.rest(row);
  await salon.back(row);
  const [made] = await salon.sql<{ id: number }[]>`
    insert into clients (phone) values ('+79005550000') returning id::int`;
  const other = must(made, "the other card").id;
  await underLock(salon.db, async (tx) => {
    await moveOpening(tx, salon.annasCard, other);
    await tx`update clients set phone = null, merged_into = ${other}, merged_at = now() where id = ${salon.annasCard}`;
  });
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe(returned);
  const [undone] = await salon.sql`select client_id as card from bonuslog where key = 'undo:' || ${row}`;
  expect(undone?.card).toBe(String(other));
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
  await lookAgain(salon.db, stuck);
  expect((await salon.rest(row)).state).toBe("stuck");
  salon.loyalty.cancel({ cardId: card(), ...other });
  await lookAgain(salon.db, await salon.one(row));
  const one = await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe(one.state === "stands" ? stands : returned);
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

test("no number or name of a client is in the log or kept, whatever fails", async () => {
  await using salon = await settlingSalon();
  const { row } = await booked(salon);
  const said = "Клиент Анна +79001234567 не может";
  const refusal = { success: false, data: null, meta: { message: said } };
  salon.yclients.faults.next({ path: writes.hand, body: refusal, status: 422 });
  salon.yclients.faults.next({ path: /^\/record\//, body: refusal, status: 403, times: 2 });
  await salon.rest(row);
  const kept = await salon.sql`select words from settlement_writes`;
  expect(JSON.stringify([salon.log, kept])).not.toMatch(/Анна|79001234567/);
  expect(salon.log.length).toBeGreaterThan(0);
  await settleDue(salon.settling);
});

test("an undo in the very moment in which it stands, turns or is kept is not lost", async () => {
  await using salon = await settlingSalon();
  for (const kind of ["stands", "turn", "ask"]) {
    const { row, recordId } = await booked(salon);
    if (kind === "turn") salon.journal.editPrice(recordId, N);
    let isAsked = false;
    salon.settling.step = async (_, move) => {
      if (move.kind !== kind || isAsked) return;
      isAsked = true;
      await salon.back(row);
    };
    await salon.rest(row);
    delete salon.settling.step;
    expect(isAsked).toBe(true);
    expect(await salon.one(row)).toMatchObject({ state: "returned", askedBackBy: "telegram:1" });
    const cards = salon.loyalty.cards.length > 0 ? "0" : "";
    expect(await salon.ended(row, recordId)).toBe(
      `returned: given back, 0 on the bill, ${cards} on the card`,
    );
  }
});
