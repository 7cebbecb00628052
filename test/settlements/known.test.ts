/** What the rest of the program knows of spends that settle: what a visit earns, and who is told to lower which price. */
import { expect, test } from "bun:test";
import { forget } from "../../src/cards/forget.ts";
import { veilOf } from "../../src/cards/veil.ts";
import { visitsSeen } from "../../src/client/history.ts";
import { whyTexts } from "../../src/client/why.texts.ts";
import { must } from "../../src/errors.ts";
import { postTill, pricesKept, putSpend } from "../../src/ledger/ledger.ts";
import { tillEn, tillRu } from "../../src/notices/till.texts.ts";
import { digestTexts } from "../../src/owners/digest.texts.ts";
import { handChanges, unpaidVisits } from "../../src/owners/digests.store.ts";
import { branchesThatSettle } from "../../src/settlements/settlements.ts";
import { watchSettlements } from "../../src/settlements/watch.ts";
import { whyText } from "../../src/till/lists.texts.ts";
import { dueOffers, findRefunds } from "../../src/till/refunds.store.ts";
import { servicesToPay, tillCard } from "../../src/till/till.store.ts";
import type { Programme } from "../../src/visits/programme.texts.ts";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { passTrial } from "../helpers/passed-trial.ts";
import { proved } from "../helpers/proved.ts";
import { lookTwice, readJournal, spent } from "../helpers/settled-visit.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const [bot, owner] = [777, "telegram:1"];

const awards = ({ sql }: SettlingSalon) => sql<{ points: number; paid: number }[]>`
  select (points * 100)::int as points, (paid * 100)::int as paid from bonuslog where kind = 'award'`;

for (const [what, reading] of [
  ["whose price falls", {}],
  ["whose price stays", { recordPrices: "stay" }],
  ["whose bill falls too", { billPrices: "fall" }],
] as const) {
  test(`a settled visit ${what} earns on the money that was paid, and is no unpaid one`, async () => {
    await using salon = await settlingSalon(reading);
    const { recordId } = await spent(salon);
    salon.journal.pay(recordId);
    await readJournal(salon);
    expect([...(await awards(salon))]).toEqual([{ points: 2_660, paid: 266_000 }]);
    await findRefunds(salon.db, bot);
    expect(await dueOffers(salon.db, bot, [owner])).toEqual([]);
  });
}

test("nobody is told to lower the price of a visit that is settled, or whose spend waits for a person", async () => {
  await using salon = await settlingSalon({ recordPrices: "stay", paidFull: "counts_cards" });
  const { recordId, row } = await spent(salon);
  const is = (state: "stands" | "stuck") => salon.sql`
    update settlements set state = ${state}, why = ${state === "stuck" ? "refused" : null} where row_id = ${row}`;
  const span = { after: 0, last: 100, from: "2000-01-01", timeZone: "Europe/Moscow" };
  const unpaid = async () => (await unpaidVisits(salon.db, span)).map(({ price }) => price);
  for (const state of ["stands", "stuck"] as const) {
    await is(state);
    expect(await unpaid()).toEqual([]);
  }
  const other = salon.book([{ title: "Маска", cost: 70_000 }]);
  await readJournal(salon);
  // Another visit of the day that waits for its money was not left unpaid by these points.
  for (const state of ["stands", "stuck"] as const) {
    await is(state);
    expect(await unpaid()).toEqual([]);
  }
  // Of that visit the price is lowered by hand.
  const spend = {
    card: salon.annasCard,
    kind: "spend",
    points: 10_000,
    bill: 70_000,
    actor: "admin:1",
  } as const;
  await postTill(salon.db, {
    ...{ ...spend, key: "till:1:telegram:1:99" },
    also: (tx, posted) =>
      putSpend(tx, {
        row: posted,
        card: salon.annasCard,
        bill: 70_000,
        day: "2026-03-10",
        company: MOSCOW,
        record: other,
      }),
  });
  expect(await unpaid()).toEqual([70_000]);
  salon.journal.pay(recordId, { kopecks: 316_000 });
  salon.journal.pay(other.recordId);
  await readJournal(salon);
  const kept = async () => (await pricesKept(salon.db, salon.annasCard, "2026-03-10")).map((one) => one.paid);
  for (const state of ["stands", "stuck"] as const) {
    await is(state);
    expect(await kept()).toEqual([70_000]);
  }
});

test("what a spend has settled of the services is not there to be paid by points once more", async () => {
  await using salon = await settlingSalon({ recordPrices: "stay" });
  const { recordId } = await spent(salon);
  salon.clock.now = new Date("2026-03-10T10:05:00Z");
  salon.journal.edit(recordId, {}, (record) => {
    record.comment = "позже";
  });
  await readJournal(salon);
  const of = { card: salon.annasCard, companies: [MOSCOW], today: "2026-03-10" };
  expect(await servicesToPay(salon.db, of)).toBe(266_000);
  // However late the journal has changed the record: its price does not say whether it is lower.
  await salon.sql`update visits set changed_at = now() + interval '1 day'`;
  expect(await servicesToPay(salon.db, of)).toBe(266_000);
  salon.book([{ title: "Укладка", cost: 100_000 }]);
  salon.journal.pay(recordId);
  await readJournal(salon);
  expect(await servicesToPay(salon.db, of)).toBe(100_000);
});

test("whoever asks why sees the bill, the points and the money of a settled visit", async () => {
  await using salon = await settlingSalon({ recordPrices: "stay" });
  const { recordId } = await spent(salon);
  const why = async () => {
    const now = new Date("2026-03-10T12:00:00Z");
    const visits = await visitsSeen(salon.db, salon.annasCard, now, 10, "staff");
    const of = { timeZone: "Europe/Moscow", year: 2026, opened: null };
    const listed = visits.map((one) => ({ ...one, kept: null }));
    const programme = { paidBy: "payments", earnWhen: "paid" } as Programme;
    return {
      staff: whyText(must(await tillCard(salon.db, salon.annasCard, now), "her card"), listed, of)
        .split("\n\n")[1]
        ?.replaceAll("\u00a0", " "),
      ru: visits[0] && whyTexts("ru").line(visits[0], 2026, programme).replaceAll("\u00a0", " "),
      en: visits[0] && whyTexts("en").line(visits[0], 2026, programme).replaceAll("\u00a0", " "),
    };
  };
  expect(await why()).toEqual({
    staff:
      "10 марта 13:00: счёт 3 160 ₽, баллами 500 (списано в журнале), деньгами 0 из 2 660 ₽. Не начислено: не оплачен.",
    ru: "10 марта, 3 160 ₽: пока 0, баллами 500, деньгами 0 ₽, ещё не оплачен; начислим после оплаты",
    en: "10 March, 3,160 ₽: 0 so far, 500 paid in points, 0 ₽ in money, not paid yet; points come after the payment",
  });
  salon.journal.pay(recordId);
  await readJournal(salon);
  expect(await why()).toEqual({
    staff:
      "10 марта 13:00: счёт 3 160 ₽, баллами 500 (списано в журнале), деньгами 2 660 из 2 660 ₽. Начислено <b>+26,6</b>.",
    ru: "10 марта, 3 160 ₽: <b>+26,6</b>, баллами 500, деньгами 2 660 ₽",
    en: "10 March, 3,160 ₽: <b>+26.6</b>, 500 paid in points, 2,660 ₽ in money",
  });
});

test("where visits earn on prices spends settle only in branches whose prices are known to fall by points", async () => {
  await using salon = await settlingSalon();
  const { recordId } = await spent(salon);
  const tried = async (recordPriceFalls: boolean | null) => {
    await passTrial(salon.sql, { ...salon.branch, recordPriceFalls });
    const branches = (paidBy: "payments" | "prices") =>
      branchesThatSettle(salon.db, { settles: "on", settleCardType: null, paidBy });
    return [(await branches("payments")).size, (await branches("prices")).size];
  };
  expect(await tried(true)).toEqual([1, 1]);
  expect(await tried(false)).toEqual([1, 0]);
  expect(await tried(null)).toEqual([1, 0]);
  // As it falls here, points are no money.
  salon.journal.pay(recordId);
  await readJournal(salon, { paidBy: "prices" });
  expect([...(await awards(salon))]).toEqual([{ points: 2_660, paid: 266_000 }]);
});

test("verify names a settlement that the ledger does not bear out", async () => {
  await using salon = await settlingSalon();
  const { row } = await spent(salon);
  const visits = ["Укладка", "Маска"].map((title) => salon.book([{ title, cost: 316_000 }]).recordId);
  const [returned, other] = [
    await salon.spend(visits[0] ?? 0, 20_000),
    await salon.spend(visits[1] ?? 0, 10_000),
  ];
  await salon.back(returned);
  await salon.work();
  const faults = async () => (await proved(salon.db)).faults;
  /** What somebody with the owner's role could do, and undoes again. */
  const forged = async (row: number, change: string, back: string) => {
    const forge = (set: string) =>
      salon.sql.unsafe(
        `alter table settlements disable trigger user; drop index if exists one_settlement_a_visit;
        update settlements set ${set} where row_id = ${row}; alter table settlements enable trigger user`,
      );
    await forge(change);
    const found = await faults();
    await forge(back);
    return found;
  };
  expect(await faults()).toEqual([]);
  expect(await forged(row, "amount = 499", "amount = 500")).toEqual([
    `Settlement 1: row ${row} is no spend of its sum.`,
  ]);
  expect(
    await forged(row, "state = 'returned', goal = 'return'", "state = 'stands', goal = 'settle'"),
  ).toEqual([`Settlement 1: it is returned, and the points of row ${row} are not.`]);
  expect(await forged(returned, "state = 'stuck', why = 'gone'", "state = 'returned', why = null")).toEqual([
    `Settlement 2: row ${other + 1} has given the points back that it keeps on a bill.`,
  ]);
  expect(
    await forged(
      other,
      `visit_id = (select visit_id from settlements where row_id = ${row})`,
      `visit_id = ${salon.visitOf(visits[1] ?? 0)}`,
    ),
  ).toEqual([`Settlement 3: visit ${(await salon.one(row)).visit} has another one.`]);
  await salon.work();
});

test("who is forgotten leaves a spend that stands, and YCLIENTS's numbers of it go once nothing comes of it any more", async () => {
  await using salon = await settlingSalon();
  const { recordId, row, card } = await spent(salon);
  await salon.sql`
    insert into accounts (channel, external_id, client_id) values ('telegram', '7', ${salon.annasCard})`;
  const gone = await forget(salon.db, "telegram:7", Number(salon.annasCard), {
    now: salon.clock.now,
    veil: veilOf("secret"),
  });
  expect(gone).toEqual({ kept: [], beside: [] });
  await lookTwice(salon);
  expect(await salon.one(row)).toMatchObject({ state: "stands", client: 9001, reservedCard: card });
  await salon.cancel(card, recordId);
  await lookTwice(salon);
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "returned", reservedCard: card });
  expect(await salon.stands(recordId)).toEqual({ ledger: ["spend -50000"], applied: 0, cards: [0] });
  await watchSettlements(salon.settling, "all");
  expect(await salon.one(row)).toMatchObject({ state: "returned", client: null, reservedCard: null });
  expect(await salon.sql`select from settlement_writes`).toHaveLength(0);
});

test("a settled spend stays of the record whose bill it pays when the record becomes another client's", async () => {
  await using salon = await settlingSalon({ visitChanged: "stay" });
  const { recordId, row } = await spent(salon);
  await readJournal(salon);
  salon.clock.now = new Date("2026-03-10T10:05:00Z");
  salon.journal.changeClient(recordId, { id: 9002, name: "Пётр", phone: "+79007654321" });
  await readJournal(salon);
  const [spend] = await salon.sql<
    { record: number }[]
  >`select record_id as record from spends where id = ${row}`;
  expect(Number(spend?.record)).toBe(recordId);
  await lookTwice(salon);
  expect((await salon.one(row)).state).toBe("stands");
});

test("the evening message says which spends the programme took back, and why", async () => {
  await using salon = await settlingSalon();
  const { recordId, card } = await spent(salon);
  await salon.cancel(card, recordId);
  await lookTwice(salon);
  await salon.work();
  const [row] = await salon.sql<{ reason: string }[]>`select reason from bonuslog where kind = 'undo'`;
  const change = {
    about: "till",
    kind: "undo",
    points: 50_000,
    bill: null,
    corrects: "spend",
    reason: row?.reason ?? null,
  } as const;
  expect(
    [tillRu(change, null).said, tillEn(change, null).said].map((said) => said.replaceAll("\u00a0", " ")),
  ).toEqual([
    "Списание отменено, вернули <b>500 баллов</b>. Причина: списание сняли с визита в журнале.",
    "The spending was undone: <b>500 points</b> returned. Reason: the points were taken off the visit.",
  ]);
  const span = { after: 0, last: 100, from: "2000-01-01", timeZone: "Europe/Moscow" };
  const changes = await handChanges(salon.db, span, []);
  const undone = changes.filter(({ kind }) => kind === "undo");
  expect(undone).toMatchObject([{ actor: "programme", undone: "spend", points: 50_000, reason: "off_bill" }]);
  const line = digestTexts({
    ...{
      day: "2026-03-10",
      timeZone: "Europe/Moscow",
      odd: [],
      lists: [],
      staff: [],
      unpaid: [],
      names: new Map(),
      owners: [],
      spoken: [],
    },
    ...{ changes: undone, since: null, seal: { rows: 1, hash: "-", owed: 0 } },
    earned: {
      now: { withCard: 0, withoutCard: 0, clients: 0, linked: 0, given: 0, spent: 0, expired: 0, bills: 0 },
      before: null,
    },
    owed: { owed: 0, debts: 0 },
  }).join("\n");
  expect(line.replaceAll("\u00a0", " ")).toContain(
    "бот: отменено списание <b>500</b>, Анна …4567, «списание сняли с визита в журнале»",
  );
});

test("a client whose number changed in the journal keeps the spend where it was made, and on its bill", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await spent(salon);
  await readJournal(salon);
  salon.clock.now = new Date("2026-03-10T10:05:00Z");
  salon.journal.changePhone(9001, "+79007654321");
  await readJournal(salon);
  await lookTwice(salon);
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "stands", card: Number(salon.annasCard) });
  expect((await salon.stands(recordId)).ledger).toEqual(["spend -50000"]);
});

test("paid, returned, paid again and overpaid, a settled visit earns on the money and stays settled", async () => {
  await using salon = await settlingSalon();
  const { recordId, row } = await spent(salon);
  const earned = async () => {
    await readJournal(salon);
    await lookTwice(salon);
    const [sum] = await salon.sql<{ points: number }[]>`
      select coalesce(sum(points) * 100, 0)::int as points from bonuslog where kind in ('award', 'correction')`;
    expect((await salon.one(row)).state).toBe("stands");
    return sum?.points;
  };
  const steps: [number, () => void, number][] = [
    [1, () => salon.journal.pay(recordId), 2_660],
    [2, () => salon.journal.refund(recordId), 0],
    [3, () => salon.journal.pay(recordId), 2_660],
    [4, () => salon.journal.pay(recordId, { kopecks: 100_000 }), 3_660],
  ];
  for (const [minute, act, points] of steps) {
    salon.clock.now = new Date(`2026-03-10T10:0${minute}:00Z`);
    act();
    expect([minute, await earned()]).toEqual([minute, points]);
  }
});

for (const recordPrices of ["fall", "stay"] as const)
  test(`what stands or comes back is read anew within a minute, though no stamp moves (prices ${recordPrices})`, async () => {
    await using salon = await settlingSalon({ recordPrices });
    const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
    await readJournal(salon);
    // What was booked long ago is in no list of changes any more.
    salon.wait(3 * 3_600_000);
    salon.book([{ title: "Маска", cost: 10_000 }]);
    const known = async () => {
      await readJournal(salon, {}, "minute");
      const [visit] = await salon.sql`
        select (price * 100)::int as price, decision from visits where record_id = ${recordId}`;
      const [earned] = await salon.sql`
        select coalesce(sum(points) * 100, 0)::int as points from bonuslog where kind in ('award', 'correction')`;
      return [visit?.price, visit?.decision, earned?.points];
    };
    const price = recordPrices === "fall" ? 266_000 : 316_000;
    expect(await known()).toEqual([316_000, "not_paid", 0]);
    const row = await salon.spend(recordId, 50_000);
    await salon.rest(row);
    expect(await known()).toEqual([price, "not_paid", 0]);
    salon.journal.pay(recordId);
    expect(await known()).toEqual([price, "awarded", 2_660]);
    salon.wait(3 * 3_600_000);
    salon.book([{ title: "Маска", cost: 10_000 }]);
    await readJournal(salon, {}, "minute");
    // Off the bill by a hand, the visit is not paid any more.
    await salon.cancel((await salon.one(row)).reservedCard ?? 0, recordId);
    await lookTwice(salon);
    await salon.work();
    expect((await salon.one(row)).state).toBe("returned");
    expect(await known()).toEqual([316_000, "paid_in_part", 0]);
  });
