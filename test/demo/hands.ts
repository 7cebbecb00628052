// What a person does on the demo's page, and where they look.
import type { Page } from "./chromium.ts";

/** A part of the page by its title. */
export const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
/** Switches a fault on or off, or kills the program. */
export const fault = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
/** The bot's messages with these words, in Anna's chat or another. */
export const botSays = (page: Page, words: RegExp, chat = "#anna") =>
  page.locator(`${chat} .message.bot`).filter({ hasText: words });
/** The ledger's rows with these words. */
export const row = (page: Page, words: RegExp) => page.locator("#ledger .row").filter({ hasText: words });
/** Waits until nothing waits any more. */
export const quiet = (page: Page) => page.getByText(/^(Ничего не ждёт|Nothing waits)/).waitFor();
/** Writes to the bot. */
export const write = async (page: Page, chat: string, text: string) => {
  await page.locator(`${chat} .say`).fill(text);
  await page.locator(`${chat} .say`).press("Enter");
};
/** Opens a visit of the journal, unless it is open. */
export const visit = async (page: Page, words: RegExp) => {
  const head = page.locator("#journal .visit").filter({ hasText: words });
  if ((await head.getAttribute("aria-expanded")) === "false") await head.click();
};
/** Presses a button of the visit that is open. */
export const action = (page: Page, name: string) =>
  page.locator("#journal").getByRole("button", { name, exact: true }).click();
/** Sends the sum that is asked for, as it stands there or another. */
export const enterSum = async (page: Page, roubles?: string) => {
  const field = page.locator("#journal .sum input");
  if (roubles !== undefined) await field.fill(roubles);
  await field.press("Enter");
};
