// `settle try` of the executable: a visit of one's own is settled and put back, on a terminal and without, killed in the middle or not.
import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { must } from "../../src/errors.ts";
import type { LoyaltyReading } from "../../src/standins/yclients/readings.ts";
import { BRANCH, program, until, world } from "../helpers/program.ts";

/** A branch that the program has read, and a visit for the trial; `text` is what a person reads. */
async function salon(reading: Partial<LoyaltyReading> = {}) {
  const w = await world({ reading });
  const loyalty = must(w.loyalty, "the chain's loyalty");
  await w.run(["sync"]);
  const client = { id: 31, name: "Анна", phone: "+79001234567" };
  const services = [{ title: "Стрижка", cost: 10_000 }];
  const record = w.journal.book({ companyId: BRANCH, client, startsAt: new Date(), services });
  const args = ["settle", "try", "--record", String(record), "--points", "3"];
  const expectClean = () => {
    expect(loyalty.rowsOf([w.journal.record(record)]).filter(({ stands }) => stands)).toEqual([]);
    expect(loyalty.cards.map(({ kopecks }) => kopecks)).toEqual([0]);
  };
  const trials = () =>
    w.sql`select passed, facts->>'paid_full' as paid from settlement_trials order by settlement_id`;
  return {
    w,
    loyalty,
    record,
    args,
    expectClean,
    trials,
    [Symbol.asyncDispose]: () => w[Symbol.asyncDispose](),
  };
}

test("a trial is told in Russian or English, ends with 0 where all is as it is to be, and the ledger has no row of it", async () => {
  await using s = await salon();
  const ru = await s.w.run(s.args);
  expect(ru).toMatchObject({ code: 0, err: "" });
  expect(ru.out).toStartWith(`Проба: филиал ${BRANCH}, запись ${s.record}, визит `);
  expect(ru.out).toContain("\nСейчас: карты ещё нет, картой оплачено 0 ₽, осталось оплатить 100 ₽.\n");
  expect(ru.out).toContain(": на карте 0 ₽, картой оплачено 3 ₽, осталось оплатить 97 ₽.\n");
  expect(ru.out).toContain("Считается ли визит оплаченным, когда остаток внесён деньгами, не проверено");
  expect(ru.out).toContain("\nПРОЙДЕНА. ");
  const en = await s.w.run([...s.args, "--company", String(BRANCH), "--language", "en"]);
  expect(en).toMatchObject({ code: 0, err: "" });
  expect(en.out).toContain("\nPASSED. ");
  expect(ru.out + en.out).not.toMatch(/undefined|null|NaN|Анна|7900/);
  s.expectClean();
  expect(await s.trials()).toEqual([
    { passed: true, paid: null },
    { passed: true, paid: null },
  ] as never);
  expect(await s.w.ledger()).toHaveLength(0);
  const { out } = await s.w.run(["check"], { SPEND_SETTLES: "on" });
  expect(out).toMatch(
    /\nwarn {2}settling 123456 +passed on \S+, card kind \d+; whether a visit then counts as paid/,
  );
  expect(out).toMatch(/\nok {4}card kind 123456 +is there, without a promotion or a limit\n/);
  expect((await s.w.run(["check"])).out).not.toContain("settling");
});

test("a journal whose cards may not pay ends with 1, and all is as before", async () => {
  await using s = await salon({ limits: "zero_is_nothing", over: "refused" });
  const { code, out } = await s.w.run([...s.args, "--language", "en"]);
  expect([code, out.includes("NOT PASSED:\n- YCLIENTS refused, its words stand above.")]).toEqual([1, true]);
  expect(out).toContain("All in the journal is as before.");
  s.expectClean();
});

test("on a terminal it asks to take the rest and to delete that payment, and learns that the visit counts as paid", async () => {
  await using s = await salon();
  let text = "";
  const decoder = new TextDecoder();
  const child = Bun.spawn([program(), ...s.args, "--language", "en"], {
    ...{ env: s.w.env, cwd: tmpdir() },
    terminal: {
      cols: 400,
      data: (_, bytes) => {
        text += decoder.decode(bytes, { stream: true });
      },
    },
  });
  try {
    await until(() => text.includes("Take the rest, 97 ₽, in the journal"));
    s.w.journal.pay(s.record);
    child.terminal?.write("\r");
    await until(() => text.includes("Now delete that payment"));
    child.terminal?.write("\r"); // not deleted yet
    await until(() => text.includes("The payment is still there."));
    s.w.journal.refund(s.record);
    child.terminal?.write("\r");
    expect(await child.exited).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
  await until(() => text.includes("PASSED. "));
  expect(text).toContain("The visit counts as paid in full.");
  s.expectClean();
  expect(await s.trials()).toEqual([{ passed: true, paid: "true" }] as never);
});

for (const [what, path] of [
  ["put onto the card", /manual_transaction$/],
  ["paid by the card", /apply_card_withdrawal/],
  ["taken off the bill", /cancel_card_withdrawal/],
] as const)
  test(`killed while points are ${what}, the next run first brings back what is there`, async () => {
    await using s = await salon();
    s.w.yclients.faults.next({ path, delayMs: 60_000 });
    s.w.yclients.requests = [];
    const child = Bun.spawn([program(), ...s.args], {
      ...{ env: s.w.env, cwd: tmpdir(), stdin: "ignore", stdout: "ignore", stderr: "ignore" },
    });
    await until(() => s.w.yclients.requests.some((one) => path.test(one.path)));
    child.kill("SIGKILL");
    await child.exited;
    await s.w.sql`update jobs set held_until = now()`; // what 15 s would do
    const again = await s.w.run([...s.args, "--language", "en"]);
    expect(again.out).toStartWith(`Left by a trial that was stopped (record ${s.record})`);
    expect([again.code, again.out.includes("\nPASSED. ")]).toEqual([0, true]);
    s.expectClean();
  });

test("what cannot be tried is a sentence", async () => {
  await using s = await salon();
  for (const [args, sentence] of [
    [["settle"], "settle takes try, with --record and --points."],
    [["settle", "try"], "--record takes the number that it has in YCLIENTS, for example 700100201."],
    [["settle", "try", "--record", "1"], "--points takes how many points are to pay, for example 3."],
    [["settle", "try", "--record", "1", "--points", "-3"], "--points"],
    [[...s.args, "--company", "7"], `--company is 7, and COMPANY_ID names ${BRANCH}.`],
    [[...s.args, "--language", "de"], "--language takes ru or en."],
  ] as const) {
    const { code, err } = await s.w.run([...args]);
    expect([code, err]).toEqual([1, expect.stringContaining(sentence)]);
  }
  const two = await s.w.run(s.args, { COMPANY_ID: `${BRANCH},7` });
  expect(two.err).toContain(`Say with --company in which branch it is tried. COMPANY_ID names ${BRANCH}, 7.`);
  const none = await s.w.run(["settle", "try", "--record", "1", "--points", "3", "--language", "en"]);
  expect([none.code, none.out]).toEqual([
    1,
    "NOT TRIED: the branch has no such record. Its number stands in the visit's address in YCLIENTS.\n",
  ]);
});
