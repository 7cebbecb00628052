// What owners alone may ask: /stats with its chart, /export, and that nobody else learns of either.
import { expect, test } from "bun:test";
import type { BotParts } from "../../src/app/listening.ts";
import type { Chart } from "../../src/owners/owners.chat.ts";
import { statsPicture } from "../../src/picture/stats.ts";
import { salonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { ask } from "../helpers/till-salon.ts";
import { pixels } from "../picture/read.ts";

/** The owner Irina (700), the admin Olga (601); 12 March, 14:22 in Moscow. */
async function owned(parts: Partial<BotParts> = {}) {
  const salon = await salonBot({ adminIds: ["telegram:601"], ownerIds: ["telegram:700"] }, undefined, parts);
  salon.clock.now = new Date("2026-03-12T11:22:00Z");
  const { sql, telegram } = salon;
  await sql`
    insert into companies (company_id, title, time_zone, last_pass_at)
    values (1, 'Салон', 'Europe/Moscow', '2026-03-12T11:21:10Z')`;
  await sql`
    insert into clients (phone, name, created_at) values
      ('+79001234567', 'Анна', '2026-01-01'), ('+79007654321', 'Борис', '2026-03-01'), (null, null, '2026-03-01')`;
  await sql`
    insert into accounts (channel, external_id, client_id, linked_at) values ('telegram', 501, 1, '2026-03-12T05:00:00Z')`;
  let keys = 0;
  type More = { corrects?: number; reason?: string };
  const row = (at: string, kind: string, points: number, more: More = {}) => sql`
    insert into bonuslog (client_id, kind, points, awarded_at, corrects, reason, actor, key)
    values (1, ${kind}, ${points}, ${at}, ${more.corrects ?? null}, ${more.reason ?? null}, 'admin:601', ${`op:${++keys}`})`;
  const irina = telegram.person({ id: 700, firstName: "Ирина" });
  const olga = telegram.person({ id: 601, firstName: "Ольга" });
  /** The files that the owner was sent. */
  const files = () => telegram.messages(700).flatMap((one) => one.document ?? []);
  return Object.assign(salon, { row, irina, olga, files });
}

/** Waits for what comes after the answer. */
async function until<T>(found: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const one = found();
    if (one !== undefined) return one;
    await Bun.sleep(10);
  }
  throw new Error("it did not come");
}

test("/stats tells cards, points by period, what is owed, the journal's lag and what is set aside", async () => {
  await using salon = await owned();
  const { row, sql } = salon;
  await row("2026-01-10T10:00:00Z", "credit", 1000.5);
  await row("2026-02-10T20:59:59Z", "credit", 7); // 31 days ago by the salon's clock: before the 30 days
  await row("2026-02-10T21:00:00Z", "credit", 100); // the first second of the first of 30 days
  await row("2026-03-01T10:00:00Z", "spend", -300);
  await row("2026-03-11T21:00:00Z", "spend", -40); // the first second of today
  await row("2026-03-12T10:00:00Z", "credit", 20);
  await row("2026-03-12T10:01:00Z", "undo", 300, { corrects: 4 }); // a spend given back is no gift
  await row("2026-03-12T10:02:00Z", "undo", -20, { corrects: 6 });
  await sql`insert into look_again (company_id, record_id, reason, tries) values (1, 5, 'unreadable', 3), (1, 6, 'hint', 1)`;
  expect(await ask(salon.irina, "/stats")).toBe(`Сводка на 12 марта 2026, 14:22

Карт: 2, с Telegram 1
На картах сейчас: 1 067,5 балла

Сегодня: начислено 0, списано −260, привязано 1
За 30 дней: начислено 100, списано 40, новых карт 1, привязано 1
За всё время: начислено 1 107,5, списано 40

Журнал YCLIENTS прочитан в 14:21, меньше минуты назад.
Отложено записей: 1. Их не получается прочитать, баллы по ним пока не меняются.`);
});

test("what burnt with a removed card is told apart from what is owed", async () => {
  await using salon = await owned();
  await salon.row("2026-03-12T10:00:00Z", "credit", 1000);
  const held = async () => {
    await salon.irina.say("/stats");
    return soft(salon.irina.lastMessage()?.text).split("\n\n")[1]?.split("\n").slice(1);
  };
  expect(await held()).toEqual(["На картах сейчас: 1 000 баллов"]);
  await ask(salon.anna, "/forget", "Удалить навсегда");
  expect(await held()).toEqual(["На картах сейчас: 0 баллов", "Сгорело на удалённых картах: 1 000 баллов"]);
  await salon.sql`
    insert into bonuslog (client_id, kind, corrects, points, actor, key)
    select client_id, 'correction', id, -1015, 'sync', 'visit:1:2' from bonuslog where id = 1`;
  expect(await held()).toEqual([
    "На картах сейчас: 0 баллов",
    "Долг удалённых карт, его никто не закроет: 15 баллов",
  ]);
});

test("on a day without anything, and with a branch that fails, /stats says so", async () => {
  await using salon = await owned();
  await salon.sql`update companies set last_pass_at = '2026-03-11T08:00:00Z', failures = 4`;
  await salon.sql`delete from accounts`;
  await salon.sql`delete from clients`;
  const text = await ask(salon.irina, "/stats");
  expect(text).toContain("Карт: 0, с Telegram 0\nНа картах сейчас: 0 баллов");
  expect(text).toContain(
    "Журнал YCLIENTS прочитан 11 марта в 11:00, 27 ч назад. Сейчас не читается, попыток подряд: 4.",
  );
  expect(text).toContain("Отложенных записей нет.");
});

test("the chart comes after the text and holds 30 days, today the last", async () => {
  const asked: Parameters<Chart>[0][] = [];
  const chart: Chart = async (stats) => {
    asked.push(stats);
    return statsPicture(stats);
  };
  await using salon = await owned({ chart });
  await salon.row("2026-03-12T10:00:00Z", "credit", 20.5);
  await salon.irina.say("/stats");
  const photo = await until(() => salon.telegram.messages(700).at(-1)?.photo);
  expect(pixels(photo.bytes).width).toBeGreaterThan(500);
  expect(salon.telegram.messages(700).at(-2)?.text).toStartWith("Сводка");
  expect(salon.said(700).at(-1)).toBe("Баллы за 30 дней, по дням: начислено 20,5, списано 0.");
  const [content] = asked;
  expect(content?.days).toHaveLength(30);
  expect(content?.days[0]).toEqual({ day: "11.02", given: 0, spent: 0 });
  expect(content?.days.at(-1)).toEqual({ day: "12.03", given: 20.5, spent: 0 });
});

test("a chart that fails leaves the figures, and is said", async () => {
  const chart = () => Promise.reject(new Error("no font"));
  await using salon = await owned({ chart });
  await salon.irina.say("/stats");
  await until(() => salon.said(700)[1]);
  expect(salon.log.join("")).toContain("no font");
});

test("/export sends a file that Excel in Russian opens", async () => {
  await using salon = await owned();
  await salon.row("2026-03-11T21:00:00Z", "credit", 100.5, { reason: "за ожидание, долгое; «очень»" });
  await salon.row("2026-03-12T10:00:00Z", "debit", -10, { reason: "=1+1" });
  await salon.irina.say("/export");
  const file = await until(() => salon.telegram.messages(700).at(-1)?.document);
  expect(file.name).toBe("bonuslog-2026-03-12.csv");
  expect([...file.bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const hashes = await salon.sql`select encode(hash, 'hex') as hash from bonuslog order by id`;
  expect(new TextDecoder().decode(file.bytes).split("\r\n")).toEqual([
    "№;Когда;Что;Карта №;Запись YCLIENTS;К строке №;Баллы;Сумма, ₽;Причина;Кто;Ключ операции;Клиент извещён;Контрольная сумма",
    `1;12.03.2026 00:00:00;начислено вручную;1;;;100,50;;"за ожидание, долгое; «очень»";администратор 601;op:1;нет;${hashes[0]?.hash}`,
    `2;12.03.2026 13:00:00;снято вручную;1;;;-10,00;;'=1+1;администратор 601;op:2;нет;${hashes[1]?.hash}`,
    "",
  ]);
  expect(salon.said(700).map(soft)).toEqual([
    "Собираю файл, пришлю сюда.",
    "Все изменения баллов на 12 марта 2026, строк: 2. Открывается в Excel. Имён и телефонов в файле нет.",
  ]);
});

test("/export takes days, and says so of words that are none", async () => {
  await using salon = await owned();
  await salon.row("2026-03-09T10:00:00Z", "credit", 1);
  await salon.row("2026-03-10T10:00:00Z", "credit", 2);
  await salon.row("2026-03-11T10:00:00Z", "credit", 3);
  const sums = async (text: string, count: number) => {
    await salon.irina.say(text);
    const { bytes } = await until(() => salon.files()[count - 1]);
    const lines = new TextDecoder().decode(bytes).split("\r\n");
    return lines.slice(1, -1).map((line) => line.split(";")[6]);
  };
  expect(await sums("/export 10.03 10.03", 1)).toEqual(["2,00"]);
  expect(soft(salon.said(700).at(-1) ?? "")).toStartWith(
    "Все изменения баллов с 10 марта 2026 по 10 марта 2026, строк: 1.",
  );
  expect(await sums("/export вчера", 2)).toEqual(["3,00"]);
  expect(soft(salon.said(700).at(-1) ?? "")).toStartWith(
    "Все изменения баллов с 11 марта 2026 по 12 марта 2026",
  );
  expect(await sums("/export", 3)).toEqual(["1,00", "2,00", "3,00"]);
  for (const words of ["март", "10.03 март", "11.03 10.03", "10.03 11.03 12.03"]) {
    expect(await ask(salon.irina, `/export ${words}`)).toBe(
      `Не понял, за какие дни: «${words}». Напишите /export или с днями: /export 01.03 31.03`,
    );
  }
  expect(salon.files()).toHaveLength(3);
});

test("a file that Telegram would not take is said, and the command for it", async () => {
  await using salon = await owned({ maxExportBytes: 100 });
  await salon.row("2026-03-12T10:00:00Z", "credit", 1);
  await salon.irina.say("/export");
  await until(() => salon.said(700)[1]);
  expect(salon.said(700)[1]).toContain("loyalty-bot export > bonuslog.csv");
  await salon.irina.say("/export");
  expect(salon.said(700)[2]).toBe("Собираю файл, пришлю сюда.");
  await until(() => salon.said(700)[3]);
});

test("a second /export while the first is being made, or delivered again, makes no second file", async () => {
  await using salon = await owned();
  await salon.sql.begin(async (tx) => {
    await tx`lock table bonuslog in access exclusive mode`;
    await salon.irina.say("/export");
    await salon.irina.say("/export");
    expect(salon.said(700).map(soft)).toEqual([
      "Собираю файл, пришлю сюда.",
      "Файл уже собирается, пришлю сюда.",
    ]);
  });
  await until(() => salon.telegram.messages(700).at(-1)?.document);
  await Bun.sleep(50);
  expect(salon.files()).toHaveLength(1);
});

test("a client gets what any unknown word gets, an admin who is no owner is told whose it is", async () => {
  await using salon = await owned();
  await salon.row("2026-03-12T10:00:00Z", "credit", 1);
  for (const command of ["/stats", "/export", "/staff"]) {
    await salon.olga.say(command);
    expect(salon.olga.lastMessage()?.text).toBe(
      "Сводку, выгрузку и список сотрудников видит только владелец. Ваши команды — /help",
    );
  }
  for (const person of [salon.anna, salon.boris]) {
    await person.say("/nonsense");
    const unknown = person.lastMessage()?.text;
    expect(unknown).toBeString();
    for (const command of ["/stats", "/export", `/stats@${salon.channel.me?.username}`]) {
      await person.say(command);
      expect(person.lastMessage()?.text).toBe(unknown);
    }
  }
  await Bun.sleep(50);
  const documents = [601, 501, 502].flatMap((id) =>
    salon.telegram.messages(id).filter((one) => one.document),
  );
  expect(documents).toEqual([]);
});
