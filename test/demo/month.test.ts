// The demo's second chapter: a month passes by a clock that leaps, and what the owner has chosen does what it promises.
import { afterAll, beforeAll, expect } from "bun:test";
import { testWith } from "../helpers/installed.ts";
import { violations } from "./accessible.ts";
import { type Browser, chromiumPath, launch, openPage, type Page } from "./chromium.ts";
import { action, botSays, quiet, row, visit } from "./hands.ts";
import { hurryStep, nextStep } from "./hurry.ts";
import { openDemo } from "./running.ts";

const inBrowser = testWith({ chromium: chromiumPath });

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

const title = (page: Page) => page.locator("#tour-title").textContent();
const tourKey = (page: Page, name: string) =>
  page.locator("#tour").getByRole("button", { name, exact: true });
const card = (page: Page, name: string) => page.locator("#ledger .cards li").filter({ hasText: name });

/** The steps of the month up to one, and nothing but what they say to do. */
async function hurryTo(page: Page, heading: string): Promise<void> {
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
  await hurryStep(page);
}

inBrowser("the month stands behind the day, whose end offers it; a reload stays in it", async () => {
  const { page } = opened;
  await tourKey(page, "Step by step").click();
  expect(await tourKey(page, "A month passes").count()).toBe(0);
  await tourKey(page, "Step 6 of 6").click();
  await nextStep(page);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
  expect(await violations(page)).toEqual([]);
  await tourKey(page, "A month passes").click();
  expect(await title(page)).toBe("What a month brings");
  await page.setViewportSize({ width: look.width, height: look.height });
  await page.reload();
  await page.getByRole("heading", { name: "What a month brings" }).waitFor();
  await tourKey(page, "Live the month").waitFor();
  await tourKey(page, "Step by step").click();
});

inBrowser(
  "the owner's choice is told to them with what ends when, and clients hear nothing of it",
  async () => {
    const { page } = opened;
    await hurryTo(page, "The owner chooses");
    await botSays(page, /Срок\sбаллов:\s30\sдней.*232\sбалла/s, "#owner").waitFor();
    await botSays(page, /от\s50\s000\s₽\s3\s%.*пригласившему\s300/s, "#owner").waitFor();
    expect(await page.locator("#anna .message.bot").count()).toBe(0);
  },
);

inBrowser("a payment that reaches the sum is told as a level, earned by the old percent", async () => {
  const { page } = opened;
  await nextStep(page);
  await hurryTo(page, "Anna reaches a level");
  await row(page, /\+300.*Award: 30,000\s₽ paid/s).waitFor();
  await botSays(page, /A\snew\slevel!.*3\s?%.*instead\sof\s1\s?%/s).waitFor();
  await botSays(page, /Level\s2\sof\s2.*520\spoints\suntil/s).waitFor();
});

inBrowser("a friend of the till's word makes both gifts once her first visit is three days old", async () => {
  const { page } = opened;
  await nextStep(page);
  await hurryTo(page, "A friend comes");
  await botSays(page, /Invite\sa\sfriend.*start=f_/s).waitFor();
  await row(page, /\+300.*Anna.*Gift for an invitation/s).waitFor();
  await row(page, /\+200.*Vera.*Gift for an invitation/s).waitFor();
  await page
    .locator("#head")
    .getByText(/^Today is .*, day 5$/)
    .waitFor();
});

inBrowser("a week before the end Anna is warned, once, of all that ends in the month", async () => {
  const { page } = opened;
  await nextStep(page);
  await hurryTo(page, "Points end soon");
  await botSays(page, /Points\sof\syours\sexpire\ssoon.*520\spoints.*300\spoints/s).waitFor();
  await quiet(page);
  await Bun.sleep(2_500); // longer than from one round to the next
  expect(await botSays(page, /expire\ssoon/).count()).toBe(1);
});

inBrowser("what has had its time is gone, the gift stays", async () => {
  const { page } = opened;
  await nextStep(page);
  await hurryTo(page, "Points have ended");
  await row(page, /−300.*Anna · Bridal look.*Expired: the points of row\s3/s).waitFor();
  await row(page, /−220.*Anna.*Expired/s).waitFor();
  await botSays(page, /card\s…4567.*Expired:\stheir\stime\swas\sover/s).waitFor();
  expect(await card(page, "Anna").locator("b").textContent()).toBe("300");
});

inBrowser("a refund after that takes nothing twice, and all sums hold", async () => {
  const { page } = opened;
  await nextStep(page);
  await hurryTo(page, "A refund after the end");
  await botSays(page, /expired\spoints\sreturned:\s300.*refunded/is).waitFor();
  await row(page, /\+300.*Anna.*Expired points returned: row/s).waitFor();
  await row(page, /−300.*Anna · Bridal look.*payment was refunded/s).waitFor();
  expect(await card(page, "Anna").locator("b").textContent()).toBe("300");
  // What comes next is earned by the level: a refund lowers nobody at once.
  await visit(page, /Haircut.*3,500/);
  await action(page, "Pay");
  await row(page, /\+105.*Award: 3,500\s₽ paid, 3\s%/s).waitFor();
  await page.getByText("All sums hold", { exact: true }).waitFor();
});

inBrowser(
  "Anna's statement is proved by a page of the program's, and what is owed sums to the ledger",
  async () => {
    const { page, errors } = opened;
    await nextStep(page);
    await hurryTo(page, "Papers for both sides");
    await botSays(page, /Statement\sof\scard\s…4567.*Went.*At\sthe\send:\s405\spoints/s).waitFor();
    const root = /Число дня для проверки выписок: ([0-9a-f]{64})/;
    const numbers = await page.locator("#owner .message.bot").filter({ hasText: root }).allTextContents();
    expect(numbers.length).toBeGreaterThan(0);
    const check = page.locator("#anna").getByRole("link", { name: "Check the proof" }).last();
    const proofs = await browser.newPage({ locale: look.locale });
    await proofs.goto((await check.getAttribute("href")) ?? "");
    const file = page.locator("#anna a.file").filter({ hasText: ".html" }).last();
    const paper = await (await fetch(new URL((await file.getAttribute("href")) ?? "", demo.address))).text();
    await proofs.locator("#text").fill(paper);
    const found = proofs.locator("#found");
    await found.getByText(/It fits: as the day .* was closed/).waitFor();
    await found.getByText("The salon publishes the same number for this day.").waitFor();
    const shown = /The number of the day: ([0-9a-f]{64})/.exec((await found.textContent()) ?? "")?.[1];
    expect(numbers.map((text) => root.exec(text)?.[1])).toContain(shown);
    const owed = page.locator("#ledger details.owed");
    await owed.locator("summary").click();
    await owed.getByText(/Points on clients' cards.*The ledger of points sums to/s).waitFor();
    await nextStep(page);
    await page.getByRole("heading", { name: "That is the month" }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  },
);

inBrowser("no leap goes beyond a year, none goes back, and the page says why", async () => {
  const leap = (days: unknown) =>
    fetch(`${demo.address}do`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ do: "leap", days }),
    });
  for (const days of [-1, 0, 1.5, 32, "7"]) expect((await leap(days)).status).toBe(400);
  let last = await leap(31);
  for (let more = 0; more < 12 && last.ok; more++) last = await leap(31);
  expect(await last.json()).toEqual({ fault: "No more than a year passes in the demo." });
});
