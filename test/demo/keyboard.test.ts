// The demo's page by keyboard alone: every action can be reached, nothing traps the focus, and nothing takes it away.
import { afterAll, beforeAll, expect } from "bun:test";
import { testWith } from "../helpers/installed.ts";
import { type Browser, chromiumPath, launch, openPage, type Page } from "./chromium.ts";
import { botSays } from "./hands.ts";
import { openDemo } from "./running.ts";

const byKeyboard = testWith({ chromium: chromiumPath });

let browser: Browser;
let demo: Awaited<ReturnType<typeof openDemo>>;
let page: Page;

beforeAll(async () => {
  if (!chromiumPath) return;
  browser = await launch();
  demo = await openDemo();
  const look = { width: 1280, height: 800, scheme: "light", locale: "en-GB" } as const;
  ({ page } = await openPage(browser, demo.address, look));
  await page.emulateMedia({ reducedMotion: "reduce" });
});

afterAll(async () => {
  await browser?.close();
  if (chromiumPath) expect(await demo.end()).toBe(0);
});

/** What has the focus: its part and its name; "" when nothing has. */
const focused = () =>
  page.evaluate<string>(`(() => {
    const at = document.activeElement;
    if (!at || at === document.body) return "";
    const name = at.getAttribute("aria-label") ?? at.textContent;
    return at.closest("[id]").id + ": " + name.trim();
  })()`);

/** Presses Tab until what is asked for has the focus; fails after a whole round. */
async function tabTo(what: string | RegExp): Promise<void> {
  for (let left = 150; left > 0; left--) {
    const at = await focused();
    if (typeof what === "string" ? at === what : what.test(at)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${what}`);
}

async function focusIs(what: string | RegExp): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await Bun.sleep(50)) {
    const at = await focused();
    if (typeof what === "string" ? at === what : what.test(at)) return;
  }
  expect(await focused()).toMatch(what);
}

byKeyboard("Tab goes all around the page and is seen at each stop", async () => {
  const parts = new Set<string>();
  for (let stops = 0; stops < 150; stops++) {
    await page.keyboard.press("Tab");
    const at = await focused();
    if (at === "") break;
    parts.add(at.split(":")[0] ?? "");
    const outline = await page.evaluate<string>("getComputedStyle(document.activeElement).outlineStyle");
    expect({ at, outline }).toEqual({ at, outline: "solid" });
  }
  expect(await focused()).toBe("");
  expect([...parts]).toEqual(["head", "tour", "journal", "anna", "admin", "ledger", "dock"]);
});

byKeyboard(
  "a card is linked: Escape takes the question away, Enter answers it, and the focus stays in the chat",
  async () => {
    await tabTo("anna: Start");
    await page.keyboard.press("Enter");
    await focusIs("anna: Message to the bot, from Anna");
    await botSays(page, /Consent/).waitFor();
    await tabTo(/^anna: I agree/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await focusIs(/^anna: I agree/);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Enter");
    await botSays(page, /220\spoints/).waitFor();
    await focusIs("anna: Message to the bot, from Anna");
  },
);

byKeyboard("a visit is paid and the money given back; each key keeps the focus or hands it on", async () => {
  await tabTo("journal: Pay");
  await page.keyboard.press("Enter");
  await botSays(page, /\+35\s/).waitFor();
  await focusIs("journal: Pay");
  await tabTo("journal: Refund…");
  await page.keyboard.press("Enter");
  await focusIs("journal: Give back, ₽");
  await page.keyboard.press("Escape");
  await focusIs("journal: Refund…");
  await page.keyboard.press("Enter");
  await focusIs("journal: Give back, ₽");
  await page.keyboard.press("Enter");
  await botSays(page, /refunded: −35\s/).waitFor();
  await focusIs("journal: Refund…");
});

byKeyboard(
  "commands open and close, the tour folds and unfolds, the language changes, and the focus is not lost",
  async () => {
    await tabTo("anna: Commands");
    await page.keyboard.press("Enter");
    await page.locator("#anna-menu").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#anna-menu").waitFor({ state: "hidden" });
    await focusIs("anna: Commands");
    expect(await page.locator("#anna .slash").getAttribute("aria-expanded")).toBe("false");
    await tabTo("tour: Hide the steps");
    await page.keyboard.press("Enter");
    await focusIs("tour: Show the steps");
    await page.keyboard.press("Enter");
    await focusIs("tour: Hide the steps");
    await tabTo("head: Рус");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Книга баллов" }).waitFor();
    await focusIs("head: Рус");
  },
);
