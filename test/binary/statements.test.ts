// The executable's papers: the commands on standard output, and the page that checks a proof behind its own door.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { proofPage } from "../../src/statements/proof-page.ts";
import { program, type World, world } from "../helpers/program.ts";

let w: World;
beforeAll(async () => {
  program();
  w = await world();
});
afterAll(() => w[Symbol.asyncDispose]());

test("statement and owed print what the ledger holds, in every form, and a mistake is one sentence", async () => {
  await w.anna();
  w.pay(3500);
  expect((await w.run(["sync"])).code).toBe(0);
  const statement = (...args: string[]) => w.run(["statement", "--phone", "+79001234567", ...args]);
  const text = await statement();
  expect(text.code).toBe(0);
  expect(text.out).toStartWith("Выписка по карте +7 900 123 45 67\n");
  expect(text.out).toContain("На конец: 35 баллов\n");
  expect((await statement("--csv")).out).toContain(",award,35.00,35.00,3500.00,");
  expect((await statement("--html", "--language", "en")).out).toStartWith(
    '<!doctype html>\n<html lang="en">',
  );
  expect((await w.run(["owed"])).out).toContain("Сумма журнала баллов: 35 баллов\n");
  expect((await w.run(["owed", "--csv"])).out).toBe("card,ends,points\r\n1,,35.00\r\n");
  const { code, out, err } = await w.run(["statement"]);
  expect([code, out, err]).toEqual([1, "", "--phone takes the phone of a card, for example +79001234567.\n"]);
});

test("with STATEMENTS=proof the service has the page and the numbers; without it neither", async () => {
  const service = await w.serve({ STATEMENTS: "proof" });
  expect(await service.get("/proof")).toEqual({ status: 200, body: proofPage() });
  expect(await service.get("/proof/roots")).toEqual({ status: 200, body: "" });
  expect((await service.stop("SIGTERM")).code).toBe(0);
  const without = await w.serve({});
  expect((await without.get("/proof")).status).toBe(404);
  expect((await without.get("/proof/roots")).status).toBe(404);
  expect((await without.stop("SIGTERM")).code).toBe(0);
});
