/** An owner gives a level by hand, up or down, until a day and with a reason, and takes it back. */
import { expect } from "bun:test";
import { giveLevel, takeLevelBack } from "../../src/levels/card.ts";
import { authorOf } from "../../src/rules/author.ts";
import { addDays } from "../../src/rules/time.ts";
import { accountHere } from "../helpers/both.ts";
import { boris, type Ledger, openLedger } from "../helpers/ledger.ts";
import { leveled, made, paid } from "../helpers/levels.ts";
import { salonBot } from "../helpers/salon-bot.ts";
import { expectSound } from "../helpers/sound.ts";
import { testIn } from "../helpers/test-in.ts";

const test = testIn(openLedger);
const onEither = test.either;
const today = new Date().toISOString().slice(0, 10);
const give = ({ db }: Ledger, place: number, more = {}) =>
  giveLevel(
    db,
    {
      card: 1,
      place,
      until: addDays(today, 5),
      reason: "постоянный клиент",
      actor: "admin:1",
      key: "hand:1",
      ...more,
    },
    "Etc/UTC",
  );

test("a level by hand holds from the next visit on, up and down, until its day is over or it is taken back", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 1_000), paid(102, 6_000, { client: boris }));
  expect(await give(ledger, 3)).toMatchObject({ result: "done", was: 100, percent: 500 });
  expect(await give(ledger, 3)).toMatchObject({ result: "already", change: 2 });
  expect(await give(ledger, 4, { key: "hand:2" })).toEqual({ result: "no_such_level", places: 3 });
  await ledger.post(paid(103, 1_000));
  const lower = { card: 2, key: "hand:3" };
  expect(await give(ledger, 1, lower)).toMatchObject({ result: "done", was: 300, percent: 100 });
  await ledger.post(paid(104, 9_000, { client: boris }), paid(105, 1_000, { client: boris }));
  expect(await takeLevelBack(ledger.db, 2, "admin:1")).toEqual({ card: 1, percent: 100 });
  expect(await takeLevelBack(ledger.db, 2, "admin:1")).toBeNull();
  await ledger.post(paid(106, 1_000));
  expect(await made(ledger)).toEqual([
    ...["101 1.00 10.00", "102 1.00 60.00", "103 5.00 50.00", "104 1.00 90.00"],
    ...["105 1.00 10.00", "106 1.00 10.00"],
  ]);
  await expectSound(ledger.db);
});

test("a level that is reached below one by hand is written down and not told: nothing changes by it", async (ledger) => {
  const { sql } = ledger.database;
  await leveled(ledger);
  await ledger.post(paid(101, 1_000), paid(102, 1_000, { client: boris }));
  await sql`insert into accounts (channel, external_id, client_id) select 'telegram', 500 + id, id from clients`;
  await give(ledger, 3);
  await ledger.post(paid(103, 5_000), paid(104, 5_000, { client: boris }));
  const rises = await sql`
    select client_id::int as card, was::float8, percent::float8, due_at is not null as told
    from level_changes where kind = 'up' order by client_id`;
  expect([...rises]).toEqual([
    { card: 1, was: 5, percent: 5, told: false },
    { card: 2, was: 1, percent: 3, told: true },
  ]);
});

test("a level by hand whose day is over counts no more", async (ledger) => {
  await leveled(ledger);
  await ledger.post(paid(101, 1_000));
  await give(ledger, 3, { until: addDays(today, -2) });
  await ledger.post(paid(102, 1_000));
  expect(await made(ledger)).toEqual(["101 1.00 10.00", "102 1.00 10.00"]);
  await expectSound(ledger.db);
});

onEither(
  "/level is the owners', says what is wrong with what was written, and its button takes it back once",
  async (ledger) => {
    await using salon = await salonBot({
      adminIds: ["telegram:501", "telegram:502"],
      ownerIds: ["telegram:501"],
    });
    const { anna, boris: admin, sql } = salon;
    salon.clock.now = new Date();
    await anna.say("/level 89001112233");
    expect(salon.said(501).at(-1)).toStartWith("Такой команды нет");
    await leveled({ ...ledger, db: salon.db } as Ledger);
    await sql`insert into clients (phone, name) values ('+79001112233', 'Вера')`;
    const ask = async (words: string) => {
      await anna.say(words);
      return salon.said(501).at(-1);
    };
    await admin.say("/level 89001112233");
    expect(salon.said(502).at(-1)).toContain("владел");
    expect(await ask("/level")).toContain("/level 89001234567");
    expect(await ask("/level 89009999999 2 завтра за дело")).toContain("Карты с таким телефоном нет");
    // Nothing previews it: whose it is stands in each answer.
    expect(await ask("/level 89001112233")).toStartWith("Вера …2233. Уровень 1 из 3: 1 % с каждой оплаты.");
    expect(await ask("/level 89001112233 9 завтра за дело")).toContain("всего их 3");
    expect(await ask("/level 89001112233 2 вчера за дело")).toContain("сегодня или позже");
    expect(await ask("/level 89001112233 2 завтра")).toContain("причину");
    expect(await ask("/level 89001112233 2 завтра за 89001112233")).toContain("похожее на телефон");
    expect(await ask("/level 89001112233 2 завтра за дело")).toMatch(
      /^Вера …2233. ✅ Уровень поставлен до .* 3 % вместо 1 % со следующего визита/,
    );
    await anna.tap("Отменить");
    expect(salon.said(501).at(-1)).toBe("Вера …2233. ↩️ Отменено. Со следующего визита у клиента 1 %.");
    const rows = await sql`select kind, reason, actor from level_changes order by id`;
    expect([...rows]).toEqual([
      { kind: "hand", reason: "за дело", actor: authorOf(accountHere(501)) },
      { kind: "undone", reason: null, actor: authorOf(accountHere(501)) },
    ]);
  },
);
