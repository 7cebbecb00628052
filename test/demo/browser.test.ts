// The demo's page in a real browser, as a newcomer uses it: every deed, every fault and its recovery, both themes.
import { afterAll, beforeAll, expect } from "bun:test";
import { testWith } from "../helpers/installed.ts";
import { violations } from "./accessible.ts";
import { type Browser, chromiumPath, launch, openPage } from "./chromium.ts";
import { action, botSays, enterSum, fault, part, quiet, row, visit, write } from "./hands.ts";
import { openDemo } from "./running.ts";

const inBrowser = testWith({ chromium: chromiumPath });

let browser: Browser;
let demo: Awaited<ReturnType<typeof openDemo>>;
/** On a wide light page in Russian. */
let wide: Awaited<ReturnType<typeof openPage>>;

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await launch();
  demo = await openDemo();
  wide = await openPage(browser, demo.address, {
    width: 1280,
    height: 800,
    scheme: "light",
    locale: "ru-RU",
  });
});

afterAll(async () => {
  await browser?.close();
  if (chromiumPath) expect(await demo.end()).toBe(0);
});

inBrowser("a card is linked with the own number, and finds what waited", async () => {
  const { page } = wide;
  await part(page, "Анна").getByRole("button", { name: "Старт" }).click();
  await botSays(page, /Согласие\sна\sобработку\sперсональных\sданных/).waitFor();
  await part(page, "Анна")
    .getByRole("button", { name: /Согласен/ })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "Отправить" }).click();
  await botSays(page, /уже\s220\sбаллов\sза\s1\sвизит/).waitFor();
  await page.locator("#ledger .cards .linked").filter({ hasText: "Анна" }).waitFor();
  await part(page, "Анна").getByRole("button", { name: "Карта" }).click();
  const card = page.getByRole("img", { name: "Картинка от бота" });
  await card.waitFor();
  expect(await card.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBeGreaterThan(300);
});

inBrowser(
  "a payment is told, and a refund is told with its reason, in the chat and in the ledger",
  async () => {
    const { page } = wide;
    await action(page, "Пришёл");
    await action(page, "Оплатить");
    await botSays(page, /\+35\sбаллов.*оплачено\s3\s500/).waitFor();
    await row(page, /\+35.*Начислено: оплачено 3\s500.*сообщено/s).waitFor();
    await action(page, "Возврат…");
    await enterSum(page);
    await botSays(page, /возвращена,\sпоэтому\sсняли\s35\sбаллов/).waitFor();
    await row(page, /−35.*Оплата возвращена.*Поправка к строке №\s3/s).waitFor();
    await write(page, "#anna", "/why");
    await botSays(page, /Где\sмои\sбаллы.*оплата\sвозвращена/s).waitFor();
  },
);

inBrowser(
  "the till spends, takes it back, spends again; the price is lowered and the rest is paid",
  async () => {
    const { page } = wide;
    const till = part(page, "Ольга");
    for (const time of [1, 2]) {
      await write(page, "#admin", "89001234567 3500");
      await till.getByRole("button", { name: /^Списать 220/ }).click();
      await botSays(page, /Списано\s220\.\sПримите\s3\s280/, "#admin").waitFor();
      if (time === 2) break;
      await till.getByRole("button", { name: /^Отменить до/ }).click();
      await row(page, /\+220.*Отмена строки/s).waitFor();
      await botSays(page, /списание\sотменено,\sвернули\s220/i).waitFor();
    }
    await action(page, "Цена…");
    await enterSum(page, "3280");
    await action(page, "Оплатить");
    await botSays(page, /\+32,8\sбалла.*оплачено\s3\s280/s).waitFor();
    expect(await botSays(page, /Сами\sони\sне\sвернутся/, "#admin").count()).toBe(0);
  },
);

inBrowser("a second tap is answered with a toast and does nothing; what is typed stays text", async () => {
  const { page } = wide;
  const first = page.locator("#admin .message.bot").filter({ hasText: /Отменено/ });
  expect(await first.getByRole("button").count()).toBe(0);
  await write(page, "#admin", "89001234567");
  const give = part(page, "Ольга").getByRole("button", { name: "Начислить", exact: true });
  await give.click();
  await botSays(page, /Сколько\sбаллов\sначислить/, "#admin").waitFor();
  await write(page, "#admin", '5 <b>за</b> "чай"');
  await part(page, "Ольга").getByRole("button", { name: "Начислить 5" }).dblclick();
  await page.locator(".toast").waitFor();
  await row(page, /\+5.*Начислено на кассе: <b>за<\/b> "чай"/s).waitFor();
  expect(await row(page, /Начислено на кассе/).count()).toBe(1);
});

inBrowser("who works at the till has no owner's commands, and the owner has a chat of her own", async () => {
  const { page } = wide;
  await botSays(page, /Вы\sадминистратор/, "#admin").waitFor();
  expect(await botSays(page, /\/export/, "#admin").count()).toBe(0);
  await part(page, "Ольга").getByRole("button", { name: "Владелец" }).click();
  await botSays(page, /Вы\sвладелец/, "#owner").waitFor();
  await part(page, "Елена").getByRole("button", { name: "Касса" }).click();
  await part(page, "Ольга").waitFor();
});

inBrowser("Telegram down: a row waits, and is told once when it is back", async () => {
  const { page } = wide;
  await quiet(page);
  await fault(page, "Telegram не отвечает");
  await page.locator("#journal .add").getByRole("button").click();
  await visit(page, /Укладка/);
  await action(page, "Оплатить");
  await row(page, /\+15.*ждёт отправки/s).waitFor();
  await page.getByText(/^Клиенту ещё не сказано: 1\sизменение/).waitFor();
  expect(await botSays(page, /\+15\sбаллов/).count()).toBe(0);
  await fault(page, "Telegram не отвечает");
  await botSays(page, /\+15\sбаллов/).waitFor();
  await quiet(page);
  expect(await botSays(page, /\+15\sбаллов/).count()).toBe(1);
});

inBrowser("the program is killed: it comes back and reads what was paid meanwhile", async () => {
  const { page } = wide;
  await fault(page, "Выключить сервер");
  await page.getByText("Сервер выключен, скоро включится сам").waitFor();
  await visit(page, /Илья/);
  await action(page, "Оплатить");
  await part(page, "Анна").getByRole("button", { name: "Контакты" }).click();
  await page.getByText(/нажатие ждёт доставки/).waitFor();
  await page.getByText("Бот работает").waitFor();
  await row(page, /\+18.*Илья/s).waitFor();
  await botSays(page, /495\s000-00-00/)
    .last()
    .waitFor();
  await quiet(page);
});

inBrowser("everything delivered twice is done once", async () => {
  const { page } = wide;
  await quiet(page);
  await fault(page, "Всё приходит дважды");
  await write(page, "#admin", "89001234567 40");
  await part(page, "Ольга")
    .getByRole("button", { name: /^Списать \d+ → к оплате/ })
    .last()
    .click();
  await visit(page, /Маникюр/);
  await action(page, "Оплатить");
  await row(page, /\+24.*Мария/s).waitFor();
  await row(page, /−39.*счёт 40/s).waitFor();
  await quiet(page);
  expect(await row(page, /\+24.*Мария/s).count()).toBe(1);
  expect(await row(page, /счёт 40/).count()).toBe(1);
  expect(await botSays(page, /[Сс]писано\s39\sбаллов\sна\sкассе/).count()).toBe(1);
  await fault(page, "Всё приходит дважды");
});

inBrowser("Telegram answering 429 and YCLIENTS down hold things up and lose nothing", async () => {
  const { page } = wide;
  await quiet(page);
  await fault(page, "Telegram просит подождать");
  await page.getByLabel("Услуга").fill("Брови");
  await page.getByLabel("Цена, ₽").fill("700");
  await page.getByLabel("Цена, ₽").press("Enter");
  await visit(page, /Брови/);
  await action(page, "Оплатить");
  await row(page, /\+7.*Брови.*ждёт отправки/s).waitFor();
  expect(await botSays(page, /\+7\sбаллов/).count()).toBe(0);
  await write(page, "#anna", "/id");
  await page.getByText(/нажатие ждёт доставки/).waitFor();
  await fault(page, "Telegram просит подождать");
  await botSays(page, /501/).waitFor();
  await botSays(page, /\+7\sбаллов/).waitFor();
  await row(page, /\+7.*Брови.*сообщено/s).waitFor();
  expect(await botSays(page, /\+7\sбаллов/).count()).toBe(1);
  await fault(page, "YCLIENTS не отвечает");
  await visit(page, /Массаж/);
  await action(page, "Предоплата");
  await page.getByText(/^Журнал: 1\sвизит ждёт чтения/).waitFor();
  await fault(page, "YCLIENTS не отвечает");
  await row(page, /\+42.*Мария/s).waitFor();
  await quiet(page);
});

inBrowser(
  "a no-show, a deletion and a payment in part each end in the right sum, with its reason",
  async () => {
    const { page } = wide;
    await visit(page, /Илья/);
    await action(page, "Не пришёл");
    await row(page, /−18.*Илья.*Визит не состоялся/s).waitFor();
    await action(page, "Пришёл");
    await action(page, "Удалить");
    const deleted = page.locator("#journal .deleted .visit");
    await deleted.waitFor();
    // What is crossed out is the price; what became of the visit stands under it, and is a word of its own when heard.
    const [price, state] = [deleted.locator(".price > span"), deleted.locator(".price > small")];
    expect(await deleted.textContent()).toMatch(/1\s800\s₽ удалён$/);
    expect((await state.boundingBox())?.y).toBeGreaterThan((await price.boundingBox())?.y ?? Number.NaN);
    await action(page, "Вернуть визит");
    await action(page, "Возврат…");
    await enterSum(page, "800");
    await page.locator("#journal .decision").filter({ hasText: "0, оплачен не полностью" }).waitFor();
    await action(page, "Частично…");
    await enterSum(page, "800");
    await page.locator("#journal .decision b").filter({ hasText: "+18" }).waitFor();
  },
);

inBrowser("the owner gets the ledger as a file, verify holds, and nothing was complained of", async () => {
  const { page, errors } = wide;
  await part(page, "Ольга").getByRole("button", { name: "Владелец" }).click();
  await write(page, "#owner", "/export");
  const file = page.locator("#owner .file").filter({ hasText: ".csv" });
  await file.waitFor();
  const answer = await page.request.get(new URL((await file.getAttribute("href")) ?? "", page.url()).href);
  expect(answer.headers()["content-disposition"]).toStartWith("attachment");
  expect(await answer.text()).toContain("220,00");
  await page.getByText("Всё сходится").waitFor();
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await violations(page)).toEqual([]);
  }
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  expect(errors).toEqual([]);
});
