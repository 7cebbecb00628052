// The demo's chapter of MAX beside Telegram: one card in both, and a visit that is told though Telegram is away.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { PageAction, Shows } from "../../src/demo/page/protocol.ts";
import { testWith } from "../helpers/installed.ts";
import { until } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";
import { violations } from "./accessible.ts";
import { type Browser, chromiumPath, launch, openPage, type Page } from "./chromium.ts";
import { botSays, quiet, row } from "./hands.ts";
import { hurryStep, nextStep } from "./hurry.ts";
import { openDemo } from "./running.ts";

const inBrowser = testWith({ chromium: chromiumPath });

let browser: Browser;
beforeAll(async () => {
  if (chromiumPath) browser = await launch();
});
afterAll(() => browser?.close());

const look = { width: 1280, height: 800, scheme: "light", locale: "en-GB" } as const;
const tourKey = (page: Page, name: string) =>
  page.locator("#tour").getByRole("button", { name, exact: true });
const inMax = (page: Page, words: RegExp) => botSays(page, words, "#max");

/** What stands at 360 wide stands within the page, and a person who sees or hears it can use it. */
async function fitsPhone(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("navigation").getByRole("button", { name: "MAX" }).click();
  await page.locator("#max").waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: look.width, height: look.height });
}

inBrowser(
  "the card moves into MAX by a link, and what is paid while Telegram is away is told there, once",
  async () => {
    const demo = await openDemo();
    const { page, errors } = await openPage(browser, demo.address, look);
    await tourKey(page, "Step by step").click();
    await tourKey(page, "Step 6 of 6").click();
    await nextStep(page);
    await tourKey(page, "MAX beside it").click();
    await page.getByRole("heading", { name: "MAX beside Telegram" }).waitFor();
    // A salon without a token sees nothing of it.
    expect(await page.getByRole("button", { name: "MAX", exact: true }).count()).toBe(0);
    await tourKey(page, "Step by step").click();
    await hurryStep(page);
    await page.getByRole("button", { name: "MAX", exact: true }).first().waitFor();

    await nextStep(page);
    await hurryStep(page);
    await inMax(page, /220\spoints.*All\sthat\scan\sbe\sseen\sin\sTelegram/s).waitFor();
    for (const chat of ["#anna", "#max"]) {
      expect(await page.locator(chat).isVisible()).toBe(true);
      await botSays(page, /^Bot:Card\s…4567\sholds\s220\spoints/, chat).waitFor();
    }
    await page.locator("#ledger .cards li").filter({ hasText: "in Telegram and MAX" }).waitFor();
    await fitsPhone(page);

    await nextStep(page);
    await hurryStep(page);
    await inMax(page, /New\son\syour\scard.*\+30\spoints/s).waitFor();
    await nextStep(page);
    await hurryStep(page);
    await botSays(page, /^Bot:Card\s…4567\sholds\s250\spoints/).waitFor();

    await nextStep(page);
    await hurryStep(page);
    await inMax(page, /\+20\spoints/).waitFor();
    await nextStep(page);
    await hurryStep(page);
    await quiet(page);
    for (const words of [/\+30\spoints/, /\+20\spoints/]) {
      expect(await inMax(page, words).count()).toBe(1);
      expect(await botSays(page, words).count()).toBe(0);
    }
    await row(page, /\+20.*Anna · Peeling.*told ✓/s).waitFor();
    await page.getByText("All sums hold", { exact: true }).waitFor();
    await nextStep(page);
    await page.getByRole("heading", { name: "One card, two messengers" }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
    expect(await demo.end()).toBe(0);
  },
);

/** What the page is told, as it stands now, and what it may ask. */
async function follow(address: string) {
  const shows: Partial<Shows> = {};
  const events = await fetch(`${address}events`);
  const read = async () => {
    let text = "";
    for await (const chunk of events.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const whole = text.split("\n\n");
      text = whole.pop() ?? "";
      for (const one of whole) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(one) ?? [];
        if (name && data) Object.assign(shows, { [name]: JSON.parse(data) });
      }
    }
  };
  const over = read().catch(() => {}); // the demo ends before its page
  const ask = (action: PageAction | object) =>
    fetch(`${address}do`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(action),
    });
  const words = (who: "anna" | "max") =>
    (shows[who]?.messages ?? []).filter(({ from }) => from === "bot").map(({ text }) => soft(text));
  const says = (who: "anna" | "max", text: RegExp) => until(() => words(who).some((one) => text.test(one)));
  return { shows, ask, words, says, over };
}

test("a number proved in MAX opens the same card; who has Telegram is told there, at once and alone", async () => {
  const demo = await openDemo();
  const { shows, ask, words, says, over } = await follow(demo.address);
  await until(() => shows.world !== undefined && shows.ledger !== undefined);
  expect(shows.world?.max).toBeNull();
  await ask({ do: "start", who: "anna" });
  await says("anna", /Telegram ID, визитов/);
  await ask({ do: "contact", who: "anna" });
  await says("anna", /уже 220 баллов/);
  // What comes before the second account is linked comes before it by the demo's clock, which is ahead of the machine's.
  await ask({ do: "pass", minutes: 60 });
  const paid = async (title: string, kopecks: number) => {
    await ask({ do: "book", client: "anna", title, kopecks });
    await until(() => shows.journal?.some((one) => one.title === title) === true);
    await ask({ do: "pay", visit: shows.journal?.find((one) => one.title === title)?.id });
  };
  await paid("Маска", 1_000_00);
  await says("anna", /\+10 баллов/);

  await ask({ do: "max" });
  await until(() => shows.world?.max !== null && shows.world?.program === "running");
  await ask({ do: "start", who: "max" });
  await says("max", /Telegram ID и MAX ID/);
  await ask({ do: "contact", who: "max" });
  await says("max", /уже 230 баллов/);
  await says("max", /Карта открыта и в Telegram/);
  await ask({ do: "say", who: "max", text: "/history" });
  await says("max", /Изменений пока нет/);
  expect(words("max").join()).not.toContain("Маска");
  await says("anna", /Вашу карту …4567 открыли в MAX. Это вы\?/);
  const asked = shows.anna?.messages.findLast(({ inline }) => inline.length > 0);
  const yes = asked?.inline.flat().find(({ text }) => text === "Да, это я");
  await ask({ do: "tap", who: "anna", message: asked?.id, data: yes?.data });
  await says("anna", /видно теперь и в MAX/);
  await ask({ do: "say", who: "max", text: "/history" });
  await says("max", /оплачено 1 000 ₽/);

  await paid("Пилинг", 2_000_00);
  await says("anna", /\+20 баллов/);
  await ask({ do: "say", who: "max", text: "/balance" });
  await says("max", /250 баллов/);
  expect(words("max").filter((text) => /\+20 баллов|Новое на карте/.test(text))).toEqual([]);

  for (const minutes of [-1, 0, 61, 1.5, "6"]) expect((await ask({ do: "pass", minutes })).status).toBe(400);
  let last = await ask({ do: "pass", minutes: 60 });
  for (let more = 0; more < 24 && last.ok; more++) last = await ask({ do: "pass", minutes: 60 });
  expect(await last.json()).toEqual({ fault: "No more than a day passes by minutes." });
  expect(await demo.end()).toBe(0);
  await over;
});
