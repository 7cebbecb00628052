// What owners alone may ask: /stats with its chart, /export, and that nobody else learns of either.
import { expect, test } from "bun:test";
import type { BotParts } from "../../src/app/listening.ts";
import type { Shop } from "../../src/chat/desk.ts";
import type { Chart } from "../../src/owners/owners.chat.ts";
import { statsPicture } from "../../src/picture/stats.ts";
import { channelHere, onBoth, onEither } from "../helpers/both.ts";
import { salonBot } from "../helpers/salon-bot.ts";
import { sheetsOf } from "../helpers/sheets.ts";
import { soft } from "../helpers/soft.ts";
import { ask } from "../helpers/till-salon.ts";
import { pixels } from "../picture/read.ts";

/** The owner Irina (700), the admin Olga (601); 12 March, 14:22 in Moscow. */
async function owned(parts: Partial<BotParts> = {}, shop: Partial<Shop> = {}) {
  const staff = { adminIds: ["telegram:601"], ownerIds: ["telegram:700"] };
  const salon = await salonBot({ ...staff, ...shop }, undefined, parts);
  salon.clock.now = new Date("2026-03-12T11:22:00Z");
  const { sql } = salon;
  await sql`
    insert into companies (company_id, title, time_zone, last_pass_at, read_from, first_pass_at, mark)
    values (1, 'Салон', 'Europe/Moscow', '2026-03-12T11:21:10Z', '2025-10-01', now(), now())`;
  await sql`
    insert into clients (phone, name, created_at) values
      ('+79001234567', 'Анна', '2026-01-01'), ('+79007654321', 'Борис', '2026-03-01'), (null, null, '2026-03-01')`;
  await sql`
    insert into accounts (channel, external_id, client_id, linked_at) values (${channelHere()}, 501, 1, '2026-03-12T05:00:00Z')`;
  let keys = 0;
  type More = { corrects?: number; reason?: string };
  const row = (at: string, kind: string, points: number, more: More = {}) => sql`
    insert into bonuslog (client_id, kind, points, awarded_at, corrects, reason, actor, key)
    values (1, ${kind}, ${points}, ${at}, ${more.corrects ?? null}, ${more.reason ?? null}, 'admin:601', ${`op:${++keys}`})`;
  let records = 0;
  type Odd = {
    paid?: number | null;
    full?: boolean;
    deleted?: boolean;
    attendance?: number;
    company?: number;
  };
  /** A visit of 100 roubles, paid in money unless said otherwise. */
  const visit = (day: string, card: number | null, odd: Odd = {}) => {
    const { paid = 100, full = true, deleted = false, attendance = 1, company = 1 } = odd;
    return sql`
      insert into visits (record_id, company_id, client_id, starts_at, day, deleted, paid_full, attendance, price,
        services_paid, goods_paid, read_at, decision)
      values (${++records}, ${company}, ${card}, ${`${day}T09:00:00Z`}, ${day}, ${deleted}, ${full}, ${attendance}, 100,
        ${paid}, ${paid === null ? null : 0}, now(), 'too_little')`;
  };
  const irina = salon.person({ id: 700, firstName: "Ирина" });
  const olga = salon.person({ id: 601, firstName: "Ольга" });
  /** The files that the owner was sent. */
  const files = () => salon.messages(700).flatMap((one) => one.document ?? []);
  return Object.assign(salon, { row, visit, irina, olga, files });
}

type Owned = Awaited<ReturnType<typeof owned>>;

/** Waits for what comes after the answer. */
async function until<T>(found: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const one = found();
    if (one !== undefined) return one;
    await Bun.sleep(10);
  }
  throw new Error("it did not come");
}

onEither(
  "/stats tells what 30 days earned beside the 30 before, what is owed, cards, the journal's lag, what is set aside",
  async () => {
    await using salon = await owned();
    const { row, sql } = salon;
    await row("2026-01-10T10:00:00Z", "credit", 1000.5);
    await row("2026-02-10T20:59:59Z", "credit", 7); // 31 days ago by the salon's clock: in the 30 before
    await row("2026-02-10T21:00:00Z", "credit", 100); // the first second of the first of 30 days
    await row("2026-03-01T10:00:00Z", "spend", -300);
    await row("2026-03-11T21:00:00Z", "spend", -40); // the first second of today
    await row("2026-03-12T10:00:00Z", "credit", 20);
    await row("2026-03-12T10:01:00Z", "undo", 300, { corrects: 4 }); // a spend given back is no gift, on the bill's day
    await row("2026-03-12T10:02:00Z", "undo", -20, { corrects: 6 });
    await sql`insert into spends (id, day, bill) values (4, '2026-03-01', 1000), (5, '2026-03-12', 3500.5)`;
    await sql`insert into look_again (company_id, record_id, reason, tries) values (1, 5, 'unreadable', 3), (1, 6, 'hint', 1)`;
    for (const day of ["2026-03-12", "2026-03-01", "2026-02-11", "2026-02-09"]) await salon.visit(day, 1);
    await salon.visit("2026-03-03", 2);
    await salon.visit("2026-03-03", null);
    expect(await ask(salon.irina, "/stats")).toBe(`Сводка на 12 марта 2026, 14:22

За 30 дней, в скобках — за 30 дней до них
Оплаченных визитов: 5 (1), без карты 1 (0)
Клиентов с картой: 2 (1), в мессенджере 50 % (0 %)
Начислено: 100 (7)
Списано: 40 (0), счета на 3 500,50 ₽ (0 ₽)
Вернулись за 30 дней: 100 %, 1 из 1
Вернулись за 60 дней: не о ком сказать
Вы должны клиентам: 1 067,50 ₽, 30 дней назад 1 007,50 ₽

Сегодня: визитов 1, начислено 0, списано 40, привязано 1
За всё время: начислено 1 107,5, списано 40
Карт: 2, в мессенджере 1, за 30 дней новых карт 1, привязано 1

Журнал YCLIENTS прочитан в 14:21, меньше минуты назад.
Отложено записей: 1. Их не получается прочитать, баллы по ним пока не меняются.`);
  },
);

/** The lines of /stats that begin with one of these words. */
async function lines(salon: Owned, ...begin: string[]): Promise<string[]> {
  const text = await ask(salon.irina, "/stats");
  return text.split("\n").filter((line) => begin.some((words) => line.startsWith(words)));
}

onEither(
  "on the first day there is nothing to compare with, nobody to come back, and no empty chart",
  async () => {
    await using salon = await owned({ chart: () => Promise.reject(new Error("nothing to draw")) });
    await salon.sql`update companies set read_from = '2026-03-12'`;
    await salon.visit("2026-03-12", 1);
    await salon.visit("2026-03-11", 1); // read by the way, before the programme
    expect(
      await lines(salon, "За 30", "Оплач", "Клиентов", "Начисл", "Списано", "Верн", "Вы ", "Сегод"),
    ).toEqual([
      "За 30 дней. Сравнивать пока не с чем: считаем с 12 марта.",
      "Оплаченных визитов: 1",
      "Клиентов с картой: 1, в мессенджере 100 %",
      "Начислено: 0",
      "Списано: 0",
      "Вернулись за 30 дней: узнаем 12 апреля",
      "Вернулись за 60 дней: узнаем 12 мая",
      "Вы должны клиентам: 0 ₽",
      "Сегодня: визитов 1, начислено 0, списано 0, привязано 1",
    ]);
    await salon.sql`update companies set mark = null`;
    expect(await lines(salon, "За 30", "Верн")).toEqual([
      "За 30 дней. Сравнивать пока не с чем: журнал ещё читается.",
      "Вернулись за 30 дней: пока рано",
      "Вернулись за 60 дней: пока рано",
    ]);
    await Bun.sleep(50);
    expect(salon.log.join("")).not.toContain("nothing to draw");
  },
);

test("a paid visit took place, was paid in full and with money, in one of the salon's branches", async () => {
  await using salon = await owned();
  await salon.sql`insert into companies (company_id, read_from) values (3, '2025-10-01')`;
  const day = "2026-03-10";
  await salon.visit(day, 1);
  await salon.visit(day, 1, { paid: null }); // payments are not shown: the journal's word counts
  await salon.visit(day, 1, { deleted: true });
  await salon.visit(day, 1, { attendance: -1 });
  await salon.visit(day, 1, { full: false });
  await salon.visit(day, 1, { paid: 0 }); // by certificate or points
  await salon.visit("2026-03-13", 1); // paid for tomorrow
  await salon.visit(day, 1, { company: 3 }); // a branch that the settings do not name
  expect(await lines(salon, "Оплач", "Клиентов")).toEqual([
    "Оплаченных визитов: 2 (0)",
    "Клиентов с картой: 1 (0), в мессенджере 100 %",
  ]);
});

test("where prices count, a visit is paid whose price is something", async () => {
  await using salon = await owned({}, { paidBy: "prices" });
  await salon.visit("2026-03-10", 1, { paid: 0 });
  expect(await lines(salon, "Оплач")).toEqual(["Оплаченных визитов: 1 (0)"]);
});

test("a chain's branches are counted together, and compared once all of them go so far back", async () => {
  await using salon = await owned({}, { companyIds: [1, 3] });
  await salon.visit("2026-03-10", 1);
  expect(await lines(salon, "За 30")).toEqual(["За 30 дней. Сравнивать пока не с чем: журнал ещё читается."]);
  await salon.sql`
    insert into companies (company_id, title, read_from, first_pass_at, mark)
    values (3, 'Второй', '2026-03-09', now(), now())`;
  await salon.visit("2026-03-10", 1, { company: 3 });
  expect(await lines(salon, "За 30", "Оплач")).toEqual([
    "За 30 дней. Сравнивать пока не с чем: считаем с 9 марта.",
    "Оплаченных визитов: 2",
  ]);
  await salon.sql`update companies set read_from = '2026-01-12' where company_id = 3`;
  expect(await lines(salon, "За 30")).toEqual(["За 30 дней, в скобках — за 30 дней до них"]);
  await salon.sql`update companies set read_from = '2026-01-13' where company_id = 3`;
  expect(await lines(salon, "За 30")).toEqual(["За 30 дней. Сравнивать пока не с чем: считаем с 13 января."]);
});

test("who came back: each client once, only those who have had all the days, on a later day than their first", async () => {
  await using salon = await owned();
  const { sql, visit } = salon;
  await sql`insert into clients (phone) select '+7900555000' || n from generate_series(1, 6) n`; // 4 to 9
  const within = () => lines(salon, "Вернулись за 30");
  // The 30 days ended 31 days ago: from 11 January to 9 February; until yesterday all have had 30 days.
  await visit("2026-02-09", 4);
  await visit("2026-03-11", 4); // the 30th day
  await visit("2026-02-08", 5);
  await visit("2026-03-11", 5); // the 31st
  await visit("2026-02-09", 6);
  await visit("2026-02-09", 6); // twice on a day
  await visit("2026-02-01", 7);
  await visit("2026-02-05", 7); // back, however often since
  await visit("2026-02-10", 8); // has until today
  await visit("2026-03-01", 8);
  expect(await within()).toEqual(["Вернулись за 30 дней: 50 %, 2 из 4"]);
  await visit("2026-01-10", 9); // the 30 days before these
  await visit("2026-02-09", 9);
  expect(await within()).toEqual(["Вернулись за 30 дней: 40 % (100 %), 2 из 5"]);
  // Of a programme that is younger those are asked who have had all the days.
  await sql`update companies set read_from = '2026-02-09'`;
  expect(await within()).toEqual(["Вернулись за 30 дней: 33 %, 1 из 3"]);
  await sql`update companies set read_from = '2026-02-10'`;
  expect(await within()).toEqual(["Вернулись за 30 дней: узнаем 13 марта"]);
});

onEither("what burnt with a removed card is told apart from what is owed", async () => {
  await using salon = await owned();
  await salon.row("2026-03-12T10:00:00Z", "credit", 1000);
  const held = () => lines(salon, "Вы должны", "Сгорело", "Долг", "На картах ниже");
  expect(await held()).toEqual(["Вы должны клиентам: 1 000 ₽"]);
  await salon.sql`
    insert into bonuslog (client_id, kind, corrects, points, actor, key) values (1, 'correction', 1, -1020.5, 'sync', 'visit:1:1')`;
  expect(await held()).toEqual([
    "Вы должны клиентам: 0 ₽",
    "На картах ниже нуля: 20,5 балла, закроются следующими визитами",
  ]);
  await salon.sql`
    insert into bonuslog (client_id, kind, corrects, points, actor, key) values (1, 'correction', 1, 1020.5, 'sync', 'visit:1:2')`;
  await ask(salon.anna, "/forget", "Удалить навсегда");
  expect(await held()).toEqual(["Вы должны клиентам: 0 ₽", "Сгорело на удалённых картах: 1 000 баллов"]);
  await salon.sql`
    insert into bonuslog (client_id, kind, corrects, points, actor, key)
    select client_id, 'correction', id, -1015, 'sync', 'visit:1:3' from bonuslog where id = 1`;
  expect(await held()).toEqual([
    "Вы должны клиентам: 0 ₽",
    "Долг удалённых карт, его никто не закроет: 15 баллов",
  ]);
});

onEither("on a day without anything, and with a branch that fails, /stats says so", async () => {
  await using salon = await owned();
  await salon.sql`update companies set last_pass_at = '2026-03-11T08:00:00Z', failures = 4`;
  await salon.sql`delete from accounts`;
  await salon.sql`delete from clients`;
  const text = await ask(salon.irina, "/stats");
  expect(text).toContain("Карт: 0, в мессенджере 0\n");
  expect(text).toContain(
    "Журнал YCLIENTS прочитан 11 марта в 11:00, 27 ч назад. Сейчас не читается, попыток подряд: 4.",
  );
});

onEither(
  "the chart comes after the text: a visit's points on its day, whenever they came, of 30 days, today the last",
  async () => {
    const asked: Parameters<Chart>[0][] = [];
    const chart: Chart = async (stats) => {
      asked.push(stats);
      return statsPicture(stats);
    };
    await using salon = await owned({ chart });
    await salon.sql`
    insert into bonuslog (client_id, kind, record_id, points, awarded_at, actor, key)
    values (1, 'award', 3, 9, '2026-03-04T10:00:00Z', 'import:1', 'visit:3')`; // its visit was never read
    await salon.row("2026-03-12T10:00:00Z", "credit", 20.5);
    await salon.visit("2026-03-01", 1); // record 1, read on the 12th, paid less on the 12th
    await salon.visit("2026-03-20", 1); // record 2, paid beforehand: it is shown when its day has come
    await salon.sql`
    insert into bonuslog (client_id, kind, record_id, points, paid, awarded_at, actor, key) values
      (1, 'award', 1, 35, 3500, '2026-03-12T10:00:00Z', 'sync', 'visit:1'),
      (1, 'award', 2, 70, 7000, '2026-03-12T10:00:00Z', 'sync', 'visit:2')`;
    await salon.sql`
    insert into bonuslog (client_id, kind, corrects, points, awarded_at, actor, key) values
      (1, 'correction', 3, -5, '2026-03-12T11:00:00Z', 'sync', 'visit:1:1')`;
    await salon.irina.say("/stats");
    const photo = await until(() => salon.messages(700).at(-1)?.photo);
    expect(pixels(photo.bytes).width).toBeGreaterThan(500);
    expect(salon.messages(700).at(-2)?.text).toStartWith("Сводка");
    expect(soft(salon.said(700).at(-1) ?? "")).toBe(
      "Баллы по дням визитов, с 11 февраля по 12 марта: начислено 59,5, списано 0.",
    );
    const [content] = asked;
    expect(content?.days).toHaveLength(30);
    expect(content?.days[0]).toEqual({ day: "11.02", given: 0, spent: 0 });
    expect(content?.days.filter(({ given }) => given !== 0)).toEqual([
      { day: "01.03", given: 30, spent: 0 },
      { day: "04.03", given: 9, spent: 0 },
      { day: "12.03", given: 20.5, spent: 0 },
    ]);
  },
);

onEither("the chart of a young programme begins with it, beside a week at least", async () => {
  const asked: Parameters<Chart>[0][] = [];
  await using salon = await owned({
    chart: async (stats) => statsPicture(asked[asked.push(stats) - 1] ?? stats),
  });
  await salon.row("2026-03-12T10:00:00Z", "credit", 20.5);
  const days = async (since: string) => {
    await salon.sql`update companies set read_from = ${since}`;
    const before = asked.length;
    await salon.irina.say("/stats");
    const content = await until(() => asked[before]);
    return [content.days[0]?.day, content.days.length];
  };
  expect(await days("2026-03-12")).toEqual(["06.03", 7]);
  expect(await days("2026-03-01")).toEqual(["01.03", 12]);
});

onEither("a chart that fails leaves the figures, and is said", async () => {
  const chart = () => Promise.reject(new Error("no font"));
  await using salon = await owned({ chart });
  await salon.row("2026-03-12T10:00:00Z", "credit", 20.5);
  await salon.irina.say("/stats");
  await until(() => salon.said(700)[1]);
  expect(salon.log.join("")).toContain("no font");
});

onBoth("/export sends a workbook with names, and a CSV without that Excel in Russian opens", async () => {
  await using salon = await owned();
  await salon.row("2026-03-11T21:00:00Z", "credit", 100.5, { reason: "за ожидание, долгое; «очень»" });
  await salon.row("2026-03-12T10:00:00Z", "debit", -10, { reason: "=1+1" });
  await salon.irina.say("/export");
  const [book, file] = await until(() => (salon.files().length === 2 ? salon.files() : undefined));
  expect([book?.name, file?.name]).toEqual(["bonuslog-2026-03-12.xlsx", "bonuslog-2026-03-12.csv"]);
  expect(await sheetsOf(book?.bytes)).toEqual({
    Изменения: [
      ["Дата изменения", "Дата визита", "Клиент", "Баллы", "За что", "Счёт, ₽", "Кто", "Филиал"],
      [
        ...[new Date("2026-03-12T00:00:00Z"), null, "Анна …4567", 100.5],
        ...["начисление: за ожидание, долгое; «очень»", null, "601", null],
      ],
      [new Date("2026-03-12T13:00:00Z"), null, "Анна …4567", -10, "снятие: =1+1", null, "601", null],
    ],
    Остатки: [
      ["Клиент", "Баллы на карте", "Последний визит", "В мессенджере", "Долг, баллы"],
      ["Анна …4567", 90.5, null, "да", null],
      ["Борис …4321", 0, null, "нет", null],
    ],
  });
  expect([...(file?.bytes.slice(0, 3) ?? [])]).toEqual([0xef, 0xbb, 0xbf]);
  const hashes = await salon.sql`select encode(hash, 'hex') as hash from bonuslog order by id`;
  expect(new TextDecoder().decode(file?.bytes).split("\r\n")).toEqual([
    "№;Когда;Что;Карта №;Запись YCLIENTS;К строке №;Баллы;Сумма, ₽;Причина;Кто;Ключ операции;Клиент извещён;Контрольная сумма",
    `1;12.03.2026 00:00:00;начислено вручную;1;;;100,50;;"за ожидание, долгое; «очень»";администратор 601;op:1;нет;${hashes[0]?.hash}`,
    `2;12.03.2026 13:00:00;снято вручную;1;;;-10,00;;'=1+1;администратор 601;op:2;нет;${hashes[1]?.hash}`,
    "",
  ]);
  expect(salon.said(700).map(soft)).toEqual([
    "Собираю файлы, пришлю сюда.",
    "Изменения баллов на 12 марта 2026, строк: 2. Остатки на 12 марта 2026, карт: 2. Открывается в Excel. Внутри имена клиентов: пересылайте только своим.",
    "Все изменения баллов на 12 марта 2026, строк: 2. Для бухгалтера и для сверки. Имён и телефонов в файле нет.",
  ]);
});

onEither(
  "the workbook's caption is English where the workbook is; what goes with the Russian CSV is Russian",
  async () => {
    await using salon = await owned();
    salon.irina.user.language_code = "en-GB";
    await salon.row("2026-03-11T10:00:00Z", "credit", 3);
    for (const [text, dates] of [
      ["/export", "as of 12 March 2026"],
      ["/export yesterday", "of 11 March 2026"],
      ["/export 01.03 11.03", "from 1 March 2026 to 11 March 2026"],
    ] as const) {
      const before = salon.files().length;
      await salon.irina.say(text);
      await until(() => (salon.files().length === before + 2 ? true : undefined));
      expect(soft(salon.said(700).at(-2) ?? "")).toBe(
        `Changes of points ${dates}, rows: 1. Balances as of ${text === "/export" ? 12 : 11} March 2026, cards: 2. Opens in Excel. It holds clients' names: send it on with care.`,
      );
      expect(salon.said(700).at(-1)).toStartWith("Все изменения баллов");
    }
  },
);

onEither("/export takes days, and says so of words that are none", async () => {
  await using salon = await owned();
  await salon.row("2026-03-09T10:00:00Z", "credit", 1);
  await salon.row("2026-03-10T10:00:00Z", "credit", 2);
  await salon.row("2026-03-11T10:00:00Z", "credit", 3);
  await salon.row("2026-03-12T06:00:00Z", "credit", 4);
  /** The points of the changes in both files, and what the card had by the end. */
  const sums = async (text: string, count: number) => {
    await salon.irina.say(text);
    const files = await until(() => (salon.files().length === 2 * count ? salon.files() : undefined));
    const [book, csv] = files.slice(-2);
    const { Изменения = [], Остатки = [] } = await sheetsOf(book?.bytes);
    const lines = new TextDecoder().decode(csv?.bytes).split("\r\n");
    return [
      Изменения.slice(1).map((row) => row[3]),
      lines.slice(1, -1).map((line) => line.split(";")[6]),
      Остатки[1]?.[1],
    ];
  };
  expect(await sums("/export 10.03 10.03", 1)).toEqual([[2], ["2,00"], 3]);
  expect(salon.said(700).slice(-2).map(soft)).toEqual([
    expect.stringMatching(/^Изменения баллов за 10 марта 2026, строк: 1. Остатки на 10 марта 2026, карт: 2./),
    expect.stringMatching(/^Все изменения баллов за 10 марта 2026, строк: 1./),
  ]);
  expect(await sums("/export вчера", 2)).toEqual([[3], ["3,00"], 6]);
  expect(soft(salon.said(700).at(-1) ?? "")).toStartWith("Все изменения баллов за 11 марта 2026, строк: 1.");
  expect(await sums("/export 11.03", 3)).toEqual([[3, 4], ["3,00", "4,00"], 10]);
  expect(await sums("/export", 4)).toEqual([[1, 2, 3, 4], ["1,00", "2,00", "3,00", "4,00"], 10]);
  for (const words of ["март", "10.03 март", "11.03 10.03", "10.03 11.03 12.03"]) {
    expect(await ask(salon.irina, `/export ${words}`)).toBe(
      `Не понял, за какие дни: «${words}». Напишите /export или с днями: /export 01.03 31.03`,
    );
  }
  expect(salon.files()).toHaveLength(8);
});

onEither("files that Telegram would not take are said, and the commands for them", async () => {
  await using salon = await owned({ maxExportBytes: 100 });
  await salon.row("2026-03-12T10:00:00Z", "credit", 1);
  const said = async (count: number) => {
    await salon.irina.say("/export");
    await until(() => salon.said(700)[3 * count - 1]);
    return salon.said(700).slice(-2);
  };
  for (const count of [1, 2])
    expect(await said(count)).toEqual([
      expect.stringContaining("loyalty-bot export --xlsx > bonuslog-2026-03-12.xlsx"),
      expect.stringContaining("loyalty-bot export > bonuslog-2026-03-12.csv"),
    ]);
  expect(salon.files()).toEqual([]);
});

onEither(
  "a second /export while the first is being made, or delivered again, makes no second files",
  async () => {
    await using salon = await owned();
    await salon.sql.begin(async (tx) => {
      await tx`lock table bonuslog in access exclusive mode`;
      await salon.irina.say("/export");
      await salon.irina.say("/export");
      expect(salon.said(700).map(soft)).toEqual([
        "Собираю файлы, пришлю сюда.",
        "Файлы уже собираются, пришлю сюда.",
      ]);
    });
    await until(() => salon.files()[1]);
    await Bun.sleep(50);
    expect(salon.files()).toHaveLength(2);
  },
);

onEither(
  "a client gets what any unknown word gets, an admin who is no owner is told whose it is",
  async () => {
    await using salon = await owned();
    await salon.row("2026-03-12T10:00:00Z", "credit", 1);
    for (const command of ["/stats", "/export", "/staff"]) {
      await salon.olga.say(command);
      expect(salon.olga.lastMessage()?.text).toBe("Это видит и меняет только владелец. Ваши команды — /help");
    }
    for (const person of [salon.anna, salon.boris]) {
      await person.say("/nonsense");
      const unknown = person.lastMessage()?.text;
      expect(unknown).toBeString();
      for (const command of ["/stats", "/export", `/stats@${salon.channel.link().split("/").at(-1)}`]) {
        await person.say(command);
        expect(person.lastMessage()?.text).toBe(unknown);
      }
    }
    await Bun.sleep(50);
    const documents = [601, 501, 502].flatMap((id) => salon.messages(id).filter((one) => one.document));
    expect(documents).toEqual([]);
  },
);
