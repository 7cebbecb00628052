/** People whose spends are under way: who asks to be forgotten, whose card goes into another, whose name an answer says. */
import { expect, test } from "bun:test";
import { must } from "../../src/errors.ts";
import { moveOpening, underLock } from "../../src/ledger/ledger.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const N = 50_000;
const returned = "returned: given back, 0 on the bill, 0 on the card";

async function booked(salon: SettlingSalon) {
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  return { recordId, row: await salon.spend(recordId, N) };
}

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

test("to who has no phone no card is issued, and that says nothing against the branch's trial", async () => {
  await using salon = await settlingSalon();
  await salon.passTrial();
  await salon.sql`update clients set phone = null where id = ${salon.annasCard}`;
  salon.yclients.faults.maskPhones = true;
  for (const _ of [1, 2]) {
    const { row, recordId } = await booked(salon);
    await salon.rest(row);
    expect((await salon.one(row)).why).toBe("no_phone");
    expect(await salon.ended(row, recordId)).toBe("returned: given back, 0 on the bill,  on the card");
  }
  expect(salon.yclients.requests.filter(({ method }) => method === "POST")).toEqual([]);
  expect(await salon.doubt()).toBeNull();
});

test("no number or name of a client is in the log or kept, whatever fails", async () => {
  await using salon = await settlingSalon();
  const { row } = await booked(salon);
  const said = "Клиент Анна +79001234567 не может";
  const refusal = { success: false, data: null, meta: { message: said } };
  salon.yclients.faults.next({ path: /manual_transaction$/, body: refusal, status: 422 });
  salon.yclients.faults.next({ path: /^\/record\//, body: refusal, status: 403, times: 2 });
  await salon.rest(row);
  const kept = await salon.sql`select words from settlement_writes`;
  expect(JSON.stringify([salon.log, kept])).not.toMatch(/Анна|79001234567/);
  expect(salon.log.length).toBeGreaterThan(0);
});
