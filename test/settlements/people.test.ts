/** People whose spends are under way: who asks to be forgotten, whose card goes into another, whose name an answer says. */
import { expect, test } from "bun:test";
import { forget } from "../../src/cards/forget.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { must } from "../../src/errors.ts";
import { cardBalance, postTill } from "../../src/ledger/ledger.ts";
import { verifyLedger } from "../../src/ledger/verify.ts";
import { settleDue } from "../../src/settlements/settle.ts";
import { lookAgain } from "../../src/settlements/settlements.ts";
import { watchSettlements } from "../../src/settlements/watch.ts";
import { recordFaults } from "../../src/visits/proof.ts";
import { atEachMoment, interrupted } from "../helpers/interrupted.ts";
import { ANNA, MOSCOW } from "../helpers/loyal-salon.ts";
import { lookTwice, readJournal } from "../helpers/settled-visit.ts";
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
    expect(await Promise.race([salon.work(), Bun.sleep(30_000).then(() => "spins")])).not.toBe("spins");
    await salon.rest(row);
    const cards = touched ? "0" : "";
    expect(await salon.ended(row, recordId)).toBe(`returned: taken, 0 on the bill, ${cards} on the card`);
  }
});

/** Where a spend may be when something happens to its client. */
const states = ["under way", "on the card", "stands", "being returned", "returned", "stuck"] as const;

/** Anna's spend has come to there; what held it up is over with the second answer. */
async function brought(salon: SettlingSalon, to: (typeof states)[number]) {
  const { row, recordId } = await booked(salon);
  await readJournal(salon);
  const { loyalty } = salon;
  const { faults } = salon.yclients;
  if (to === "stuck")
    salon.settling.step = (_, move) => {
      if (move.kind === "ask" && move.write === "apply")
        for (const card of loyalty.cards) card.isDeleted = true;
    };
  if (to === "on the card") faults.always({ path: /apply_card/, status: 503, undone: true });
  if (to !== "under way") await salon.work();
  if (to === "being returned" || to === "returned") await salon.back(row);
  if (to === "returned") await salon.rest(row);
  const goOn = async () => {
    delete salon.settling.step;
    faults.clear();
    for (const card of loyalty.cards) card.isDeleted = false;
    if ((await salon.one(row)).state === "stuck") await lookAgain(salon.db, row);
    await salon.rest(row);
    return (await salon.ended(row, recordId)).replace(/[ ,]*(on the (bill|card))/g, "");
  };
  return { row, recordId, goOn };
}

for (const [state, end] of Object.entries({
  "under way": "returned: taken, 0",
  "on the card": "returned: taken, 0, 0",
  stands: "stands: taken, 50000, 0",
  "being returned": "returned: taken, 0, 0",
  returned: "returned: given back, 0, 0",
  stuck: "returned: taken, 0, 0",
}) as [(typeof states)[number], string][])
  test(`who is forgotten while a spend is "${state}" leaves nothing half done, and no number that leads to them`, async () => {
    await using salon = await settlingSalon();
    const { row, recordId, goOn } = await brought(salon, state);
    await salon.sql`
      insert into accounts (channel, external_id, client_id) values ('telegram', '7', ${salon.annasCard})`;
    await forget(salon.db, "telegram:7", Number(salon.annasCard), {
      ...{ now: salon.clock.now, veil: veilOf("secret") },
    });
    await readJournal(salon);
    expect(await goOn()).toBe(end);
    const numbers = async () => {
      await watchSettlements(salon.settling, "all");
      const [one] = await salon.sql`
        select s.record_id::int as record, s.visit_id as visit, s.yclients_client_id as client, s.reserved_card as card,
          (select count(*) from settlement_writes)::int as writes
        from settlements s where row_id = ${row}`;
      return one;
    };
    const none = { record: recordId, visit: null, client: null, card: null, writes: 0 };
    if (state === "stands") {
      expect(await numbers()).toMatchObject({ visit: String(salon.visitOf(recordId)), client: "9001" });
      await salon.sql`update settlements set began_at = began_at - interval '15 days'`;
    }
    expect(await numbers()).toEqual(none);
  });

/** Anna's card goes into another: the journal shows the phone of a card that had none, and another card has that. */
async function joined(salon: SettlingSalon): Promise<number> {
  await salon.sql`update clients set phone = null where id = ${salon.annasCard}`;
  const [made] = await salon.sql<{ id: number }[]>`
    insert into clients (phone) values (${ANNA.phone}) returning id::int`;
  await readJournal(salon);
  return must(made, "the other card").id;
}

for (const state of states)
  test(`a card that goes into another while a spend is "${state}" takes it along`, async () => {
    await using salon = await settlingSalon();
    const { row, goOn } = await brought(salon, state);
    const other = await joined(salon);
    const isBack = ["being returned", "returned", "stuck"].includes(state);
    expect(await goOn()).toBe(isBack ? "returned: given back, 0, 0" : "stands: taken, 50000, 0");
    expect(await cardBalance(salon.db, other)).toBe(100_000_000 - (isBack ? 0 : N));
    expect(await salon.one(row)).toMatchObject({ card: other });
  });

test("who is forgotten after their card has gone into another keeps the job from nothing", async () => {
  await using salon = await settlingSalon();
  const { row, goOn } = await brought(salon, "being returned");
  const other = await joined(salon);
  await salon.sql`
    insert into accounts (channel, external_id, client_id) values ('telegram', '7', ${other})`;
  await forget(salon.db, "telegram:7", other, { now: salon.clock.now, veil: veilOf("secret") });
  expect(await goOn()).toBe("returned: taken, 0, 0");
  expect((await verifyLedger(salon.db, recordFaults)).faults).toEqual([]);
  await watchSettlements(salon.settling, "all");
  expect(await salon.one(row)).toMatchObject({ visit: 0, client: null });
});

for (const state of states)
  test(`points that go to another card while a spend is "${state}" leave it where it was made`, async () => {
    await using salon = await settlingSalon();
    const { row, goOn } = await brought(salon, state);
    const [made] = await salon.sql<{ id: number }[]>`
      insert into clients (phone) values ('+79007654321') returning id::int`;
    const to = must(made, "the other card").id as never;
    const points = await cardBalance(salon.db, salon.annasCard);
    const of = { card: salon.annasCard, kind: "move", to, points, actor: "admin:1", key: "op:move" } as const;
    expect(await postTill(salon.db, of)).toMatchObject({ result: "done" });
    await goOn();
    const left = points - (await cardBalance(salon.db, to));
    expect([left, await cardBalance(salon.db, salon.annasCard)]).toEqual([
      0,
      ["being returned", "stuck"].includes(state) ? N : 0,
    ]);
    expect(await salon.one(row)).toMatchObject({ card: Number(salon.annasCard) });
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

test("a card of ours that has a phone by another client of the journal issues none to that one", async () => {
  await using salon = await settlingSalon();
  const client = { id: ANNA.id + 1, name: "Аня", phone: "" };
  await salon.sql`insert into yclients_clients (yclients_client_id, client_id) values (${client.id}, ${salon.annasCard})`;
  const services = [{ title: "Стрижка", cost: 316_000 }];
  const recordId = salon.journal.book({ companyId: MOSCOW, client, startsAt: salon.clock.now, services });
  const row = await salon.spend(recordId, N);
  expect(await salon.rest(row)).toMatchObject({ state: "returned", why: "no_phone" });
  expect(salon.loyalty.cards).toEqual([]);
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

const OTHER = "+79007654321";

/** The cards of the kind, as the chain has them: whose they are, and what lies on each. */
const cardsIn = ({ loyalty, type }: SettlingSalon) =>
  loyalty.cards
    .filter(({ typeId, isDeleted }) => typeId === type.id && !isDeleted)
    .map(({ phone, kopecks }) => `+${phone}: ${kopecks}`);

for (const goal of ["settle", "back"] as const)
  test(`a number that changes hides the card, at any moment: it ends as it was to, or waits for a person (${goal})`, async () => {
    await using salon = await settlingSalon();
    const all = await atEachMoment(async (n) => {
      for (const card of salon.loyalty.cards) card.isDeleted = true;
      salon.journal.changePhone(ANNA.id, ANNA.phone);
      const { row, recordId } = await booked(salon);
      if (goal === "back") {
        await salon.rest(row);
        await salon.back(row);
      }
      const { settling, met } = interrupted(salon.settling, n, () => {
        salon.journal.changePhone(ANNA.id, OTHER);
      });
      await settleDue(settling);
      const reads = met();
      let one = await salon.rest(row);
      const came = [`${one.state} ${one.why}`, ...cardsIn(salon)];
      const isStuck = one.state === "stuck";
      if (isStuck) {
        salon.journal.changePhone(ANNA.id, ANNA.phone);
        await lookAgain(salon.db, row);
        one = await salon.rest(row);
      }
      const end = await salon.ended(row, recordId);
      return { met: reads, came: { n, came, isStuck, end } };
      // The journal is the same after an answer and before the next request.
    }, 2);
    for (const { n, came, isStuck, end } of all) {
      const ends = /^(stands: taken, 50000|returned: given back, 0) on the bill, [0 ]*on the card$/;
      expect([n, came, end]).toEqual([n, came, expect.stringMatching(ends)]);
      const cards = isStuck
        ? ["stuck card_gone", `${ANNA.phone}: ${N}`]
        : [came[0] ?? "", ...emptyCardsOf(came)];
      expect([n, came]).toEqual([n, cards]);
    }
    expect(all.some(({ isStuck }) => isStuck)).toBe(goal === "back");
  });

/** At rest each number has one empty card. */
const emptyCardsOf = (came: string[]) =>
  [...new Set(came.slice(1).map((card) => card.replace(/: .*/, "")))].map((phone) => `${phone}: 0`);

test("points that may be on a card which is not shown any more are not given back, and no card is issued for them", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  salon.yclients.faults.next({ path: /manual_transaction$/, cut: true, lateMs: 0 });
  salon.settling.step = (_, move) => {
    if (move.kind === "ask" && move.write === "put") salon.journal.changePhone(ANNA.id, OTHER);
  };
  expect(await salon.rest(row)).toMatchObject({ state: "stuck", why: "card_gone" });
  expect(cardsIn(salon)).toEqual([`${ANNA.phone}: ${N}`]);
  delete salon.settling.step;
  // Whoever takes it back meanwhile gets nothing either, until the card is there again.
  await salon.back(row);
  expect(await salon.rest(row)).toMatchObject({ state: "stuck", why: "card_gone" });
  salon.journal.changePhone(ANNA.id, ANNA.phone);
  await lookAgain(salon.db, row);
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe(returned);
});

test("a number that changed while points stand on a bill changes nothing there; off the bill they wait for a person", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  await salon.rest(row);
  salon.journal.changePhone(ANNA.id, OTHER);
  await lookTwice(salon);
  expect(await salon.one(row)).toMatchObject({ state: "stands", why: null });
  await salon.back(row);
  expect(await salon.rest(row)).toMatchObject({ state: "stuck", why: "card_gone" });
  // The next spend is by the card of the new number, and waits for nobody.
  const next = await booked(salon);
  salon.journal.changePhone(ANNA.id, OTHER);
  await salon.rest(next.row);
  expect(await salon.ended(next.row, next.recordId)).toContain("stands: taken, 50000 on the bill");
  salon.journal.changePhone(ANNA.id, ANNA.phone);
  await lookAgain(salon.db, row);
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toContain("returned: given back, 0 on the bill");
});
