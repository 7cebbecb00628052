// /programme: an owner reads what is in force, and takes on levels by which some earn less; nobody else does.
import { expect } from "bun:test";
import { adoptLevels, levelsState } from "../../src/levels/terms.ts";
import type { ProgrammeSettings } from "../../src/owners/programme.ts";
import { readLevels } from "../../src/rules/levels.rule.ts";
import { accountHere, onEither } from "../helpers/both.ts";
import { salonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";

const off: ProgrammeSettings = {
  ...{ percent: 100, earnOn: "services,goods", earnWhen: "paid", paidBy: "payments" },
  ...{ levels: null, levelsOver: null, pointsLive: null, welcomePoints: null, welcomeLive: null },
  ...{
    birthdayPoints: null,
    birthdayLive: null,
    friendPoints: null,
    friendAfterDays: 3,
    friendLeastBill: null,
  },
  ...{ friendAMonth: 5, friendAYear: 30, spendMaxPercent: 100, spendStep: null, spendLeastBill: null },
  ...{ spendOn: "services,goods", cardDailyActs: null },
};
const levelsOf = (text: string) => readLevels(text) ?? null;

/** The owner Irina (700), the admin Olga (601), and three clients who have paid 1 000, 20 000 and 60 000 ₽. */
async function owned(changes: Partial<ProgrammeSettings> = {}) {
  const programme = { ...off, ...changes };
  const staff = { adminIds: ["telegram:601"], ownerIds: ["telegram:700"] };
  const salon = await salonBot(staff, undefined, { programme });
  const { sql } = salon;
  await sql`insert into companies (company_id, time_zone) values (1, 'Europe/Moscow')`;
  await sql`
    insert into terms (percent, earn_on, earn_when, paid_by, since)
    values (1, 'services,goods', 'paid', 'payments', '2025-02-12T10:00:00Z')`;
  await sql`insert into clients (name) values ('Анна'), ('Борис'), ('Вера'), ('Глеб')`;
  for (const [card, paid] of [1_000, 20_000, 60_000].entries())
    await sql`
      insert into bonuslog (client_id, kind, record_id, points, paid, actor, key)
      values (${card + 1}, 'award', ${card + 1}, 10, ${paid}, 'sync', ${`visit:${card + 1}`})`;
  const irina = salon.person({ id: 700, firstName: "Ирина" });
  const olga = salon.person({ id: 601, firstName: "Ольга" });
  return Object.assign(salon, { programme, irina, olga });
}

/** These levels are in force by the settings from this moment on; the salon's clock is a minute later. */
async function inForce({ db, programme, clock }: Owned, levels: string | null): Promise<void> {
  const wanted = levels === null ? programme.levels : levelsOf(levels);
  await adoptLevels(db, { ...programme, levels: wanted }, new Date());
  clock.now = new Date(Date.now() + 60_000);
}

type Owned = Awaited<ReturnType<typeof owned>>;

/** The last words to the owner once there are so many. */
async function last({ said }: Owned, count: number): Promise<string> {
  for (let tries = 0; tries < 400 && said(700).length < count; tries++) await Bun.sleep(10);
  return said(700)[count - 1] ?? "";
}

onEither("a gift of nothing is not listed: who is not given any is left out", async () => {
  await using salon = await owned({ friendPoints: { inviter: 30_000, friend: 0 } });
  await salon.irina.say("/programme");
  expect(soft(salon.said(700)[0])).toContain("За друга: пригласившему 300 баллов через 3 дня");
});

onEither("with nothing chosen it says the plain programme", async () => {
  await using salon = await owned();
  await salon.irina.say("/programme");
  expect((await last(salon, 1)).split("\n").slice(1)).toEqual([
    "",
    "Баллы: 1 % от оплаты визита, с 12 февраля 2025",
    "Баллы не сгорают",
    "Списание: весь счёт, кроме 1 ₽",
    "",
    "Так же и в настройках: ничего не ждёт вашего решения.",
  ]);
});

onEither("with all of it on it says all of it", async () => {
  await using salon = await owned({
    ...{ levels: levelsOf("0:1,50000:3"), levelsOver: 12, pointsLive: { months: 12 }, earnWhen: "arrived" },
    ...{
      welcomePoints: 20_000,
      welcomeLive: { days: 30 },
      birthdayPoints: 50_000,
      birthdayLive: { days: 14 },
    },
    ...{ friendPoints: { inviter: 30_000, friend: 20_000 }, friendLeastBill: 100_000, spendMaxPercent: 50 },
    ...{ spendStep: 10_000, spendLeastBill: 200_000, spendOn: "services", cardDailyActs: 2 },
  });
  await inForce(salon, null);
  await salon.irina.say("/programme");
  const words = (await last(salon, 1)).replaceAll(/, с \d+ [а-я]+/g, ", с сегодня").split("\n");
  expect(words.slice(2)).toEqual([
    "Баллы: процент уровня от оплаты визита, когда визит состоялся",
    "Уровни по оплатам за 12 месяцев: сначала 1 %, от 50 000 ₽ 3 %, с сегодня",
    "Баллы живут 12 месяцев",
    "За первую привязку карты: 200 баллов, живут 30 дней",
    "Ко дню рождения: 500 баллов, живут 14 дней",
    "За друга: пригласившему 300 баллов, другу 200 баллов через 3 дня после его первого визита от 1 000 ₽; одному клиенту не больше 5 раз в месяц и 30 раз в год",
    "Списание: до 50 % счёта, числом, кратным 100, при счёте от 2 000 ₽, только за услуги, с одной карты не больше 2 раз в день",
    "",
    "Так же и в настройках: ничего не ждёт вашего решения.",
  ]);
});

onEither(
  "levels by which some earn less: whom they touch is shown, an owner takes them on, and a month later they hold",
  async () => {
    await using salon = await owned({ levels: levelsOf("0:2,50000:3") });
    const { db, programme, irina } = salon;
    await inForce(salon, "0:1,10000:3");
    await irina.say("/programme");
    expect(await last(salon, 1)).toContain("ждут вашего решения");
    const shown = await last(salon, 2);
    // Anna goes from 1 to 2 %, Boris from 3 to 2, Vera stays; Gleb has no visits.
    expect(shown).toContain("уровни по оплатам за всё время: сначала 2 %, от 50 000 ₽ 3 %");
    expect(shown).toContain("больше, чем сейчас: 1, меньше: 1, столько же: 1.");
    await irina.tap("Принять");
    const { coming, waiting } = await levelsState(db, programme, new Date());
    expect([coming?.acceptedBy, waiting]).toEqual([accountHere(700), null]);
    expect(Math.round(((coming?.since.getTime() ?? 0) - Date.now()) / 86_400_000)).toBeGreaterThanOrEqual(30);
    const words = salon.said(700).join("\n");
    expect(words).toContain("Принято. Новые уровни действуют с ");
    await irina.say("/programme");
    expect(await last(salon, salon.said(700).length)).toContain(
      ": уровни по оплатам за всё время: сначала 2 %",
    );
  },
);

onEither("a tap on levels that the settings want no more takes nothing on", async () => {
  await using salon = await owned({ levels: levelsOf("0:2,50000:3") });
  const { db, programme, irina } = salon;
  await inForce(salon, "0:1,10000:3");
  await irina.say("/programme");
  await last(salon, 2);
  programme.levels = levelsOf("0:2,90000:3");
  await irina.tap("Принять");
  expect(salon.said(700).at(-1)).toStartWith("Решать больше нечего");
  expect((await levelsState(db, programme, new Date())).coming).toBeNull();
});

onEither("admins are told that it is the owners'; for clients there is no such command", async () => {
  await using salon = await owned();
  await salon.olga.say("/programme");
  expect(salon.said(601).at(-1)).toContain("видит и меняет только владелец");
  await salon.anna.say("/programme");
  expect(salon.said(501).at(-1)).not.toContain("рограмм");
});
