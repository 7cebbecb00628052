// The README's picture of the demo: how the page comes to it, and what the page says then.
import { join } from "node:path";
import { type Browser, openPage, type Page } from "./chromium.ts";
import { row } from "./hands.ts";
import { hurryStep, nextStep } from "./hurry.ts";

const root = join(import.meta.dir, "../..");
export const picture = join(root, ".github/demo.webp");
/** What the page said when the picture was made, and how it was styled. */
export const pictured = join(root, ".github/demo.txt");

/** Plays the tour to its fourth step's end; the client has her card open. */
export async function openPicture(browser: Browser, address: string): Promise<Page> {
  const look = { width: 1440, height: 860, scheme: "light", locale: "en-GB" } as const;
  const { page } = await openPage(browser, address, look);
  await page.getByRole("button", { name: "Step by step" }).click();
  for (let step = 1; step <= 4; step++) {
    await hurryStep(page);
    if (step < 4) await nextStep(page);
  }
  await row(page, /\+32\.8.*told ✓/s).waitFor();
  // The card's picture stands under what came before it.
  await page.locator("#anna .keyboard").getByRole("button", { name: "Card" }).click();
  await page.getByRole("img", { name: "A picture from the bot" }).waitFor();
  await page.getByText(/^Nothing waits/).waitFor();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1_000);
  return page;
}

const months =
  "янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";

/** Every word that the page says, days, hours and the seal aside, and a mark of its styles. Pictures in it are not read. */
export async function wordsOf(page: Page): Promise<string> {
  const text = await page.evaluate<string>("document.body.innerText");
  const style = await (await page.request.get(new URL("/style.css", page.url()).href)).text();
  const said = text
    .replace(/\b\d\d:\d\d\b/g, "00:00")
    .replace(new RegExp(`\\b\\d{1,2}[ \\u00a0](${months})[a-zа-я]*([ \\u00a0]\\d{4})?`, "gi"), "1 January")
    .replace(/\b[0-9a-f]{8}\b/g, "00000000")
    .replaceAll("\u00a0", " ");
  const lines = said.split("\n").map((line) => line.trim());
  return `${lines.filter(Boolean).join("\n")}\nstyles ${new Bun.CryptoHasher("sha256").update(style).digest("hex").slice(0, 12)}\n`;
}
