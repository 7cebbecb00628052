/** Settlements driven against a journal behind real HTTP: what stands in the ledger, on the bill and on the card at the end. */
import { expect, test } from "bun:test";
import { withLease } from "../../src/jobs/leases.ts";
import type { SpendRules } from "../../src/rules/spending.ts";
import { settledWithin } from "../../src/settlements/settlements.ts";
import { sellGoods } from "../../src/standins/yclients/hands.ts";
import { settlingSalon } from "../helpers/settling-salon.ts";

type Gate = PromiseWithResolvers<void>;

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

test("whoever waits no longer is told once it has come to its end, and nobody who has waited till then is", async () => {
  await using salon = await settlingSalon();
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 50_000);
  const told = Promise.withResolvers<string>();
  let times = 0;
  const late = async () => {
    times++;
    told.resolve((await salon.one(row)).state);
  };
  expect(await settledWithin(salon.settling, row, 0, late)).toMatchObject({ state: "under_way" });
  expect(await told.promise).toBe("stands");
  await salon.back(row);
  expect(await settledWithin(salon.settling, row, 60_000, late)).toMatchObject({ state: "returned" });
  await salon.work();
  expect(times).toBe(1);
});

test("a spend that finds the job taken for a moment is settled as soon as it is free", async () => {
  await using salon = await settlingSalon();
  const { recordId } = salon.book([{ title: "Стрижка", cost: 316_000 }]);
  const row = await salon.spend(recordId, 50_000);
  const [held, looked, free] = [0, 1, 2].map(() => Promise.withResolvers<void>()) as [Gate, Gate, Gate];
  const taken = withLease(salon.db, "settlements", () => {
    held.resolve();
    return free.promise;
  });
  await held.promise;
  expect(await salon.work()).toBeNull();
  salon.settling.db = new Proxy(salon.db, {
    apply: (target, self, args) => {
      const answer = Reflect.apply(target as (...query: never[]) => Promise<unknown>, self, args as never[]);
      if (String(args[0]).includes("insert into jobs")) answer.then(() => looked.resolve());
      return answer;
    },
  });
  const waiting = settledWithin(salon.settling, row, 60_000);
  // It is free only once the spend has found it taken: before, a first look in time would do.
  await looked.promise;
  free.resolve();
  await taken;
  expect(await waiting).toMatchObject({ state: "stands" });
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

test("the rules of spending hold for the bill that the journal has, whatever bill was written at the till", async () => {
  const visit = async (rules: Partial<SpendRules>, points: number) => {
    await using salon = await settlingSalon();
    Object.assign(salon.rules, rules);
    // At the till it was said to be 3 160.
    const at = salon.book([{ title: "Стрижка", cost: 60_000 }]);
    sellGoods(salon.loyalty, at, 40_000);
    const row = await salon.spend(at.recordId, points);
    await salon.rest(row);
    const { state, why } = await salon.one(row);
    return why ?? state;
  };
  expect(await visit({ spendMaxPercent: 50 }, 50_000)).toBe("stands");
  expect(await visit({ spendMaxPercent: 50 }, 50_001)).toBe("too_much");
  expect(await visit({ spendOn: "services" }, 59_900)).toBe("stands");
  expect(await visit({ spendOn: "services" }, 59_901)).toBe("too_much");
  expect(await visit({ spendLeastBill: 100_000, spendStep: 50_000 }, 30_000)).toBe("stands");
  expect(await visit({ spendLeastBill: 100_001 }, 30_000)).toBe("too_much");
});
