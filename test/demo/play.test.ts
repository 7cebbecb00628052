// The demo's day as it plays itself: it can be watched, stopped, gone on with, and left for the visitor's own hands.
import { afterAll, beforeAll, expect } from "bun:test";
import { everything, testWith } from "../helpers/installed.ts";
import { violations } from "./accessible.ts";
import { type Browser, chromiumPath, launch, openPage, type Page } from "./chromium.ts";
import { botSays, fault, part, quiet, row, visit } from "./hands.ts";
import { openDemo } from "./running.ts";

const inBrowser = testWith({ chromium: chromiumPath });
const toItsEnd = testWith({ "LOYALTY_TEST_ALL=1": everything ? "" : null, chromium: chromiumPath });

let browser: Browser;
let demo: Awaited<ReturnType<typeof openDemo>>;
let opened: Awaited<ReturnType<typeof openPage>>;
const look = { width: 1280, height: 800, scheme: "light", locale: "ru-RU" } as const;

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await launch();
  demo = await openDemo();
  opened = await openPage(browser, demo.address, look);
});

afterAll(async () => {
  await browser?.close();
  if (chromiumPath) expect(await demo.end()).toBe(0);
});

const tourKey = (page: Page, name: string) =>
  page.locator("#tour").getByRole("button", { name, exact: true });
/** On a small phone, as on the screen it was opened on, nothing stands beyond the page's edge. */
async function fitsPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  const hidden = await page.locator("#tour").evaluate((tour) => tour.scrollHeight - tour.clientHeight);
  expect(hidden).toBe(0);
  await page.setViewportSize({ width: look.width, height: look.height });
}
const title = (page: Page) => page.locator("#tour-title").textContent();
/** What the player is at, as who does not see it hears it. */
const doing = (page: Page) => page.locator("#tour + [role=status]");

inBrowser("the page begins with one sentence of what a salon gets, and the day in a minute", async () => {
  const { page } = opened;
  expect(await title(page)).toBe("День салона за минуту");
  await page.getByText("Клиент заплатил — баллы сами пришли в Telegram.").waitFor();
  await fitsPhone(page);
  expect(await violations(page)).toEqual([]);
});

inBrowser("played, it says what it does and does it; Pause stops it, and nothing more happens", async () => {
  const { page } = opened;
  await page.emulateMedia({ reducedMotion: "reduce" });
  await tourKey(page, "Проиграть день").click();
  await doing(page).filter({ hasText: "Сейчас: Анна: нажать «Старт»" }).waitFor();
  await botSays(page, /Согласие/).waitFor();
  await tourKey(page, "Пауза").click();
  await tourKey(page, "Продолжить").waitFor();
  await fitsPhone(page);
  const before = await page.locator("#anna .message").count();
  await Bun.sleep(3_000); // longer than the player waits before it acts
  expect(await page.locator("#anna .message").count()).toBe(before);
  // The focus stays on the one key that stops and goes on.
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Продолжить");
});

inBrowser("gone on with, it links the card; whatever the visitor does themselves stops it", async () => {
  const { page } = opened;
  await tourKey(page, "Продолжить").click();
  await botSays(page, /уже\s220\sбаллов/).waitFor();
  await visit(page, /Илья/);
  await tourKey(page, "Продолжить").waitFor();
  await tourKey(page, "Продолжить").click();
  await tourKey(page, "Пауза").waitFor();
  await page.locator("#anna .say").fill("Здра");
  await tourKey(page, "Продолжить").waitFor();
  await page.locator("#anna .say").fill("");
});

inBrowser("a reload goes on where the visitor was", async () => {
  const { page } = opened;
  const done = page.locator("#tour .items .done");
  const step = await title(page);
  const count = await done.count();
  await page.reload();
  await tourKey(page, "Продолжить").waitFor();
  expect(await title(page)).toBe(step);
  // What was under way meanwhile may have come to its end.
  expect(await done.count()).toBeGreaterThanOrEqual(count);
});

inBrowser("the fifth step is not lost by a reload in its midst", async () => {
  const { page } = opened;
  const dot = (name: string) => page.getByRole("button", { name, exact: true });
  await dot("Шаг 5 из 6").click();
  await fault(page, "Telegram не отвечает");
  const done = page.locator("#tour .items .done");
  await done.filter({ hasText: "Telegram не отвечает" }).waitFor();
  await fault(page, "Telegram не отвечает");
  // A page that is left asks for nothing more: what was tapped is done before it is.
  await page.getByRole("button", { name: "Telegram не отвечает", exact: true, pressed: false }).waitFor();
  await page.reload();
  await done.filter({ hasText: "Telegram не отвечает" }).waitFor();
  expect(await title(page)).toBe("Всё ломается");
  await page.locator("#tour .items .now").filter({ hasText: "Журнал: новый визит" }).waitFor();
});

inBrowser(
  "a language that is chosen is Anna's too: the bot speaks it to her at once, and in what it says next",
  async () => {
    const { page } = opened;
    await quiet(page);
    await page.getByRole("button", { name: "Eng", exact: true }).click();
    await part(page, "Anna").getByRole("button", { name: "Balance" }).waitFor();
    await visit(page, /Haircut.*3,500/);
    await page.locator("#journal").getByRole("button", { name: "Pay", exact: true }).click();
    await botSays(page, /\+35\spoints/).waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("en");
    // A page that somebody else opens takes Anna's language from nobody.
    const other = await openPage(browser, demo.address, { ...look, locale: "ru-RU" });
    await part(other.page, "Анна").getByRole("button", { name: "Balance" }).waitFor();
    await Bun.sleep(500);
    await part(page, "Anna").getByRole("button", { name: "Balance" }).waitFor();
    await other.page.close();
  },
);

inBrowser("between a payment and its reading nothing old stands beside it", async () => {
  const { page } = opened;
  await page.getByRole("button", { name: "Рус", exact: true }).click();
  await fault(page, "YCLIENTS не отвечает");
  await visit(page, /Илья/);
  await page.locator("#journal").getByRole("button", { name: "Оплатить", exact: true }).click();
  const ilya = page.locator("#journal li").filter({ hasText: "Илья" });
  await ilya.filter({ hasText: /(?<!не)\sоплачен/ }).waitFor();
  expect(await ilya.locator(".decision").textContent()).toBe("На карту: бот сейчас прочитает");
  await fault(page, "YCLIENTS не отвечает");
  await ilya.locator(".decision b").filter({ hasText: "+18" }).waitFor();
  await row(page, /\+18.*Илья/s).waitFor();
});

inBrowser("no phone number is broken over lines, and what is typed with one is told as one", async () => {
  const { page } = opened;
  await part(page, "Анна")
    .getByRole("button", { name: /Контакты|Contacts/ })
    .click();
  const number = page.locator("#anna .unbroken").filter({ hasText: "+7 495 000-00-00" }).last();
  await number.waitFor();
  expect(await number.evaluate((at) => at.getClientRects().length)).toBe(1);
});

toItsEnd(
  "played to its end the day takes about a minute, and ends with what it takes to install it",
  async () => {
    const mine = await openDemo();
    try {
      const { page, errors } = await openPage(browser, mine.address, look);
      const began = Date.now();
      await tourKey(page, "Проиграть день").click();
      const isOver = page.getByRole("heading", { name: "Вот и весь день" });
      const isStuck = page.getByText("Дальше само не идёт");
      await isOver.or(isStuck).first().waitFor({ timeout: 150_000 });
      // What was being told as the program was killed is the dead one's for a minute, and the player waits for less.
      const held = await isStuck.isVisible();
      if (held) {
        const seen = await page.locator("body").textContent();
        await tourKey(page, "Продолжить").click();
        await isOver.waitFor({ timeout: 60_000 }).catch(() => expect(seen).toBe("the day's end"));
      }
      expect(Date.now() - began).toBeGreaterThan(40_000);
      expect(Date.now() - began).toBeLessThan(held ? 180_000 : 120_000); // a busy machine is slower
      await page.getByText("Всё сходится", { exact: true }).waitFor();
      await fitsPhone(page);
      for (const [key, says] of [
        ["Поставить у себя", "Три команды на сервере"],
        ["Показать на телефоне", "run demo --host"],
      ] as const) {
        await tourKey(page, key).click();
        await page.getByRole("dialog").getByText(says).waitFor();
        expect(await violations(page)).toEqual([]);
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "detached" });
      }
      expect(errors).toEqual([]);
      await mine.end();
      await page.getByText(/^Демо остановлено/).waitFor();
      expect(await page.getByText("Бот работает").isVisible()).toBe(false);
    } finally {
      expect(await mine.end()).toBe(0);
    }
  },
  200_000,
);
