// An account that proves a second phone, and coming back after a block.
import { expect } from "bun:test";
import { linkTo } from "../helpers/accounts.ts";
import { messengerHere } from "../helpers/both.ts";
import { expectTable } from "../helpers/db.ts";
import { give, type SalonBot, salonBot } from "../helpers/salon-bot.ts";
import { testIn } from "../helpers/test-in.ts";
import { ask, tap } from "../helpers/till-salon.ts";

const test = testIn(() => linkedAnna(34_000));
const onEither = test.either;

const AGREE = "Согласен, отправить мой номер";
const PHONE = "+79001234567";
const SECOND = "+79005550000";

async function linkedAnna(...points: number[]): Promise<SalonBot> {
  const salon = await salonBot();
  await give(salon, PHONE, ...points);
  await salon.anna.start();
  await salon.anna.tap(AGREE);
  return salon;
}

/** Each card: its phone, its account, what it holds. */
const cards = (salon: SalonBot, ...rows: [phone: string | null, account: number | null, holds: number][]) =>
  expectTable(
    salon.sql,
    `select phone, (select a.external_id from accounts a where a.client_id = c.id) as holder,
       trim_scale(coalesce(balance, 0)) as balance from clients c
     left join balances b on b.client_id = c.id order by phone`,
    rows,
  );

/** Each row of a move: the phone of its card, its points, whether a client did it, whether it was told. */
const moves = (salon: SalonBot, ...rows: [phone: string, points: number, client: boolean, told: boolean][]) =>
  expectTable(
    salon.sql,
    `select c.phone, trim_scale(b.points) as points, b.actor ~ '^client:' as client, b.is_telegram_notified as told
     from bonuslog b join clients c on c.id = b.client_id where kind = 'move' order by b.id`,
    rows,
  );

test("a second phone is asked about; yes moves the points once, and the account with them (Telegram alone: its own delivery is played)", async (salon) => {
  await give(salon, SECOND, 1000);
  await salon.anna.shareContact(SECOND);
  expect(salon.said(501).at(-1)).toBe(
    `К ${messengerHere()} уже привязана карта …4567, на ней 340 баллов. Перенести баллы на карту …0000 и пользоваться ею?`,
  );
  await cards(salon, [PHONE, 501, 340], [SECOND, null, 10]);
  salon.telegram.webhook.deliverTwice = true;
  await salon.anna.tap("Да, перенести");
  await salon.anna.tapAgain();
  await cards(salon, [PHONE, null, 0], [SECOND, 501, 350]);
  await moves(salon, [PHONE, -340, true, true], [SECOND, 340, true, true]);
  await expectTable(salon.sql, "select * from bonuslog where not is_telegram_notified", []);
  await expectTable(salon.sql, "select * from notices", []);
  expect(salon.said(501)).toContain(
    "✅ Перенесли 340 баллов. На карте …0000: 350 баллов. 1 балл = 1 ₽: скажите на кассе «спишите баллы».",
  );
  expect(salon.said(501).at(-1)).toStartWith("Этот вопрос уже закрыт. На карте …0000: 350 баллов.");
  expect(salon.anna.answeredCallbacks.length).toBeGreaterThan(1);
});

onEither("no changes nothing, and closes the question", async (salon) => {
  await salon.anna.shareContact(SECOND);
  expect(await tap(salon.anna, "Нет")).toBe("Хорошо, ничего не меняем.");
  await salon.anna.tapAgain();
  await cards(salon, [PHONE, 501, 340]);
  await moves(salon);
  await expectTable(salon.sql, "select * from dialogs", []);
});

onEither(
  "the question is over after a day, and an older question does not answer a newer one",
  async (salon) => {
    await salon.anna.shareContact(SECOND);
    const older = salon.anna.lastMessage()?.inline[0]?.[0];
    await salon.anna.shareContact("+79005551111");
    if (!older || !("callback_data" in older)) throw new Error("no button");
    await salon.anna.tap({ data: older.callback_data });
    await cards(salon, [PHONE, 501, 340]);
    salon.clock.now = new Date("2026-03-13T12:00:01Z");
    await salon.anna.tap("Да, перенести");
    await cards(salon, [PHONE, 501, 340]);
    await moves(salon);
  },
);

test("a doubled contact asks one question, and both of its messages work (Telegram alone: its own delivery is played)", async () => {
  await using salon = await linkedAnna(100);
  salon.telegram.webhook.deliverTwice = true;
  await salon.anna.shareContact(SECOND);
  salon.telegram.webhook.deliverTwice = false;
  const [one, two] = salon.telegram
    .messages(501)
    .slice(-2)
    .map((shown) => shown.inline);
  expect(two).toEqual(one ?? []);
  await salon.anna.tap("Да, перенести");
  await cards(salon, [PHONE, null, 0], [SECOND, 501, 1]);
});

onEither(
  "an empty card and a debt are left behind; the account before on the second card is told",
  async () => {
    await using salon = await linkedAnna(1000, -1000);
    await salon.sql`
    insert into bonuslog (client_id, kind, corrects, points, actor, key)
    select client_id, 'correction', id, -15, 'sync', 'visit:1:2' from bonuslog where id = 1`;
    await salon.boris.start();
    await salon.boris.shareContact(SECOND);
    await salon.anna.shareContact(SECOND);
    expect(salon.said(501).at(-1)).toBe(
      `К ${messengerHere()} уже привязана карта …4567. Пользоваться вместо неё картой …0000?`,
    );
    expect(await tap(salon.anna, "Да, этой картой")).toStartWith("✅ Теперь ваша карта — …0000.");
    expect(salon.said(502).at(-1)).toStartWith("Ваш номер подтвердил другой аккаунт");
    await moves(salon);
    await cards(salon, [PHONE, null, -15], [SECOND, 501, 0]);
  },
);

onEither("a card left for one that another account has now is not forgotten with it", async (salon) => {
  await salon.anna.shareContact(SECOND);
  await salon.anna.tap("Да, перенести");
  await salon.boris.start();
  await salon.boris.shareContact(SECOND); // the number is his now
  expect(await ask(salon.boris, "/forget", "Удалить навсегда")).not.toContain("4567");
  await cards(salon, [PHONE, null, 0], [null, null, 340]);
});

test("a block is marked, and coming back says once what was missed (Telegram alone: it tells a return from a start)", async (salon) => {
  await salon.anna.block();
  await expectTable(salon.sql, "select blocked_at from accounts", [["2026-03-12T12:00:00.000Z"]]);
  await give(salon, PHONE, 9600, -5000);
  await salon.anna.start();
  expect(salon.said(501).slice(-2)).toEqual([
    "С возвращением, Анна! Пока вас не было: +96, −50 списано. Сейчас на карте …4567: 386 баллов.",
    expect.stringMatching(/^Здравствуйте, Анна! На карте …4567: 386 баллов/),
  ]);
  await expectTable(salon.sql, "select blocked_at from accounts", [{ blocked_at: null }]);
  await expectTable(salon.sql, "select * from bonuslog where not is_telegram_notified", []);
});

test("coming back counts visits only where they made all that came (Telegram alone: it tells a return from a start)", async () => {
  await using salon = await linkedAnna();
  const missed = async (...kinds: string[]) => {
    await salon.anna.block();
    for (const kind of kinds)
      await salon.sql`
        insert into bonuslog (client_id, kind, record_id, points, actor, key)
        select id, ${kind}, case when ${kind} = 'award' then (select count(*) from bonuslog) end, 30, 'sync',
          ${crypto.randomUUID()} from clients`;
    await salon.anna.start();
    return salon.said(501).at(-2);
  };
  expect(await missed("award", "award")).toContain("Пока вас не было: +60 за 2 визита. Сейчас");
  expect(await missed("award", "credit")).toContain("Пока вас не было: +60. Сейчас");
});

test("a return that Telegram did not tell of is noticed at /start; nothing missed, nothing said twice (Telegram alone: it tells a return from a start)", async (salon) => {
  await salon.sql`update accounts set blocked_at = now()`;
  await salon.anna.start();
  expect(salon.said(501).at(-1)).toBe("С возвращением, Анна! Сейчас на карте …4567: 340 баллов.");
  await salon.anna.block();
  const before = salon.said(501).length;
  await salon.anna.start();
  expect(salon.said(501, before)).toEqual([expect.stringMatching(/^Здравствуйте, Анна!/)]);
});

onEither("a stranger's block changes nothing", async () => {
  await using salon = await salonBot();
  await salon.anna.start();
  await salon.anna.block();
  await salon.anna.unblock();
  await expectTable(salon.sql, "select * from clients", []);
  expect(salon.log.filter((line) => line.includes('"level":50'))).toEqual([]);
});

onEither("an old yes does not rob the account that has proved the phone since", async (salon) => {
  await give(salon, SECOND, 1000);
  await salon.anna.shareContact(SECOND);
  await linkTo(salon.sql, 502, SECOND);
  await salon.anna.tap("Да, перенести");
  await cards(salon, [PHONE, 501, 340], [SECOND, 502, 10]);
});

onEither("a no behind the yes leaves the answer to the yes where it stands", async (salon) => {
  await salon.anna.shareContact(SECOND);
  const [yes, no] = (salon.anna.lastMessage()?.inline.flat() ?? []).map((button) =>
    "callback_data" in button ? button.callback_data : "",
  );
  await tap(salon.anna, { data: yes ?? "" }, { data: no ?? "" });
  const [moved, closed] = salon.said(501).slice(-2);
  expect(moved).toStartWith("✅ Перенесли 340 баллов.");
  expect(closed).toStartWith("Этот вопрос уже закрыт. На карте …0000: 340 баллов.");
});
