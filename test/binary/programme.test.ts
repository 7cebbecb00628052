// `programme try` and `programme accept` of the executable: other terms tried on the visits stored, and levels taken on.
import { expect, test } from "bun:test";
import { world } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";

test("terms are tried on what is stored and nothing is written; levels that lower somebody are taken on for a month later", async () => {
  await using w = await world();
  await w.anna();
  w.pay(60_000);
  w.pay(1_000, { id: 32, name: "Борис", phone: "+79007654321" });
  await w.run(["sync"]);
  const state = () =>
    w.sql`select (select count(*) from bonuslog) as rows, (select count(*) from level_terms) as terms`;
  const before = await state();

  const table = await w.run(["programme", "try", "--percent", "3", "--points-live", "12 months", "--csv"]);
  expect([table.code, table.err]).toEqual([0, ""]);
  const [head, ...months] = table.out.trimEnd().split("\r\n");
  expect(head).toBe("month,visits,points,given,up,down,ended,cost");
  expect(months.at(-1)?.split(",").slice(1)).toEqual(["2", "1830.00", "610.00", "0", "0", "0.00", "0.00"]);

  const tried = ["programme", "try", "--levels", "0:2,50000:3", "--levels-over", "12 months"];
  const words = await w.run([...tried, "--language", "en"]);
  expect(words.out).toStartWith("A trial of terms: from ");
  expect(words.out).toContain(
    '\nLEVELS=0:2,50000:3 LEVELS_OVER="12 months" POINTS_LIVE="off" EARN_ON=services,goods ',
  );
  expect(await state()).toEqual(before);

  expect(await w.run(["programme", "accept"])).toMatchObject({
    ...{ code: 0, out: "nothing waits: the levels of the settings are in force, or accepted\n" },
  });
  const levels = { ...w.env, LEVELS: "0:0.5,50000:3" };
  const count = "a client's next visit would earn more: 1, less: 1, the same: 0\n";
  expect(await w.run(["programme", "accept", "--dry-run"], levels)).toMatchObject({
    ...{ code: 0, out: `${count}nothing was written\n` },
  });
  expect(await state()).toEqual(before);
  const accepted = await w.run(["programme", "accept"], levels);
  expect(accepted.out).toMatch(/^a client's .* the same: \d\naccepted: in force from \d{4}-\d\d-\d\d on\n$/);
  expect((await w.run(["programme", "accept"], levels)).out).toStartWith("nothing waits");
});

test("what cannot be tried is a sentence", async () => {
  await using w = await world();
  for (const [args, sentence] of [
    [["programme"], "programme takes try, with the terms to be tried, or accept, with --dry-run or nothing."],
    [["programme", "accept", "--percent", "3"], "programme takes try, with the terms"],
    [["programme", "try", "--percent", "0"], '--percent is "0": write a percent above 0'],
    [["programme", "try", "--levels", "0:1"], '--levels is "0:1": write from two to ten levels'],
    [["programme", "try", "--percent", "3", "--levels", "0:1,5:2"], "--percent goes without --levels"],
    [["programme", "try", "--points-live", ""], '--points-live is "": write 1 to 120 months'],
    [["programme", "try", "--to", "2999-01-01"], "--to is 2999-01-01, which is still to come"],
    [
      ["programme", "try", "--from", "2026-02-02", "--to", "2026-02-01"],
      "--from is 2026-02-02, which is after --to",
    ],
    [["programme", "try", "--language", "de"], "--language takes ru or en."],
  ] as [string[], string][]) {
    const { code, out, err } = await w.run(args);
    expect([args, code, out]).toEqual([args, 1, ""]);
    expect(err).toStartWith(sentence);
  }
});

test("levels hold from the start on: the first who asks reads them, and owners hear at once of what waits for them", async () => {
  await using w = await world();
  const later = { SYNC_CRON: "0 0 3 1 1 *" };
  const first = await w.serve({ ...later, LEVELS: "0:1,50000:3" });
  await w.sql`insert into clients (phone) values ('+79001234567')`;
  const anna = await w.anna();
  await anna.say("/help");
  expect(soft((await anna.waitForMessage("Потратить")).text)).toStartWith("1–3 % от оплаты визита");
  await first.stop();
  const owner = w.telegram.person({ id: 700, firstName: "Ирина" });
  owner.chat.started = true;
  await w.serve({ ...later, LEVELS: "0:1,50000:2", OWNER_IDS: "700" });
  expect((await owner.waitForMessage("В настройках теперь уровни")).text).toContain("/programme");
});
