/** Tests of whose a visit is: phones that come, change and are shared, and people who asked to be forgotten. */
import { expect, test } from "bun:test";
import type { Tx } from "../../src/db/connect.ts";
import { postTill } from "../../src/ledger/ledger.ts";
import { putSpend } from "../../src/ledger/spends.store.ts";
import { linkTo } from "../helpers/accounts.ts";
import { anna, boris, ledgerOfEachTest, vera } from "../helpers/ledger.ts";

const ledger = ledgerOfEachTest();

/** Empties the card as `/forget` does. */
async function forget(clientId: number): Promise<void> {
  await ledger.db`
    update clients set phone = null, name = null
    where id = (select client_id from yclients_clients where yclients_client_id = ${clientId})`;
  await ledger.db`
    update visits set yclients_client_id = null, visit_id = null where yclients_client_id = ${clientId}`;
  await ledger.db`
    update yclients_clients set client_id = null, name = null, forgotten_at = now()
    where yclients_client_id = ${clientId}`;
}

test("a new phone sends later visits to that phone's card, those without rows too, and what was awarded stays", async () => {
  await ledger.post({}, { recordId: 102, paidFull: false, servicesPaid: 0 });
  const moved = { ...anna, phone: "+79000000009" };
  await ledger.post({ client: moved }, { recordId: 102, client: moved }, { recordId: 103, client: moved });
  expect(await ledger.rows()).toEqual([
    "1 award record 101 card 1 35.00 of 3500.00 paid sync visit:101",
    "2 award record 102 card 2 35.00 of 3500.00 paid sync visit:102",
    "3 award record 103 card 2 35.00 of 3500.00 paid sync visit:103",
  ]);
  expect(await ledger.cards()).toEqual([
    "card 1 +79000000001 Анна holds 35.00 of",
    "card 2 +79000000009 Анна holds 70.00 of 11",
  ]);
});

test("a phone corrected before anything was paid takes along every visit that has no row yet, read again or not", async () => {
  const booked = { paidFull: false, servicesPaid: 0 };
  const mistyped = { ...anna, phone: boris.phone };
  const day = "2026-03-13";
  await ledger.post({ client: boris, ...booked }, { recordId: 102, client: mistyped, ...booked });
  await ledger.post({ recordId: 103, client: mistyped, day, ...booked });
  await ledger.post({ recordId: 104, client: mistyped });
  await ledger.post({ recordId: 102, client: anna, ...booked });
  expect(await ledger.visits()).toEqual([
    "101 not_paid card 1 client 12 0.00",
    "102 not_paid card 2 client 11 0.00",
    "103 not_paid card 2 client 11 0.00",
    "104 awarded card 1 client 11 terms 1 3500.00",
  ]);
  await ledger.post({ recordId: 102 }, { recordId: 103, day });
  expect((await ledger.rows()).slice(1)).toEqual([
    "2 award record 102 card 2 35.00 of 3500.00 paid sync visit:102",
    "3 award record 103 card 2 35.00 of 3500.00 paid sync visit:103",
  ]);
});

test("a spend is of the record that its own card has that day, when records without rows change hands", async () => {
  const spend = (card: number) => async (tx: Tx, row: number) => {
    await putSpend(tx, { row, card, company: 1, day: "2026-03-12", bill: 350_000 });
  };
  const booked = { paidFull: false, servicesPaid: 0 };
  await ledger.post({ recordId: 1, servicesPaid: 900_000, day: "2026-03-01" });
  await ledger.post({ recordId: 2, client: boris, servicesPaid: 900_000, day: "2026-03-01" });
  await ledger.post({ recordId: 101, client: { ...vera, phone: boris.phone }, ...booked });
  const till = { kind: "spend", points: 1_000, bill: 350_000, actor: "admin:9" } as const;
  await postTill(ledger.db, { ...till, card: 2, key: "op:1", also: spend(2) });
  await postTill(ledger.db, { ...till, card: 1, key: "op:2", also: spend(1) });
  const links = async () =>
    (await ledger.db<{ record: number | null }[]>`select record_id as record from spends order by id`).map(
      (row) => row.record,
    );
  expect(await links()).toEqual([101, null]);
  // The phone was somebody else's: the client of the record is on Anna's card.
  await ledger.post({ recordId: 103, client: { ...vera, phone: anna.phone }, day: "2026-03-14", ...booked });
  expect(await links()).toEqual([null, 101]);
  // The record is given to another client.
  await ledger.post({ recordId: 101, client: boris, ...booked });
  expect(await links()).toEqual([101, null]);
  // From its first row on the link stays.
  await ledger.post({ recordId: 101, client: boris });
  await ledger.post({ recordId: 101, client: anna });
  expect(await links()).toEqual([101, null]);
});

test("a spend of a card that has gone into another is of the record that this one has that day", async () => {
  const booked = { paidFull: false, servicesPaid: 0 };
  await ledger.post({ recordId: 1, client: vera, servicesPaid: 900_000, day: "2026-03-01" });
  await ledger.post(
    { recordId: 102, client: vera, ...booked },
    { recordId: 103, client: boris, day: "2026-03-02" },
  );
  const bill = 350_000;
  const also = (tx: Tx, row: number) => putSpend(tx, { row, card: 1, company: 1, day: "2026-03-12", bill });
  const spend = { kind: "spend", points: 1_000, bill, actor: "admin:9", card: 1, key: "op:1", also } as const;
  await postTill(ledger.db, spend);
  const link = async () =>
    (await ledger.db<{ record: number | null }[]>`select record_id as record from spends`)[0]?.record;
  await ledger.post({ recordId: 103, client: { ...vera, phone: boris.phone }, day: "2026-03-02" });
  expect(await link()).toBe(102);
  await ledger.post({ recordId: 102, client: anna, ...booked });
  expect(await link()).toBeNull();
  await ledger.post({ recordId: 102, client: boris, ...booked });
  expect(await link()).toBe(102);
});

test("a new phone that another card has sends later visits there", async () => {
  await ledger.post({}, { recordId: 102, client: boris });
  await ledger.post({ recordId: 103, client: { ...anna, phone: boris.phone } });
  expect(await ledger.cards()).toEqual([
    "card 1 +79000000001 Анна holds 35.00 of",
    "card 2 +79000000002 Борис holds 70.00 of 11,12",
  ]);
});

test("a new name and a new phone at once leave the old card's name alone", async () => {
  await ledger.post({});
  await ledger.post({ recordId: 102, client: { id: 11, name: "Мария", phone: "+79000000009" } });
  expect(await ledger.cards()).toEqual([
    "card 1 +79000000001 Анна holds 35.00 of",
    "card 2 +79000000009 Мария holds 35.00 of 11",
  ]);
});

test("a phone that is missing or masked changes nothing", async () => {
  await ledger.post({});
  await ledger.post({ recordId: 102, client: { ...anna, phone: null } });
  expect(await ledger.cards()).toEqual(["card 1 +79000000001 Анна holds 70.00 of 11"]);
});

test("a card without a name, as the desk opens them, takes that of the first client who comes, and keeps it", async () => {
  const names = async () =>
    (
      await ledger.db<
        { phone: string; name: string | null }[]
      >`select phone, name from clients order by phone`
    ).map(({ phone, name }) => [phone, name]);
  const [vera, galya] = ["+79000000021", "+79000000022"];
  await ledger.db`insert into clients (phone) values (${vera}), (${galya})`;
  await ledger.db`insert into clients (phone, name) values ('+79000000023', 'Дарья из Telegram')`;
  await ledger.post(
    { recordId: 101, client: { id: 21, name: "Вера", phone: vera } },
    { recordId: 102, client: { id: 22, name: "Дочь Веры", phone: vera } },
    { recordId: 103, client: { id: 23, name: null, phone: galya } },
    { recordId: 104, client: { id: 24, name: "Дарья Журнальная", phone: "+79000000023" } },
  );
  expect(await names()).toEqual([
    [vera, "Вера"],
    [galya, null],
    ["+79000000023", "Дарья из Telegram"],
  ]);
  // One whom the journal knew without a phone comes onto the nameless card by it.
  await ledger.post({ recordId: 105, client: { id: 25, name: "Галина", phone: null } });
  await ledger.post({ recordId: 105, client: { id: 25, name: "Галина", phone: galya } });
  await ledger.db`update clients set name = null where phone = ${vera}`;
  await ledger.post({ recordId: 106, client: { id: 22, name: "Дочь Веры", phone: vera } });
  expect((await names()).slice(0, 2)).toEqual([
    [vera, "Дочь Веры"],
    [galya, "Галина"],
  ]);
});

test("a client who is called otherwise now renames the card, unless its owner named it", async () => {
  await ledger.post({}, { recordId: 102, client: boris });
  await ledger.db`update clients set name = 'Боря' where id = 2`;
  await ledger.post(
    { client: { ...anna, name: "Анна-Мария" } },
    { recordId: 102, client: { ...boris, name: "Борис Петров" } },
  );
  await ledger.post({ client: { ...anna, name: null } });
  expect(await ledger.cards()).toEqual([
    "card 1 +79000000001 Анна-Мария holds 35.00 of 11",
    "card 2 +79000000002 Боря holds 35.00 of 12",
  ]);
});

test("a card without a phone is given the free phone that turns up", async () => {
  await ledger.post({ client: vera });
  await ledger.post({ recordId: 102, client: { ...vera, phone: "+79000000003" } });
  expect(await ledger.rows()).toEqual([
    "1 award record 101 card 1 35.00 of 3500.00 paid sync visit:101",
    "2 award record 102 card 1 35.00 of 3500.00 paid sync visit:102",
  ]);
  expect(await ledger.cards()).toEqual(["card 1 +79000000003 Вера holds 70.00 of 13"]);
});

test("two clients on one card without a phone go apart where their phones do, on one page as on two", async () => {
  const both = "+79000000009";
  const [one, other] = [
    { ...anna, phone: both },
    { ...boris, phone: both },
  ];
  await ledger.post({ client: one }, { recordId: 102, client: other });
  await ledger.db`update clients set phone = null`; // as the migration of misread phones left some
  await ledger.post(
    { recordId: 103 },
    { recordId: 104, client: boris },
    { recordId: 105, client: { ...vera, phone: boris.phone } },
  );
  expect(await ledger.cards()).toEqual([
    "card 1 +79000000001 Анна holds 105.00 of 11",
    "card 2 +79000000002 Борис holds 70.00 of 12,13",
  ]);
  await ledger.db`update clients set phone = null where id = 1`;
  await ledger.db`update yclients_clients set client_id = 1 where yclients_client_id = 13`;
  // The first goes into a card that has the phone, the second to one that is new.
  await ledger.post(
    { recordId: 106, client: { ...anna, phone: boris.phone } },
    { recordId: 107, client: { ...vera, phone: both } },
  );
  expect(await ledger.cards()).toEqual([
    "card 1 holds 0.00 of",
    "card 2 +79000000002 Борис holds 210.00 of 11,12",
    "card 3 +79000000009 Вера holds 35.00 of 13",
  ]);
});

test("a card without a phone is merged into the card of the phone that turns up, visits and points", async () => {
  await ledger.post(
    { client: vera },
    { recordId: 102, client: vera, servicesPaid: 100_000 },
    { recordId: 103, client: vera, paidFull: false, servicesPaid: 0 },
    { recordId: 104, client: anna, servicesPaid: 200_000 },
  );
  await ledger.post({ recordId: 102, client: vera, deleted: true });
  // The page that brings the phone also corrects one of the records.
  const met = { ...vera, name: "Вера К.", phone: anna.phone };
  await ledger.post({ client: met, servicesPaid: 400_000 }, { recordId: 103, client: met });
  expect((await ledger.rows()).slice(4)).toEqual([
    "5 correction of 1 card 1 -35.00 moved sync visit:101:2",
    "6 correction of 1 card 2 35.00 moved sync visit:101:3",
    "7 correction of 1 card 2 5.00 of 4000.00 edited sync visit:101:4",
    "8 award record 103 card 2 35.00 of 3500.00 paid sync visit:103",
  ]);
  expect(await ledger.cards()).toEqual([
    "card 1 holds 0.00 of",
    "card 2 +79000000001 Анна holds 95.00 of 11,13",
  ]);
  expect(await ledger.visits()).toEqual([
    "101 awarded card 2 client 13 terms 1 4000.00",
    "102 deleted card 2 client 13 terms 1 3500.00",
    "103 awarded card 2 client 13 terms 1 3500.00",
    "104 awarded card 2 client 11 terms 1 2000.00",
  ]);
  // A record that gave back before the merge is awarded again on the card that it moved to.
  await ledger.post({ recordId: 102, client: met, servicesPaid: 100_000 });
  expect((await ledger.rows()).at(-1)).toBe(
    "9 correction of 2 card 2 10.00 of 1000.00 paid_again sync visit:102:3",
  );
});

test("a merge is sound though the database's clock was ahead when the card got its rows, and was put back since", async () => {
  await ledger.post({ client: vera }, { recordId: 102, client: boris });
  await ledger.db`
    insert into bonuslog (client_id, kind, points, actor, key, awarded_at)
    values (1, 'credit', 5, 'admin:9', 'op:1', now() + interval '3 hours')`;
  await ledger.post({ recordId: 103, client: { ...vera, phone: boris.phone } });
  expect((await ledger.cards())[0]).toBe("card 1 holds 0.00 of");
});

test("two cards without a phone meet on one that turns up for both in one page", async () => {
  const [one, two] = [vera, { ...vera, id: 14, name: "Галя" }];
  await ledger.post({ client: one }, { recordId: 102, client: two });
  const phone = "+79000000003";
  await ledger.post({ client: { ...one, phone } }, { recordId: 102, client: { ...two, phone } });
  const cards = await ledger.cards();
  expect(cards.map((line) => line.replace(/^card \d /, "").replace(/Вера|Галя/, "one")).sort()).toEqual([
    "+79000000003 one holds 70.00 of 13,14",
    "holds 0.00 of",
  ]);
});

test("two YCLIENTS clients who share a phone share a card, from their first page on", async () => {
  await ledger.post({}, { recordId: 102, client: { id: 15, name: "Дочь Анны", phone: anna.phone } });
  await ledger.post({ recordId: 103, client: { id: 16, name: "Муж Анны", phone: anna.phone } });
  const cards = await ledger.cards();
  expect(cards.map((line) => line.replace(/Анна|Дочь Анны/, "one of them"))).toEqual([
    "card 1 +79000000001 one of them holds 105.00 of 11,15,16",
  ]);
  // Moved from one to the other, a record's points need not.
  await ledger.post({ client: { id: 15, name: "Дочь Анны", phone: anna.phone } });
  expect(await ledger.rows()).toHaveLength(3);
  expect((await ledger.visits())[0]).toBe("101 awarded card 1 client 15 terms 1 3500.00");
});

test("a forgotten person earns nothing more, and nothing of theirs is stored", async () => {
  await ledger.post({}, { recordId: 102, paidFull: false, servicesPaid: 0 });
  await forget(11);
  await ledger.post({}, { recordId: 102 }, { recordId: 103 });
  await ledger.post({ deleted: true }, { recordId: 102 }, { recordId: 103, servicesPaid: 900_000 });
  expect(await ledger.rows()).toEqual([
    "1 award record 101 card 1 35.00 of 3500.00 paid sync visit:101",
    "2 correction of 1 card 1 -35.00 of 3500.00 deleted sync visit:101:2",
  ]);
  expect(await ledger.visits()).toEqual([
    "101 deleted card 1 terms 1 3500.00",
    "102 forgotten 3500.00",
    "103 forgotten 9000.00",
  ]);
  expect(await ledger.cards()).toEqual(["card 1 holds 0.00 of"]);
  const traces = await ledger.db`select record_id from visits where visit_id is not null`;
  expect<unknown>([...traces]).toEqual([]);
});

test("a phone that somebody else's card has now does not bring a forgotten person back", async () => {
  await ledger.post({});
  await forget(11);
  await ledger.post({ recordId: 102, client: { ...boris, phone: anna.phone } }, { recordId: 103 });
  expect(await ledger.visits()).toEqual([
    "101 awarded card 1 terms 1 3500.00",
    "102 awarded card 2 client 12 terms 1 3500.00",
    "103 forgotten 3500.00",
  ]);
});

test("who links again starts on a new card, and earns on it by what is paid from then on", async () => {
  await ledger.post({});
  await forget(11);
  const unpaid = { paidFull: false, servicesPaid: 0 };
  await ledger.post({ recordId: 102 }, { recordId: 104, ...unpaid }, { recordId: 105 });
  await linkTo(ledger.db, 5, anna.phone);
  await ledger.post({}, { recordId: 102 }, { recordId: 103 }, { recordId: 104 });
  await ledger.post({ recordId: 102, price: 400_000 }, { recordId: 105, client: boris });
  expect(await ledger.visits()).toEqual([
    "101 awarded card 1 terms 1 3500.00",
    // Paid while they were forgotten: it stays so, whenever it is read and whatever is edited in it.
    "102 forgotten 3500.00",
    "103 awarded card 2 client 11 terms 1 3500.00",
    "104 awarded card 2 client 11 terms 1 3500.00",
    // Somebody else's by now.
    "105 awarded card 3 client 12 terms 1 3500.00",
  ]);
});

test("a record that goes to a forgotten person gives back, and says why", async () => {
  await ledger.post({}, { recordId: 102, client: boris });
  await forget(11);
  await ledger.post({ recordId: 102, client: anna });
  expect((await ledger.rows()).slice(2)).toEqual([
    "3 correction of 2 card 2 -35.00 of 3500.00 moved sync visit:102:2",
  ]);
  expect((await ledger.visits())[1]).toBe("102 forgotten terms 1 3500.00");
});

test("a refund of what was spent leaves a debt, which the next award pays", async () => {
  await ledger.post({});
  const [bill, day] = [350_000, "2026-03-12"];
  const also = (tx: Tx, row: number) => putSpend(tx, { row, card: 1, company: 1, day, bill });
  const spend = { card: 1, kind: "spend", points: 3_000, bill, actor: "admin:9", key: "op:1", also } as const;
  await postTill(ledger.db, spend);
  await ledger.post({ paidFull: false, servicesPaid: 0 });
  expect(await ledger.cards()).toEqual(["card 1 +79000000001 Анна holds -30.00 of 11"]);
  await ledger.post({ recordId: 102, servicesPaid: 500_000 });
  expect(await ledger.cards()).toEqual(["card 1 +79000000001 Анна holds 20.00 of 11"]);
});
