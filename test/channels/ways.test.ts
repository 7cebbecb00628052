// The ways in where there are two messengers: one page for both, a code that may be typed, and links of both without a page.
import { expect, test } from "bun:test";
import { pino } from "pino";
import type { Picture } from "../../src/client/picture.chat.ts";
import { wayPage, wayPageHeaders } from "../../src/client/way-page.ts";
import { createHttp } from "../../src/http/http.ts";
import { expectTable } from "../helpers/db.ts";
import { MemoryChannel } from "../helpers/memory-channel.ts";
import { AGREE, linkedAnna, row } from "../helpers/past.ts";
import { give } from "../helpers/salon-bot.ts";
import { ask, labels, last } from "../helpers/till-salon.ts";

const PAGE = "https://bot.example.ru";
const here = (url: string) => url;

/** Anna has a card in Telegram; Olga (601 in memory) is an admin, Marina (602 in Telegram) another, Pavel (701) an owner. */
async function salonOfBoth(publicUrl: string | null, alone = false) {
  const memory = new MemoryChannel(7_000_000_001);
  const codes: string[] = [];
  const picture: Picture = async ({ link }) => {
    codes.push(link);
    return new Uint8Array([1, 2, 3]);
  };
  const staff = { adminIds: ["memory:601", "telegram:602"], ownerIds: ["memory:701"] };
  const friends = { friendPoints: { inviter: 10_000, friend: 10_000 } };
  const scans: string[] = [];
  const invite = async ({ link }: { link: string }) => {
    scans.push(link);
    return new Uint8Array([1, 2, 3]);
  };
  const salon = await linkedAnna({ ...staff, ...friends, publicUrl }, here, {
    ...{ picture, invite },
    channels: alone ? [] : [memory],
  });
  memory.take = (incoming) => salon.take(memory, incoming);
  const olga = memory.person(601, "Ольга", "+79005550001");
  const pavel = memory.person(701, "Павел");
  const marina = salon.telegram.person({ id: 602, firstName: "Марина" });
  return Object.assign(salon, { memory, codes, scans, olga, pavel, marina });
}

test("with a page the card's code leads to it, and opens the card at the till in either messenger, typed or as a link", async () => {
  await using salon = await salonOfBoth(PAGE);
  const { anna, olga, marina, codes } = salon;
  await give(salon, "+79001234567", 34_024);
  await anna.say("/card");
  expect(codes).toEqual([expect.stringMatching(/^https:\/\/bot\.example\.ru\/c\/c_[\w-]{22}$/)]);
  const code = codes[0]?.split("/c/")[1] ?? "";
  await olga.start();
  for (const typed of [code, ` ${code}\n`, codes[0] ?? "", `https://t.me/salon_bot?start=${code}`])
    expect(await olga.write(typed)).toContain("…4567 · Telegram ✓ · 340,24 балла");
  for (const other of [`вот ${code}`, `${code} 3500`]) expect(await olga.write(other)).not.toContain("…4567");
  await olga.start(code);
  expect(olga.last()).toContain("…4567");
  expect(await ask(marina, code)).toContain("…4567");
  expect(await ask(marina, `c_${"x".repeat(22)}`)).toStartWith("Этот код больше не действует");
});

test("a code that a client types is no more than the link: it opens nobody's card", async () => {
  await using salon = await salonOfBoth(PAGE);
  const { anna, codes, memory } = salon;
  await anna.say("/card");
  const code = codes[0]?.split("/c/")[1] ?? "";
  const vera = memory.person(777, "Вера", "+79161112233");
  await vera.start();
  expect(await vera.write(code)).toContain("Согласие на обработку");
  await vera.press(AGREE);
  expect(await vera.write(code)).toStartWith("Здравствуйте, Вера! На карте …2233");
  expect(vera.said().join()).not.toContain("4567");
});

test("where there is one messenger a code is its own link, and one that is typed is no command", async () => {
  await using salon = await salonOfBoth(PAGE, true);
  const { anna, marina, codes } = salon;
  await anna.say("/card");
  expect(codes[0]).toMatch(/^https:\/\/t\.me\/salon_bot\?start=c_[\w-]{22}$/);
  const code = codes[0]?.split("?start=")[1] ?? "";
  expect(await ask(marina, code)).toStartWith("Не понял.");
  await anna.say("/invite");
  expect(last(anna)).toMatch(/:\nhttps:\/\/t\.me\/salon_bot\?start=f_[\w-]+\n/);
});

test("without a page a card's code is of its own messenger, and invitations name the links of both", async () => {
  await using salon = await salonOfBoth(null);
  const { anna, pavel, codes, memory } = salon;
  await anna.say("/card");
  expect(codes[0]).toStartWith("https://t.me/salon_bot?start=c_");
  await anna.say("/invite");
  expect(last(anna)).toMatch(
    /Telegram: https:\/\/t\.me\/salon_bot\?start=(f_[\w-]+)\nMemory: memory:\/\/bot\/\1\n/,
  );
  await pavel.start();
  await pavel.write("/staff", "Добавить администратора");
  expect(pavel.last()).toMatch(
    /\nTelegram: https:\/\/t\.me\/salon_bot\?start=(staff_[\w-]+)\nMemory: memory:\/\/bot\/\1\nОна сработает один раз/,
  );
  const payload = /staff_[\w-]+/.exec(pavel.last())?.[0] ?? "";
  const rita = salon.telegram.person({ id: 888, firstName: "Рита" });
  await rita.start(payload);
  expect(last(rita)).toContain("Вы администратор.");
  // It is spent, whichever messenger it is opened in next, and however.
  const zoya = memory.person(889, "Зоя");
  await zoya.start();
  expect(await zoya.write(payload)).toStartWith("Эту ссылку уже открыл другой человек");
});

test("with a page an invitation is one link, and an owner in one messenger takes on an admin in the other", async () => {
  await using salon = await salonOfBoth(PAGE);
  const { pavel, anna } = salon;
  await pavel.start();
  await pavel.write("/staff", "Добавить администратора");
  const payload = /\nhttps:\/\/bot\.example\.ru\/c\/(staff_[\w-]+)\n/.exec(pavel.last())?.[1] ?? "";
  expect(await ask(anna, payload)).toContain("Вы администратор.");
  expect(pavel.last()).toContain("Анна, id 501: теперь администратор");
});

test("the page opens the bot in each messenger, says the code, and is the same for a code that is nobody's", async () => {
  const memory = new MemoryChannel(1);
  const other = Object.assign(new MemoryChannel(2), {
    name: "max",
    link: (start = "") => `https://max.ru/x?start=${start}`,
  });
  const http = createHttp({
    ...{ messengers: [], yclients: null, ready: async () => true, metrics: null },
    ways: {
      page: async (start) => wayPage("Салон <Красота>", [memory, other], start),
      headers: wayPageHeaders,
    },
    log: pino({ level: "silent" }),
  });
  const get = async (path: string, method = "GET") => {
    const answer = await http.handle(new Request(`http://localhost${path}`, { method }));
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const [one, two] = ["c_aaaaaaaaaaaaaaaaaaaaaa", "c_bbbbbbbbbbbbbbbbbbbbbb"];
  const page = await get(`/c/${one}`);
  expect(page.status).toBe(200);
  for (const words of [
    `href="memory://bot/${one}"`,
    `href="https://max.ru/x?start=${one}"`,
    `<code>${one}</code>`,
  ])
    expect(page.text.split(words)).toHaveLength(3); // in Russian and in English
  for (const words of ["Салон &lt;Красота&gt;", "Открыть в MAX", "Open in Memory"])
    expect(page.text).toContain(words);
  expect(page.text).not.toMatch(/<script|<img|<link|src=|url\(|javascript:/i);
  expect((await get(`/c/${two}`)).text).toBe(page.text.replaceAll(one, two));
  expect(Object.fromEntries(page.headers)).toMatchObject({
    "content-security-policy": expect.stringMatching(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    ),
    ...{ "referrer-policy": "no-referrer", "cache-control": "no-store", "x-content-type-options": "nosniff" },
  });
  expect((await get("/c")).text).not.toContain("<code>");
  for (const path of ["/c/", `/c/${"x".repeat(65)}`, "/c/a%22b", "/c/<b>", "/c/a/b"])
    expect(await get(path)).toMatchObject({ status: 404, text: "" });
  const bare = createHttp({
    ...{
      messengers: [],
      yclients: null,
      ready: async () => true,
      metrics: null,
      log: pino({ level: "silent" }),
    },
  });
  expect((await bare.handle(new Request(`http://localhost/c/${one}`))).status).toBe(404);
});

test("the card is carried by a link from the help, with its past, and is offered nowhere any more", async () => {
  await using salon = await salonOfBoth(PAGE);
  const { anna, memory, scans } = salon;
  await row(salon, { day: "2026-03-01", kind: "credit", points: 340.24, reason: "за ожидание" });
  await anna.say("/card");
  expect(labels(anna)).toEqual(["Перенести карту в Memory"]);
  await anna.say("/help");
  await anna.tap("Перенести карту в Memory");
  expect(scans).toEqual([expect.stringMatching(/^memory:\/\/bot\/m_[\w-]{22}$/)]);
  expect(last(anna)).toContain(scans[0] ?? "");
  const there = memory.person(501, "Анна", "+79001234567");
  await there.start(scans[0]?.split("/").at(-1));
  await there.press("Подтвердить номер");
  expect(there.said().join()).toContain("видно теперь и здесь.");
  expect(await there.write("/history")).toContain("за ожидание");
  for (const said of [await ask(anna, "/help"), await there.write("/help")])
    expect(said).toContain("1 балл = 1 ₽");
  expect([...labels(anna), ...there.labels()].join()).not.toContain("Перенести карту");
  await anna.tap({ data: "carry:memory" });
  expect(last(anna)).toBe("Карта уже есть в Memory.");
  const stranger = memory.person(888, "Рита");
  await stranger.start();
  await stranger.write("/help");
  expect(stranger.labels().join()).not.toContain("Перенести карту");
  await anna.tap({ data: "carry:telegram" });
  expect(last(anna)).toBe("Карта уже есть в Telegram.");
  await anna.tap({ data: "carry:nowhere" });
  expect(last(anna)).toBe("В Nowhere карту сейчас не перенести: бот там выключен.");
  await anna.say("/unlink");
  await anna.tap("Только здесь");
  await anna.tap({ data: "carry:memory" });
  expect(last(anna)).toBe("Карты здесь сейчас нет, переносить нечего. Открыть её — /start");
  expect(scans).toHaveLength(1);
});

test("the till shows the way to the messenger where the card is not; it opens no history, and agrees to nothing for its holder", async () => {
  await using salon = await salonOfBoth(PAGE);
  const { olga, marina, memory, scans, sql } = salon;
  await olga.start();
  expect(await olga.write("89001234567 3500", "Перенести карту в Memory")).toContain(
    "Там клиент подтвердит свой номер, и карта откроется: баллы те же.",
  );
  expect(scans).toEqual([memory.link()]);
  await expectTable(sql, "select 1 from carry_codes", []);
  const there = memory.person(501, "Анна", "+79001234567");
  await there.start();
  await there.press(AGREE);
  await expectTable(sql, "select account, history_from is null as open from accounts order by 1", [
    ["memory:501", false],
    ["telegram:501", true],
  ]);
  expect(await ask(marina, "89001234567")).toContain("Telegram ✓ · Memory ✓");
  expect(labels(marina).join()).not.toContain("Перенести карту");
  expect(labels(marina)).toContain("Открыть прежнюю историю");
  await sql`insert into clients (phone) values ('+79261112233')`;
  expect(await olga.write("89261112233", "QR для клиента")).toContain(`Или отправьте ссылку: ${PAGE}/c`);
  expect(scans.at(-1)).toBe(`${PAGE}/c`);
});

test("where keys do not stay, the menu stands under the greeting, the balance, the help and what is not understood", async () => {
  await using salon = await salonOfBoth(PAGE);
  const { memory, olga } = salon;
  const vera = memory.person(777, "Вера", "+79161112233");
  await vera.start();
  expect(vera.labels()).toEqual([AGREE, "Не сейчас"]);
  await vera.press(AGREE);
  const menu = ["Баланс", "Карта", "История", "Записаться", "Контакты", "Помощь"];
  // What the answer offers itself is not offered below it once more.
  const offered = () => vera.labels().filter((label) => menu.includes(label));
  expect(vera.labels()).toEqual(menu);
  for (const words of ["/start", "/balance", "/help", "сколько стоит стрижка?"]) {
    await vera.write(words);
    expect(offered().sort()).toEqual([...menu].sort());
  }
  expect(await vera.press("Баланс")).toContain("…2233");
  await olga.start();
  expect(olga.labels()).toEqual(["Сегодня", "Помощь"]);
  await olga.press("Помощь");
  expect(olga.labels()).toEqual(["Сегодня", "Помощь"]); // she has no card
  await olga.write("/nonsense");
  expect(olga.labels()).toEqual(["Сегодня", "Помощь"]);
});
