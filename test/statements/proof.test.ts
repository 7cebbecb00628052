// A proof in the client's hand: the evening's number, the path in a statement, and the page that follows it by itself.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createHttp } from "../../src/http/http.ts";
import { cardHash, type Path, proofLine, rootOf } from "../../src/ledger/tree-path.ts";
import { sendDigest } from "../../src/owners/digest.ts";
import { proofPage } from "../../src/statements/proof-page.ts";
import { publishedRoots, statementOf } from "../../src/statements/statement.ts";
import { asPlain } from "../../src/texts/long.ts";
import { type Browser, chromiumPath, launch } from "../demo/chromium.ts";
import { testWith } from "../helpers/installed.ts";
import { BRANCH, linkedAnna, row } from "../helpers/past.ts";
import type { SalonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { ask, labels, tap } from "../helpers/till-salon.ts";

const inBrowser = testWith({ chromium: chromiumPath });
const folder = mkdtempSync(join(tmpdir(), "loyalty-proof-"));
let browser: Browser;
beforeAll(async () => {
  if (chromiumPath) browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** Irina, the owner, has had the evening's message; Anna's card held 40.25, and Boris has a card too. */
async function evening(statements: "off" | "on" | "proof", publicUrl: string | null = "https://bot.example") {
  const salon = await linkedAnna({ statements, publicUrl, ownerIds: ["telegram:700"] });
  await salon.boris.start();
  await salon.boris.tap("Согласен, отправить мой номер");
  await salon.sql`update companies set read_from = '2026-03-01', first_pass_at = now(), mark = now()`;
  const irina = salon.telegram.person({ id: 700, firstName: "Ирина" });
  irina.chat.started = true;
  await row(salon, { day: "2026-03-01", kind: "credit", points: 40.25 });
  salon.clock.now = new Date("2026-03-12T18:00:00Z");
  await sendDigest({
    ...{ db: salon.db, log: pino({ level: "silent" }), now: () => salon.clock.now, digestAt: 21 * 60 },
    ...{ companyIds: [BRANCH], paidBy: "payments", adminIds: [], ownerIds: ["telegram:700"] },
    spoken: ["telegram"],
    ...{ statements, send: (to, html, buttons) => salon.channel.say(to, html, buttons) },
  });
  return salon;
}

const digest = (salon: SalonBot) =>
  salon
    .said(700)
    .map((html) => soft(asPlain(html)))
    .join("\n");
const lineIn = (text: string) => /loyalty-proof [^\r\n<"]+/.exec(text)?.[0] ?? "";
const file = (of: SalonBot["anna"]) =>
  new TextDecoder().decode(of.lastMessage()?.document?.bytes ?? new Uint8Array());

/** The page and its list, as the service has them; the address. */
async function served(salon: SalonBot | null) {
  const http = createHttp({
    ...{ messengers: [], yclients: null, metrics: null, ready: async () => true },
    proof: salon && { page: proofPage(), roots: () => publishedRoots(salon.db) },
    log: pino({ level: "silent" }),
  });
  http.listen({ hostname: "127.0.0.1", port: 0 });
  return {
    address: `http://127.0.0.1:${http.server?.port}/proof`,
    [Symbol.asyncDispose]: async () => void (await http.server?.stop(true)),
  };
}

/** What the page says to a text and a link, once it says something. */
async function saysTo(address: string, text: string, link = "", locale = "ru-RU"): Promise<string> {
  const page = await browser.newPage({ locale });
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(address.split("#")[0] ?? "")) errors.push(request.url());
  });
  await page.goto(address);
  if (link !== "") await page.fill("#code", link);
  if (text !== "") await page.fill("#text", text);
  await page.locator("#found p").first().waitFor();
  await page.waitForLoadState("networkidle");
  const said = await page.locator("#found p").allTextContents();
  await page.close();
  expect(errors).toEqual([]);
  return said.join("\n");
}

test("the evening's message has the day's number, and a statement the path to it", async () => {
  await using salon = await evening("proof");
  const [, root = ""] = /Число дня для проверки выписок: ([0-9a-f]{64})\n?/.exec(digest(salon)) ?? [];
  expect(root).not.toBe("");
  expect(await ask(salon.anna, "/statement")).toEndWith(
    "\n\nПодтверждение за 12 марта 2026 — в файле «Для печати».",
  );
  expect(labels(salon.anna)).toContain("Проверить подтверждение");
  await tap(salon.anna, "Для печати");
  const html = file(salon.anna);
  expect(lineIn(html)).toContain(` 40.25 1:`);
  expect(lineIn(html)).toContain(` ${root} `);
  expect(soft(html)).toContain(
    "Подтверждение: при закрытии дня 12 марта 2026 на карте было 40,25 балла. Проверить: https://bot.example/proof<",
  );
  expect(html).toContain('href="https://bot.example/proof#loyalty-proof%201%20');
  await ask(salon.anna, "/statement");
  await tap(salon.anna, "Таблица");
  expect(lineIn(file(salon.anna))).toBe(lineIn(html));
});

test("a salon that asks for no proof has none: no number, no path, no codes, no page", async () => {
  for (const statements of ["off", "on"] as const) {
    await using salon = await evening(statements);
    expect(digest(salon)).not.toContain("Число дня");
    expect(await ask(salon.anna, "/statement")).not.toContain("Подтверждение");
    await tap(salon.anna, "Для печати");
    expect(lineIn(file(salon.anna))).toBe("");
    const [{ codes = 1 } = {}] = await salon.sql`select count(code)::int as codes from clients`;
    expect(codes).toBe(0);
  }
  await using none = await served(null);
  for (const path of ["", "/roots"]) {
    const answer = await fetch(none.address + path);
    expect([answer.status, await answer.text()]).toEqual([404, ""]);
  }
});

test("a salon that asks for no proof any more hands out none of its last day's", async () => {
  await using salon = await evening("proof");
  const of = { card: 1, viewer: "telegram:501", timeZone: "Europe/Moscow", now: salon.clock.now } as const;
  const proof = async (asked: boolean) =>
    (await statementOf(salon.db, { ...of, from: null, to: null, proof: asked }))?.proof?.day;
  expect([await proof(true), await proof(false)]).toEqual(["2026-03-12", undefined]);
});

test("where the service has no address the page comes along as a file", async () => {
  await using salon = await evening("proof", null);
  await ask(salon.anna, "/statement");
  expect(labels(salon.anna)).not.toContain("Проверить подтверждение");
  await tap(salon.anna, "Для печати");
  expect(salon.anna.lastMessage()?.document?.name).toBe("check.html");
  expect(file(salon.anna)).toBe(proofPage());
});

test("the page asks nobody but its own address, and says so to the browser", async () => {
  await using salon = await evening("proof");
  await using door = await served(salon);
  const answer = await fetch(door.address);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  const html = await answer.text();
  expect(html).toContain("default-src 'none'; script-src 'sha256-");
  expect(html).not.toMatch(/https?:\/\//);
  expect(await (await fetch(`${door.address}/roots`)).text()).toMatch(/^2026-03-12 [0-9a-f]{64}\n$/);
  expect((await fetch(door.address, { method: "POST" })).status).toBe(404);
});

inBrowser("the page finds a statement's line, follows it and asks what the salon publishes", async () => {
  await using salon = await evening("proof");
  await using door = await served(salon);
  await ask(salon.anna, "/statement");
  await tap(salon.anna, "Для печати");
  const html = file(salon.anna);
  const [{ code = "" } = {}] = await salon.sql<{ code: string }[]>`
    select code from clients where phone = '+79001234567'`;
  const said = await saysTo(door.address, html, `https://t.me/demo_bot?start=c_${code}`);
  expect(said).toContain("Сходится: при закрытии дня 12 марта 2026 г. на карте было баллов: 40,25.");
  expect(said).toContain("Это ваша карта: код совпадает.");
  expect(said).toContain("Салон публикует за этот день то же самое число.");
  expect(said).toContain("Это доказывает");
  // The link in the statement opens it, and a link of another card is told.
  const href = `${door.address}#${encodeURIComponent(lineIn(html))}`;
  expect(await saysTo(href, "", "c_aaaaaaaaaaaaaaaaaaaa")).toContain("Код НЕ совпадает");
  const forged = lineIn(html).replace(" 40.25 ", " 41.25 ");
  expect(await saysTo(door.address, forged, "", "en-GB")).toStartWith("IT DOES NOT FIT.");
  expect(await saysTo(door.address, "<b>nothing</b>")).toStartWith("Подтверждения в этом тексте нет.");
});

inBrowser("a salon that publishes another number for the day is caught", async () => {
  await using salon = await evening("proof");
  await using door = await served(salon);
  const leaf = { card: cardHash("code"), points: 100, lastRow: "0:-" };
  const own = proofLine({ ...leaf, day: "2026-03-12", steps: [], root: rootOf({ ...leaf, steps: [] }) });
  expect(await saysTo(door.address, own)).toContain("ВНИМАНИЕ: салон публикует за этот день другое число");
  const other = own.replace("2026-03-12", "2026-03-13");
  expect(await saysTo(door.address, other)).toContain("За этот день салон числа не публикует.");
});

inBrowser("saved as a file it needs no network, and follows any path as the program does", async () => {
  const saved = join(folder, "proof.html");
  writeFileSync(saved, proofPage());
  const hex = (text: string) => cardHash(text);
  for (const steps of [[], [`L${hex("a")}`], [`R${hex("a")}`, `L${hex("b")}`, `R${hex("c")}`]]) {
    const leaf = { card: hex("code"), points: -1_234_05, lastRow: `17:${hex("row")}` };
    const path: Path = { ...leaf, day: "2026-03-12", steps, root: rootOf({ ...leaf, steps }) };
    const said = await saysTo(`file://${saved}`, `до\n${proofLine(path)}\nпосле`, "", "en-GB");
    expect(said).toContain(
      "It fits: as the day 12 March 2026 was closed, the card held so many points: -1,234.05.",
    );
    expect(said).toContain(`The number of the day: ${path.root}`);
    expect(said).toContain("Compare it with the number");
  }
});
