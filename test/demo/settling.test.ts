// The demo's chapter of spends that settle their visit: tried, on a bill, taken back, and through a YCLIENTS that dies in the middle.
import { afterAll, beforeAll, expect } from "bun:test";
import { everything, testWith } from "../helpers/installed.ts";
import { violations } from "./accessible.ts";
import { type Browser, chromiumPath, launch, openPage, type Page } from "./chromium.ts";
import { action, botSays, quiet, row, visit, write } from "./hands.ts";
import { hurryStep, nextStep } from "./hurry.ts";
import { openDemo } from "./running.ts";

const inBrowser = testWith({ chromium: chromiumPath });
const toItsEnd = testWith({ "LOYALTY_TEST_ALL=1": everything ? "" : null, chromium: chromiumPath });

let browser: Browser;
let demo: Awaited<ReturnType<typeof openDemo>>;
let opened: Awaited<ReturnType<typeof openPage>>;
const look = { width: 1280, height: 800, scheme: "light", locale: "en-GB" } as const;

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
const post = (asked: unknown) =>
  fetch(`${demo.address}do`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
  });
const dies = (page: Page) => page.getByRole("button", { name: "YCLIENTS dies half-way", exact: true });
/** The open visit's bill and the card that its points go by, as one reads them. */
const bill = async (page: Page) => {
  const lines = await page.locator("#journal .bill dt, #journal .bill dd").allTextContents();
  return lines.join(" ").replaceAll("\u00a0", " ");
};
const card = async (page: Page) => {
  const parts = await page.locator("#journal .card-head span, #journal .moves span").allTextContents();
  return parts.join(" ").replaceAll("\u00a0", " ");
};

/** What stands at 360 wide stands within the page, and a person who sees or hears it can use it. */
async function fitsPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  const hidden = await page.locator("#tour").evaluate((tour) => tour.scrollHeight - tour.clientHeight);
  expect(hidden).toBe(0);
  for (const scheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    expect(await violations(page)).toEqual([]);
  }
  await page.setViewportSize({ width: look.width, height: look.height });
}

inBrowser(
  "on the first day nothing of it is seen; its chapter stands behind the day, and behind the month's days",
  async () => {
    const { page } = opened;
    expect((await post({ do: "leap", days: 3 })).status).toBe(204);
    expect(await dies(page).isVisible()).toBe(false);
    expect(await page.locator("#journal .trial").isVisible()).toBe(false);
    expect(await page.locator("#journal .bill, #journal .points-card").count()).toBe(0);
    await tourKey(page, "Step by step").click();
    await tourKey(page, "Step 6 of 6").click();
    await nextStep(page);
    await tourKey(page, "Points settle the bill").click();
    await page.getByRole("heading", { name: "Points settle the bill by themselves" }).waitFor();
    await tourKey(page, "Step by step").click();
  },
);

inBrowser("the owner's trial is the program's own: it passes, and leaves the journal as it was", async () => {
  const { page } = opened;
  await hurryStep(page);
  const printed = page.locator("#journal .trial pre");
  expect(await printed.textContent()).toMatch(
    /^\$ loyalty-bot settle try --record \d+ --points 3\n.*The visit counts as paid in full\..*\nPASSED\./s,
  );
  await page.getByText("The bot is running").waitFor();
  await visit(page, /Trial visit/);
  expect(await card(page)).toBe(
    "Card “Баллы бота” 0 ₽ put there +3 ₽ onto the bill and back 0 ₽ taken off −3 ₽",
  );
  expect(await bill(page)).toBe("");
  await dies(page).waitFor();
  await page.locator("#journal .trial summary").click();
  await fitsPhone(page);
});

inBrowser("a spend is on the bill by one tap, seen in the journal, and the card is empty again", async () => {
  const { page } = opened;
  await nextStep(page);
  await hurryStep(page);
  await botSays(page, /✅\sСписано\s340\.\sВ\sжурнале\sк\sоплате\s3\s660\s₽/, "#admin").waitFor();
  expect(await bill(page)).toBe("Bill 4,000 ₽ By points −340 ₽ In money 3,660 ₽");
  expect(await card(page)).toBe("Card “Баллы бота” 0 ₽ put there +340 ₽ onto the bill −340 ₽");
  await page
    .locator("#journal .visit")
    .filter({ hasText: /Highlights.*4,000\s₽ 3,660\s₽ to pay/ })
    .waitFor();
  await botSays(page, /340\spoints.*bill\s4,000\s₽.*3,660\s₽/s).waitFor();
  await fitsPhone(page);
});

inBrowser("taken back, the bill is whole again before the points are on the card", async () => {
  const { page } = opened;
  await nextStep(page);
  await hurryStep(page);
  await row(page, /\+340.*Anna.*Undoes row/s).waitFor();
  expect(await bill(page)).toBe("");
  expect(await card(page)).toEndWith("onto the bill and back 0 ₽ taken off −340 ₽");
});

inBrowser("YCLIENTS dies in the middle: the till says so, and once it is back it is done, once", async () => {
  const { page } = opened;
  await nextStep(page);
  await dies(page).click();
  await write(page, "#admin", "89001234567 4000");
  const spends = page.locator("#admin").getByRole("button", { name: /^Списать\s340/ });
  await spends.last().click();
  await botSays(page, /^Bot:⏳\sСписываем\s340/, "#admin").waitFor();
  // It had done what it was asked before it died, and nobody was told.
  await page.locator("#journal .bill").waitFor();
  expect(await bill(page)).toBe("Bill 4,000 ₽ By points −340 ₽ In money 3,660 ₽");
  expect(await dies(page).getAttribute("aria-pressed")).toBe("false");
  expect(await botSays(page, /340\spoints.*bill\s4,000\s₽/s).count()).toBe(1);
  await post({ do: "kill" });
  await page.getByText("The server is off").waitFor();
  await hurryStep(page);
  await quiet(page);
  expect(await bill(page)).toBe("Bill 4,000 ₽ By points −340 ₽ In money 3,660 ₽");
  expect(await card(page)).toEndWith("taken off −340 ₽ put there +340 ₽ onto the bill −340 ₽");
  expect(await row(page, /−340.*Anna/s).count()).toBe(2);
  expect(await botSays(page, /340\spoints.*bill\s4,000\s₽/s).count()).toBe(2);
});

inBrowser(
  "the rest is paid in money, and the award is on the money; an end of month comes after as ever",
  async () => {
    const { page, errors } = opened;
    await nextStep(page);
    await hurryStep(page);
    await row(page, /\+36\.6.*Highlights.*Award: 3,660\s₽ paid/s).waitFor();
    await botSays(page, /340\spaid\sin\spoints,\s3,660\s₽\sin\smoney/).waitFor();
    await page.getByText("All sums hold", { exact: true }).waitFor();
    await nextStep(page);
    await page.getByRole("heading", { name: "The bill is settled" }).waitFor();
    await fitsPhone(page);
    await visit(page, /Highlights/);
    await action(page, "Refund…");
    await page.locator("#journal .sum input").press("Enter");
    await row(page, /−36\.6.*Highlights.*The payment was refunded/s).waitFor();
    expect(await bill(page)).toBe("Bill 4,000 ₽ By points −340 ₽ In money 3,660 ₽");
    await tourKey(page, "A month passes").click();
    await tourKey(page, "Step by step").click();
    await hurryStep(page);
    await botSays(page, /Срок\sбаллов:\s30\sдней/, "#owner")
      .first()
      .waitFor();
    // What was switched on stays so.
    expect(await dies(page).isVisible()).toBe(true);
    expect(errors).toEqual([]);
  },
);

toItsEnd(
  "played by itself on a phone it comes to its end in about a minute, and shows the bill that a tap at the till has lowered",
  async () => {
    const mine = await openDemo();
    try {
      const phone = { width: 360, height: 740, scheme: "dark", locale: "ru-RU" } as const;
      const { page, errors } = await openPage(browser, mine.address, phone);
      await tourKey(page, "Самому, по шагам").click();
      await tourKey(page, "Шаг 6 из 6").click();
      await tourKey(page, "Дальше").click();
      await tourKey(page, "Баллы закрывают счёт").click();
      await tourKey(page, "Проиграть").click();
      await page.getByText("Сейчас: Журнал: к оплате стало меньше").waitFor();
      expect(await bill(page)).toBe("Счёт 4 000 ₽ Баллами −340 ₽ Деньгами 3 660 ₽");
      expect(await page.locator("#journal .bill").isVisible()).toBe(true);
      await page.getByRole("heading", { name: "Счёт закрыт" }).waitFor({ timeout: 150_000 });
      expect(errors).toEqual([]);
    } finally {
      expect(await mine.end()).toBe(0);
    }
  },
  220_000,
);
