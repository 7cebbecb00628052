/** The card says level, percent, what is left to the next one, and until when the level holds. */
import { expect, test } from "bun:test";
import { adoptLevels } from "../../src/levels/terms.ts";
import { settings, usualLevels } from "../helpers/levels.ts";
import { english, salonBot } from "../helpers/salon-bot.ts";

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

test("a card of a salon without levels says nothing of them", async () => {
  await using salon = await salonBot();
  const john = await english(salon);
  await john.say("/balance");
  expect(salon.said(503).at(-1)).not.toContain("Level");
});

test("a card says its level, what is left to the next one, and by when more must be paid", async () => {
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
