/** What a settlement decides of a visit, its cards and its rows: why it is not paid, what is ours, and what a refusal means. */
import { expect, test } from "bun:test";
import {
  branchesThatSettle,
  lookAgain,
  type SettleSettings,
  takeOffTheBill,
} from "../../src/settlements/settlements.ts";
import { doubtTrial } from "../../src/settlements/trials.store.ts";
import { joinVisit } from "../../src/standins/yclients/hands.ts";
import { ANNA, MOSCOW } from "../helpers/loyal-salon.ts";
import { until } from "../helpers/program.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const N = 50_000;
const BORIS = { id: 9002, name: "Борис", phone: "+79007654321" };
const issuing = /^\/loyalty\/cards\/\d+$/;
type At = { companyId: number; recordId: number };

async function booked(salon: SettlingSalon) {
  const at = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  return { ...at, row: await salon.spend(at.recordId, N) };
}

/** The rows of a spend: who wrote them, why, and whether the client has to be told. */
const rowsOf = async ({ sql }: SettlingSalon, row: number) => [
  ...(await sql`
    select kind, actor, reason, is_telegram_notified as told from bonuslog
    where id = ${row} or key = 'undo:' || ${row} order by id`),
];

test("who takes a spend back that stood is its undo's author, and the client hears of both", async () => {
  await using salon = await settlingSalon();
  const { row } = await booked(salon);
  await salon.rest(row);
  await salon.back(row);
  await salon.rest(row);
  expect(await rowsOf(salon, row)).toEqual([
    { kind: "spend", actor: "admin:1", reason: null, told: false },
    { kind: "undo", actor: "admin:1", reason: null, told: false },
  ]);
});

test("points come on no card where the visit may not be paid: they come back in silence, and why is kept", async () => {
  await using salon = await settlingSalon();
  salon.card(0);
  const { journal, loyalty, sql } = salon;
  const ways: [why: string, does: (at: At) => unknown][] = [
    ["record_gone", ({ recordId }) => journal.remove(recordId)],
    ["no_show", ({ recordId }) => journal.noShow(recordId)],
    ["no_visit", (at) => joinVisit(loyalty, at, null)],
    ["other_client", ({ recordId }) => journal.changeClient(recordId, BORIS)],
    ["receipt", (at) => loyalty.printReceipt(at)],
    ["receipt", (at) => loyalty.printReceipt(at, 2)],
    ["receipt", ({ recordId }) => journal.edit(recordId, {}, (record) => (record.is_update_blocked = true))],
    ["paid", ({ recordId }) => journal.pay(recordId)],
    ["certificate", (at) => loyalty.payOtherwise(at, "certificate", 20_000)],
    ["certificate", (at) => loyalty.payOtherwise(at, "membership", 20_000)],
    ["too_little_left", ({ recordId }) => journal.payInPart(recordId, 316_000 - N)],
    ["two_cards", () => salon.card(0)],
  ];
  for (const [why, does] of ways) {
    const { row, ...at } = await booked(salon);
    does(at);
    expect(await salon.rest(row)).toMatchObject({ state: "returned", why, touched: false });
    expect(await rowsOf(salon, row)).toEqual([
      { kind: "spend", actor: "admin:1", reason: null, told: true },
      { kind: "undo", actor: "programme", reason: "not_settled", told: true },
    ]);
  }
  // Who has read of the spend is told that it came back.
  const known = await booked(salon);
  await sql`update bonuslog set is_telegram_notified = true where id = ${known.row}`;
  await salon.rest(known.row);
  expect((await rowsOf(salon, known.row)).map(({ told }) => told)).toEqual([true, false]);
  loyalty.deleteCard(loyalty.cards[0]?.id ?? 0);
  // Who was Anna is somebody else here by now.
  const { row } = await booked(salon);
  await sql`with other as (insert into clients (phone) values (${BORIS.phone}) returning id)
    update yclients_clients set client_id = other.id from other where yclients_client_id = ${ANNA.id}`;
  expect(await salon.rest(row)).toMatchObject({ state: "returned", why: "other_client", touched: false });
});

test("a record that becomes another client's before anything is on the card is paid by nobody", async () => {
  await using salon = await settlingSalon();
  salon.book([{ title: "Укладка", cost: 100 }]);
  const { row, recordId } = await booked(salon);
  salon.yclients.faults.next({ path: issuing, cut: true, lateMs: 60_000 });
  await salon.work();
  salon.journal.changeClient(recordId, BORIS);
  expect(await salon.rest(row)).toMatchObject({ state: "returned", why: "other_client", touched: false });
});

test("what another card pays of the visit, or ours by a promotion, is not the spend's", async () => {
  await using salon = await settlingSalon();
  const own = salon.card(0);
  const { id: other } = salon.loyalty.issue(salon.loyalty.addType({ companies: [MOSCOW] }).id, ANNA.phone);
  salon.loyalty.moveByHand(other, 20_000);
  const { row, ...at } = await booked(salon);
  salon.loyalty.withdraw({ cardId: other, kopecks: 20_000, ...at });
  const share = { ...at, kind: "service" as const, item: 0, kopecks: 700 };
  const accrued = { id: 1, batch: 1, at: salon.clock.now, type: 2, cardId: own, companyId: MOSCOW };
  salon.loyalty.rows.push({ ...accrued, kopecks: 700, shares: [share], stands: true });
  expect(await salon.rest(row)).toMatchObject({ state: "stands", toPay: 316_000 - 20_000 - N });
  await salon.back(row);
  expect(await salon.rest(row)).toMatchObject({ state: "returned", toPay: 316_000 - 20_000 });
});

test("an undo while nobody knows whether a card was issued waits for that, and leaves nothing open", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  salon.yclients.faults.next({ path: issuing, cut: true, lateMs: 60_000 });
  await salon.work();
  await salon.back(row);
  expect(await salon.rest(row)).toMatchObject({ state: "returned", open: null });
  expect(await salon.ended(row, recordId)).toBe("returned: given back, 0 on the bill, 0 on the card");
});

test("an answer about another card says nothing of what ours holds", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  const card = { id: 1, balance: 999, type_id: salon.type.id };
  const path = /manual_transaction$/;
  salon.yclients.faults.next({ path, body: { success: true, data: card, meta: [] }, lateMs: 0 });
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe("stands: taken, 50000 on the bill, 0 on the card");
  const asked = await salon.sql`select write from settlement_writes order by id`;
  expect(asked.map(({ write }) => write)).toEqual(["issue", "put", "apply"]);
});

test("a card is read again before the end, whatever was answered to what was asked of it", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  const { reservedCard } = await salon.rest(row);
  await salon.back(row);
  const card = { id: reservedCard, balance: 0, type_id: salon.type.id };
  const path = /manual_transaction$/;
  salon.yclients.faults.next({ path, body: { success: true, data: card, meta: [] }, undone: true });
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe("returned: given back, 0 on the bill, 0 on the card");
});

test("a card is issued to the number that its client has in the journal", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  salon.journal.changePhone(ANNA.id, "+79005550000");
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe("stands: taken, 50000 on the bill, 0 on the card");
});

test("a branch that refuses two spends one after another settles no more; one refusal is the visit's", async () => {
  await using salon = await settlingSalon();
  await salon.passTrial();
  const doubts: (string | null)[] = [];
  for (const isRefused of [true, false, true, true]) {
    if (isRefused) salon.yclients.faults.next({ path: /manual_transaction$/, status: 422 });
    const { row } = await booked(salon);
    expect((await salon.rest(row)).state).toBe(isRefused ? "returned" : "stands");
    doubts.push(await salon.doubt());
  }
  expect(doubts).toEqual([null, null, null, "refused"]);
});

test("a visit that a spend was taken back from excuses nothing that a hand puts there", async () => {
  await using salon = await settlingSalon();
  const before = await booked(salon);
  await salon.rest(before.row);
  await salon.back(before.row);
  await salon.rest(before.row);
  const { row } = await booked(salon);
  salon.settling.step = (_, move) => {
    const [card] = salon.loyalty.cards;
    if (move.kind === "ask" && move.write === "apply" && card)
      salon.loyalty.withdraw({ cardId: card.id, kopecks: N, companyId: MOSCOW, recordId: before.recordId });
  };
  expect(await salon.rest(row)).toMatchObject({ state: "stuck", why: "gone" });
});

test("where YCLIENTS keeps points on a deleted record that was paid they are asked off it", async () => {
  await using salon = await settlingSalon({ visitChanged: "stay" });
  const { row, recordId } = await booked(salon);
  await salon.rest(row);
  salon.journal.pay(recordId);
  salon.journal.remove(recordId);
  await salon.back(row);
  expect(await salon.rest(row)).toMatchObject({ state: "stands", why: "refused" });
});

test("spends settle where it is on and the last trial passed, by this way and kind of card, and nothing is otherwise since", async () => {
  await using salon = await settlingSalon();
  const on = { settles: "on", settleCardType: null, paidBy: "payments" } as const;
  const settles = async (over: Partial<SettleSettings> = {}) =>
    (await branchesThatSettle(salon.db, { ...on, ...over })).has(MOSCOW);
  expect(await settles()).toBe(false);
  await salon.passTrial();
  expect(await settles()).toBe(true);
  expect([await settles({ settles: "off" }), await settles({ settles: "mirror" })]).toEqual([false, false]);
  const { id: kind } = salon.type;
  expect([await settles({ settleCardType: kind }), await settles({ settleCardType: kind + 1 })]).toEqual([
    true,
    false,
  ]);
  for (const change of ["passed = false", "protocol = 2", "doubted_at = now(), doubt = 'short'"]) {
    await salon.passTrial();
    await salon.sql.unsafe(
      `update settlement_trials set ${change} where settlement_id = (select max(id) from settlements)`,
    );
    expect([change, await settles()]).toEqual([change, false]);
  }
  await salon.passTrial();
  expect(await settles()).toBe(true);
  for (const doubt of ["short", "never_done"] as const)
    await salon.db.begin((tx) => doubtTrial(tx as never, MOSCOW, doubt));
  expect([await settles(), await salon.doubt()]).toEqual([false, "short"]);
});

test("of two who take a spend back the first has done it, and who looks again at what stands changes nothing", async () => {
  await using salon = await settlingSalon();
  const { row } = await booked(salon);
  await salon.rest(row);
  await lookAgain(salon.db, row);
  expect(await salon.one(row)).toMatchObject({ state: "stands" });
  await salon.back(row);
  expect(await salon.db.begin((tx) => takeOffTheBill(tx as never, row, "telegram:2"))).toBe("asked");
  expect(await salon.rest(row)).toMatchObject({ state: "returned", askedBackBy: "telegram:1" });
});

test("a trial under way is its own program's: the job leaves it alone", async () => {
  await using salon = await settlingSalon();
  const { recordId } = salon.book([{ title: "Проба", cost: 10_000 }]);
  await salon.sql`
    insert into settlements (company_id, record_id, visit_id, card_type, chain_id, bill_falls, amount)
    values (${MOSCOW}, ${recordId}, ${salon.visitOf(recordId)}, ${salon.branch.cardType}, ${salon.branch.chain}, false, 3)`;
  await salon.work();
  expect(salon.yclients.requests).toEqual([]);
});

test("what was asked by a clock that has been put back since is waited for anew, and no longer than ever", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  salon.yclients.faults.next({ path: /manual_transaction$/, cut: true, undone: true });
  await salon.work();
  await salon.sql`update settlement_writes set sent_at = now() + interval '3 hours', missed_at = now() + interval '3 hours' where came is null`;
  await salon.sql`update settlements set due_at = now() + interval '3 hours'`;
  await salon.work();
  const [held] = await salon.sql`
    select max(sent_at) <= clock_timestamp() as sent, bool_and(missed_at is null) as missed,
      (select due_at < clock_timestamp() + interval '1 minute' from settlements) as due
    from settlement_writes where came is null`;
  expect(held).toEqual({ sent: true, missed: true, due: true });
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe("stands: taken, 50000 on the bill, 0 on the card");
});

test("what was asked in vain to settle is asked anew to give it back", async () => {
  await using salon = await settlingSalon();
  const card = salon.card(0);
  const { row, recordId } = await booked(salon);
  salon.settling.step = ({ goal }, move) => {
    if (move.kind !== "ask" || goal !== "settle") return;
    if (move.write === "put") salon.loyalty.moveByHand(card, 700);
    if (move.write === "take")
      salon.yclients.faults.next({ path: /manual_transaction$/, cut: true, undone: true });
  };
  expect(await salon.rest(row)).toMatchObject({ state: "returned", why: "never_done" });
  expect(await salon.ended(row, recordId)).toBe("returned: given back, 0 on the bill, 0 on the card");
});

test("by a card that changes while it is looked at nothing is decided", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  salon.yclients.faults.next({ path: /manual_transaction$/, cut: true, undone: true });
  await salon.work();
  const { yclients } = salon.settling;
  let reads = 0;
  const cardsOf: typeof yclients.cardsOf = async (client) => {
    reads++;
    return (await yclients.cardsOf(client)).map((card) => ({ ...card, balance: card.balance + reads }));
  };
  salon.settling.yclients = { ...yclients, cardsOf };
  await salon.pass(100_000);
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ failures: 1, asked: { write: "put", missedAt: null } });
  salon.settling.yclients = yclients;
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe("stands: taken, 50000 on the bill, 0 on the card");
});

test("who has lost the job ends nothing: neither on the bill nor given back", async () => {
  await using salon = await settlingSalon();
  const { row } = await booked(salon);
  const { db, sql } = salon;
  for (const kind of ["stands", "returned"] as const) {
    if (kind === "returned") await salon.back(row);
    let isEnd = false;
    salon.settling.step = (_, move) => {
      isEnd = move.kind === kind;
    };
    salon.settling.db = new Proxy(db, {
      get: (target, name) => {
        if (name !== "begin") return Reflect.get(target, name);
        return async (...args: never[]) => {
          if (isEnd) await sql`update jobs set token = token + 1 where name = 'settlements'`;
          return Reflect.apply(target.begin, target, args);
        };
      },
    });
    await salon.work();
    expect([kind, (await salon.one(row)).state]).toEqual([kind, "under_way"]);
    salon.settling.db = db;
    await sql`update jobs set held_until = now() where name = 'settlements'`;
    expect((await salon.rest(row)).state).toBe(kind);
  }
});

test("who has lost the job asks YCLIENTS for nothing", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  const { db, sql } = salon;
  const asks: string[] = [];
  let isAsking = false;
  salon.settling.step = (_, move) => {
    isAsking = move.kind === "ask";
    if (move.kind === "ask") asks.push(move.write);
  };
  salon.settling.db = new Proxy(db, {
    get: (target, name) => {
      if (name !== "begin") return Reflect.get(target, name);
      return async (...args: never[]) => {
        if (isAsking) await sql`update jobs set token = token + 1 where name = 'settlements'`;
        return Reflect.apply(target.begin, target, args);
      };
    },
  });
  await salon.work();
  expect([asks, [...(await sql`select from settlement_writes`)]]).toEqual([["issue"], []]);
  salon.settling.db = db;
  await sql`update jobs set held_until = now() where name = 'settlements'`;
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe("stands: taken, 50000 on the bill, 0 on the card");
});

test("an undo that is being written in the moment in which the spend stands is waited for", async () => {
  await using salon = await settlingSalon();
  const { row, recordId } = await booked(salon);
  const { db, sql } = salon;
  let isEnd = false;
  let undo: Promise<unknown> = Promise.resolve();
  salon.settling.step = (_, move) => {
    isEnd = move.kind === "stands";
  };
  const undone = async () => {
    const asked = Promise.withResolvers<void>();
    undo = db.begin(async (tx) => {
      await takeOffTheBill(tx as never, row, "telegram:1");
      asked.resolve();
      await until(async () => {
        const waiting = await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return waiting.length > 0;
      });
    });
    await asked.promise;
  };
  salon.settling.db = new Proxy(db, {
    get: (target, name) => {
      if (name !== "begin") return Reflect.get(target, name);
      return async (...args: never[]) => {
        if (isEnd) await undone();
        isEnd = false;
        return Reflect.apply(target.begin, target, args);
      };
    },
  });
  await salon.work();
  await undo;
  salon.settling.db = db;
  await salon.rest(row);
  expect(await salon.ended(row, recordId)).toBe("returned: given back, 0 on the bill, 0 on the card");
});

test("an undo finds the points on the visit to which their record has gone", async () => {
  await using salon = await settlingSalon();
  const { row, ...at } = await booked(salon);
  await salon.rest(row);
  joinVisit(salon.loyalty, at, null);
  await salon.back(row);
  await salon.rest(row);
  expect(await salon.ended(row, at.recordId)).toBe("returned: given back, 0 on the bill, 0 on the card");
});
