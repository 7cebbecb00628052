/** What owners hear of a change of how long points live: each once, with what will end when. */
import { expect } from "bun:test";
import { keepLives, tellLives } from "../../src/ledger/ends.ts";
import { lifeText } from "../../src/owners/lives.texts.ts";
import { type Ledger, openLedger } from "../helpers/ledger.ts";
import { soft } from "../helpers/soft.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(openLedger);
const owners = ["telegram:700", "telegram:701"];

async function say(ledger: Ledger, day: string, pointsLive: { months: number } | { days: number } | null) {
  await keepLives(
    ledger.db,
    { pointsLive, welcomeLive: null, birthdayLive: null },
    new Date(`${day}T12:00:00Z`),
  );
}

/** What was said to each owner. `fails` are those who cannot be reached just now. */
async function tell(ledger: Ledger, day: string, fails: string[] = []): Promise<Record<string, string[]>> {
  const said: Record<string, string[]> = {};
  await tellLives(
    ledger.db,
    owners,
    async (to, change, ahead) => {
      if (fails.includes(to)) return false;
      said[to] = [...(said[to] ?? []), soft(lifeText(change, ahead))];
      return true;
    },
    new Date(`${day}T12:00:00Z`),
  );
  return said;
}

test("each owner hears once what holds and what ends when, and who was away hears it later", async (ledger) => {
  await ledger.db`insert into clients (phone) values ('+79000000001'), ('+79000000002')`;
  for (const card of [1, 2])
    await ledger.database.sql`insert into bonuslog (client_id, kind, points, actor, key, awarded_at)
      values (${card}, 'credit', ${card * 10}, 'admin:1', ${`till:${card}`}, '2026-01-10T12:00Z')`;
  await say(ledger, "2026-03-01", { months: 12 });
  const text =
    "<b>Срок баллов</b>: 12 месяцев, до конца последнего из них, действует с 1 марта 2026. " +
    "Раньше, чем через полный срок от этого дня, из накопленного ничего не сгорит.\n\n" +
    "<b>Сгорит после этих дней, если не потратят</b>\n• 31 марта 2027: 30 баллов, карт: 2\n\n" +
    "Клиентов предупредим за 30 и за 7 дней.";
  expect(await tell(ledger, "2026-03-01", ["telegram:701"])).toEqual({ "telegram:700": [text] });
  expect(await tell(ledger, "2026-03-01")).toEqual({ "telegram:701": [text] });
  expect(await tell(ledger, "2026-03-02")).toEqual({});
});

test("a pause says that the clock stands still", async (ledger) => {
  await say(ledger, "2026-02-01", { days: 5 });
  expect((await tell(ledger, "2026-02-01"))["telegram:700"]?.[0]).toEndWith(
    "\nСрок короткий: предупреждать о нём клиентов не будем.",
  );
  await say(ledger, "2026-03-01", null);
  expect((await tell(ledger, "2026-03-01"))["telegram:700"]).toEqual([
    "<b>Срок баллов выключен</b>: с 1 марта 2026 баллы не сгорают, отсчёт стоит. Включите снова — он пойдёт дальше, и все даты сдвинутся на время паузы.",
  ]);
  await say(ledger, "2026-03-02", { days: 20 });
  expect((await tell(ledger, "2026-03-02"))["telegram:700"]?.[0]).toContain(
    "Накопленное сгорит не раньше, чем по прежнему сроку или через полный новый от этого дня.\nКлиентов предупредим за 7 дней.",
  );
});

test("nobody hears of what was changed long ago, nor where nothing is set", async (ledger) => {
  await say(ledger, "2026-02-01", null);
  expect(await tell(ledger, "2026-02-01")).toEqual({});
  await say(ledger, "2026-02-01", { months: 3 });
  expect(await tell(ledger, "2026-02-10")).toEqual({});
});
