/** Settlements driven against a journal behind real HTTP: what stands in the ledger, on the bill and on the card at the end. */
import { expect, test } from "bun:test";
import { MOSCOW } from "../helpers/loyal-salon.ts";
import { settlingSalon } from "../helpers/settling-salon.ts";

test("a spend pays its visit, and the reserved card is issued, filled and empty again", async () => {
  await using salon = await settlingSalon();
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 50_000);
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "stands", toPay: 266_000 });
  expect(await salon.stands(recordId)).toEqual({ ledger: ["spend -50000"], applied: 50_000, cards: [0] });
});

test("a card that is there costs nine questions, and the bill says at once what is left", async () => {
  await using salon = await settlingSalon();
  const [first, second] = [1, 2].map(() => salon.book([{ title: "Стрижка", cost: 316_000 }]).recordId) as [
    number,
    number,
  ];
  await salon.spend(first, 50_000);
  await salon.work();
  salon.yclients.requests = [];
  const row = await salon.spend(second, 30_000);
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "stands", toPay: 286_000 });
  const asked = salon.yclients.requests.map(({ method, path }) => `${method} ${path.split("/")[1]}`);
  const [before, after] = [
    ["GET record", "GET loyalty", "GET visit", "GET company"],
    ["GET loyalty", "GET visit", "GET company"],
  ];
  expect(asked).toEqual([...before, "POST company", "POST visit", ...after]);
});

test("taken back, the bill is as it was, the card empty and the points on ours again", async () => {
  await using salon = await settlingSalon();
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 50_000);
  await salon.work();
  expect(await salon.back(row)).toBe("asked");
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "returned", toPay: 316_000 });
  expect(await salon.stands(recordId)).toEqual({
    ledger: ["spend -50000", "undo 50000"],
    applied: 0,
    cards: [0],
  });
});

test("what the journal would not let off the bill is asked again, once somebody wants it again", async () => {
  await using salon = await settlingSalon();
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 50_000);
  await salon.work();
  salon.loyalty.printReceipt({ companyId: MOSCOW, recordId });
  await salon.back(row);
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "stands", why: "refused", open: null });
  salon.loyalty.printReceipt({ companyId: MOSCOW, recordId }, 1);
  await salon.back(row);
  await salon.work();
  expect(await salon.one(row)).toMatchObject({ state: "returned" });
  expect(await salon.stands(recordId)).toMatchObject({ applied: 0, cards: [0] });
});
