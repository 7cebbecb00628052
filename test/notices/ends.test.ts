/** Warnings of points that end: when, of what, once, and to nobody else; over HTTP against the stand-ins. */
import { expect } from "bun:test";
import { keepLives } from "../../src/ledger/ends.ts";
import { undo } from "../../src/ledger/ledger.ts";
import { enqueueWarnings } from "../../src/notices/ends.ts";
import { dayOf } from "../../src/rules/time.ts";
import { ruWords } from "../../src/texts/words.ts";
import { soft } from "../helpers/soft.ts";
import { type TellingSalon, tellingSalon } from "../helpers/telling-salon.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(() => tellingSalon({ quietHours: { from: 22 * 60, to: 9 * 60 } }));

/** From the year's first day on points live so long. */
const live = (
  salon: TellingSalon,
  pointsLive: { months: number } | { days: number } | null,
  day = "2026-01-01",
) => keepLives(salon.db, { pointsLive, welcomeLive: null, birthdayLive: null }, new Date(`${day}T12:00:00Z`));

let count = 0;
/** Points that nobody is still to be told of, at noon of a day. */
async function held(salon: TellingSalon, day: string, points: number, account = 501): Promise<void> {
  await salon.sql`
    insert into bonuslog (client_id, kind, points, actor, key, awarded_at, is_telegram_notified)
    select id, 'credit', ${points}, 'admin:1', ${`till:1:telegram:1:${++count}`}, ${`${day}T12:00:00Z`}, true
    from clients where telegram_id = ${account}`;
}

/** At an hour of a day by the salon's clock: whoever is to be warned is. What was said then. */
async function warn(salon: TellingSalon, day: string, hour = 12, account = 501): Promise<string[]> {
  const before = salon.said(account).length;
  salon.clock.now = new Date(`${day}T${String(hour).padStart(2, "0")}:00:00+03:00`);
  await enqueueWarnings(salon.db, dayOf(salon.clock.now, "Europe/Moscow"));
  await salon.wake();
  await salon.tell();
  return salon.said(account).slice(before);
}

test("a month before and a week before, and not again", async (salon) => {
  await live(salon, { months: 2 });
  await held(salon, "2026-01-10", 120);
  await held(salon, "2026-01-20", 30);
  expect(await warn(salon, "2026-02-28")).toEqual([]);
  const said = [
    "⏳ <b>150 баллов</b>: потратьте до 31 марта включительно, потом они сгорят.\nСкажите на кассе «спишите баллы».",
  ];
  expect(await warn(salon, "2026-03-01")).toEqual(said);
  expect(await warn(salon, "2026-03-02")).toEqual([]);
  expect(await warn(salon, "2026-03-23")).toEqual([]);
  expect(await warn(salon, "2026-03-24")).toEqual(said);
  expect(await warn(salon, "2026-03-25")).toEqual([]);
});

test("one message for all that ends in a month, with what the card holds", async (salon) => {
  await live(salon, { days: 40 });
  await held(salon, "2026-02-01", 20); // until 13 March
  await held(salon, "2026-02-11", 30); // until 23 March
  await held(salon, "2026-03-01", 50); // until 10 April
  expect(await warn(salon, "2026-03-06")).toEqual([
    "⏳ Скоро сгорят баллы. Последний день, когда их можно потратить:\n• 13 марта: <b>20 баллов</b>\n• 23 марта: <b>30 баллов</b>\nВсего на карте <b>100 баллов</b>.\nСкажите на кассе «спишите баллы».",
  ]);
});

test("in the language that its reader writes in", async (salon) => {
  await salon.linked(502, "+79001234568", "en");
  await live(salon, { months: 2 });
  await held(salon, "2026-01-10", 1, 502);
  expect(await warn(salon, "2026-03-10", 12, 502)).toEqual([
    "⏳ <b>1 point</b>: they may be used until the end of 31 March, then they expire.\nAt the till say “use my points”.",
  ]);
});

test("by night nothing is said; in the morning it is", async (salon) => {
  await salon.paid(100); // the branch is known
  await salon.tell();
  await live(salon, { months: 2 });
  await held(salon, "2026-01-10", 120);
  expect(await warn(salon, "2026-03-20", 2)).toEqual([]);
  expect(await warn(salon, "2026-03-20", 10)).toHaveLength(1);
});

test("what was spent meanwhile is not warned of, nor what stands still", async (salon) => {
  await live(salon, { months: 2 });
  await held(salon, "2026-01-10", 120);
  await salon.till("spend", 12_000);
  await salon.tell();
  expect(await warn(salon, "2026-03-10")).toEqual([]);
  await held(salon, "2026-01-11", 60);
  await live(salon, null, "2026-03-09");
  expect(await warn(salon, "2026-03-10")).toEqual([]);
});

test("what lives no longer than a month is warned of a week before alone", async (salon) => {
  await live(salon, { days: 30 });
  await held(salon, "2026-03-01", 120); // until 31 March
  expect(await warn(salon, "2026-03-02")).toEqual([]);
  expect(await warn(salon, "2026-03-24")).toHaveLength(1);
});

test("who has blocked the bot is warned of nothing, and no notice waits for ever", async (salon) => {
  await live(salon, { months: 2 });
  await held(salon, "2026-01-10", 120);
  await salon.sql`update accounts set blocked_at = now()`;
  expect(await warn(salon, "2026-03-10")).toEqual([]);
  expect(await salon.sql`select from notices where about = 'ends'`).toHaveLength(0);
});

test("a spend taken back after its points have ended says until when they may be spent", async (salon) => {
  await live(salon, { months: 1 });
  await held(salon, "2026-01-10", 120); // until 28 February
  await salon.till("spend", 12_000);
  await salon.tell();
  const [spend] = await salon.sql`select id::int, client_id::int as card from bonuslog where kind = 'spend'`;
  await undo(salon.db, { id: spend?.id, card: spend?.card, points: -12_000 }, "admin:1");
  await salon.wake();
  await salon.tell();
  const [end] = await salon.sql`select ends::text from lot_ends where life = 'returned'`;
  const day = soft(ruWords.day(end?.ends, null));
  expect(salon.said().at(-1)).toContain(
    `Срок вышел, пока они были потрачены: <b>120 баллов</b> можно потратить до ${day} включительно.`,
  );
});

test("of a gift that waits for a visit it is said so, and nobody is sent to the till with it alone", async (salon) => {
  await keepLives(
    salon.db,
    { pointsLive: { days: 40 }, welcomeLive: { days: 30 }, birthdayLive: null },
    new Date("2026-01-01T12:00:00Z"),
  );
  await salon.sql`
    insert into bonuslog (client_id, kind, points, actor, key, awarded_at, is_telegram_notified)
    select id, 'welcome', 100, 'programme', 'welcome:' || id, '2026-03-01T12:00:00Z', true
    from clients where telegram_id = 501`;
  expect(await warn(salon, "2026-03-24")).toEqual([
    "⏳ Подарок сгорит после 31 марта: <b>100 баллов</b>. Потратить его можно после следующего оплаченного визита.",
  ]);
  await held(salon, "2026-02-21", 20); // until 2 April
  expect(await warn(salon, "2026-03-26")).toEqual([
    "⏳ Скоро сгорят баллы. Последний день, когда их можно потратить:\n• 31 марта: <b>100 баллов</b>\n• 2 апреля: <b>20 баллов</b>\nИз них <b>100 баллов</b> в подарок: потратить его можно будет после следующего оплаченного визита.\nВсего на карте <b>120 баллов</b>.\nСкажите на кассе «спишите баллы».",
  ]);
});

test("a gift is told with the last day on which it may be spent, and without one where it has none", async (salon) => {
  const lives = { pointsLive: null, welcomeLive: null, birthdayLive: { days: 14 } };
  await keepLives(salon.db, lives, new Date("2026-01-01T12:00:00Z"));
  const gift = async (kind: string, key: string) => {
    await salon.sql`
      insert into bonuslog (client_id, kind, points, actor, key, awarded_at)
      select id, ${kind}, 200, 'programme', ${`${kind}:`} || id || ${key}, '2026-03-10T12:00:00Z'
      from clients where telegram_id = 501`;
    await salon.sql`
      insert into notices (client_id, about, due_at) select id, 'visits', now() from clients where telegram_id = 501
      on conflict do nothing`;
    await salon.wake();
    await salon.tell();
    return salon.said().at(-1);
  };
  expect(await gift("birthday", ":2026")).toContain(
    "одарок ко дню рождения: <b>200 баллов</b>, можно потратить до 24 марта 2026 включительно.",
  );
  expect(await gift("welcome", "")).toContain("одарок новому клиенту: <b>200 баллов</b>.");
});
