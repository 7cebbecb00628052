/** The card says level, percent, what is left to the next one, and until when the level holds. */
import { expect } from "bun:test";
import { levelOf } from "../../src/levels/card.ts";
import { adoptLevels } from "../../src/levels/terms.ts";
import { onBoth, onEither } from "../helpers/both.ts";
import { openLedger } from "../helpers/ledger.ts";
import { leveled, paid, settings, usualLevels } from "../helpers/levels.ts";
import { linkedAnna, row, visit as visitOf } from "../helpers/past.ts";
import { english, salonBot } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask, tillSalon } from "../helpers/till-salon.ts";

const test = testIn(openLedger);

/** A visit of a card that so many roubles were paid for, of so many days ago. */
const visit = (
  salon: Awaited<ReturnType<typeof salonBot>>,
  phone: string,
  roubles: number,
  days: number,
) => salon.sql`
  insert into bonuslog (client_id, kind, record_id, points, paid, actor, key, awarded_at)
  select id, 'award', ${roubles}, ${roubles / 100}, ${roubles}, 'sync', ${`visit:${roubles}`}, now() - ${days} * interval '1 day'
  from clients where phone = ${phone}`;

onBoth("a card of a salon without levels says nothing of them", async () => {
  await using salon = await salonBot();
  const john = await english(salon);
  await john.say("/balance");
  expect(salon.said(503).at(-1)).not.toContain("Level");
});

onEither("a card says its level, what is left to the next one, and by when more must be paid", async () => {
  await using salon = await salonBot({ levels: usualLevels });
  const john = await english(salon);
  salon.clock.now = new Date();
  await adoptLevels(salon.db, settings(usualLevels, 3), new Date());
  await john.say("/balance");
  expect(salon.said(503).at(-1)).toContain(
    "Level 1 of 3: 1% of every payment. 5,000 ₽ more for 3%, counted over the last 3 months.",
  );
  await visit(salon, "+447700900123", 6_000, 20);
  await john.say("/balance");
  expect(salon.said(503).at(-1)).toMatch(
    /Level 2 of 3: 3% of every payment\. 4,000 ₽ more for 5%, counted over the last 3 months\. It is yours until the end of \d+ \w+( \d{4})?\. To keep it, pay 5,000 ₽ more for visits by then\./,
  );
});

onEither(
  "/why says by which percent each visit was awarded, and in one sentence which level that was",
  async () => {
    await using salon = await linkedAnna({ adminIds: ["telegram:601"] });
    await visitOf(salon, 1, { day: "2026-03-01", price: 3500, decision: "awarded" });
    await row(salon, { day: "2026-03-01", kind: "award", points: 35, record: 1, paid: 3500 });
    expect(await ask(salon.anna, "/why")).not.toMatch(/уровн/i);
    await visitOf(salon, 2, { day: "2026-03-05", price: 3500, decision: "awarded" });
    await salon.sql`alter table visits disable trigger visits_keep_their_percent`;
    await salon.sql`update visits set percent = 3 where record_id = 2`;
    await row(salon, { day: "2026-03-05", kind: "award", points: 105, record: 2, paid: 3500 });
    const sentence =
      "Процент визита — по уровню, который был у вас до него: новый уровень действует со следующего визита. Какой сейчас — /balance";
    const [, visits, hints] = (await ask(salon.anna, "/why")).split("\n\n");
    expect(visits?.split("\n")).toEqual(["5 марта, 3 500 ₽: +105, 3 % по уровню", "1 марта, 3 500 ₽: +35"]);
    expect(hints?.split("\n")[0]).toBe(sentence);
    salon.anna.user.language_code = "en";
    expect(await ask(salon.anna, "/why")).toContain(
      "5 March, 3,500 ₽: +105, 3% by level\n1 March, 3,500 ₽: +35\n\nA visit's percent is of the level that you were on before it",
    );
    const olga = salon.person({ id: 601, firstName: "Ольга" });
    const staff = await ask(olga, "/why +79001234567");
    expect(staff).toContain("Начислено +105, 3 % по уровню.");
    expect(staff).toContain("Начислено +35.");
  },
);

onEither(
  "the till's first screen says the client's level and percent, and nothing of them where there are none",
  async () => {
    await using salon = await tillSalon({}, 34_024);
    expect(await ask(salon.olga, "89001234567 3500")).not.toContain("Уровень");
    await adoptLevels(salon.db, settings(usualLevels), new Date());
    await visit(salon, "+79001234567", 6_000, 20);
    const line = "Уровень 2 из 3: 3 % с оплаты.";
    expect((await ask(salon.olga, "89001234567")).split("\n")[1]).toBe(line);
    expect((await ask(salon.olga, "89001234567 3500")).split("\n")[1]).toBe(line);
  },
);

test("of two warnings whose days are to come the one that still lowers the level is shown", async (ledger) => {
  const { sql } = ledger.database;
  await leveled(ledger, usualLevels, 2);
  await ledger.post(paid(101, 6_000));
  // It counts on the last day of January, and no more on that of February; both are warned of by the thirtieth of January.
  await sql`alter table bonuslog disable trigger user`;
  await sql`update bonuslog set awarded_at = '2030-12-05T12:00Z'`;
  await sql`
    insert into level_changes (client_id, kind, reached, turnover, missing, until, was, percent, actor, key, after_row)
    select 1, 'warned', 5000, 0, 5000, day, 3, 1, 'levels', 'warned:1:' || day, 1
    from unnest('{2031-01-31,2031-02-28}'::date[]) day`;
  const fallOn = async (day: string) =>
    (await levelOf(ledger.db, 1, { now: new Date(`${day}T12:00:00Z`), timeZone: "Europe/Moscow" }))?.fall;
  expect(await fallOn("2031-01-30")).toEqual({ until: "2031-02-28", missing: 500_000 });
  await sql`update bonuslog set awarded_at = '2030-11-05T12:00Z'`;
  expect(await fallOn("2031-01-30")).toEqual({ until: "2031-01-31", missing: 500_000 });
  expect(await fallOn("2031-02-01")).toEqual({ until: "2031-02-28", missing: 500_000 });
});
