// What a person does on the demo's page, and where they look.
import type { Page } from "./chromium.ts";

export const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
export const fault = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
export const botSays = (page: Page, words: RegExp, chat = "#anna") =>
  page.locator(`${chat} .message.bot`).filter({ hasText: words });
export const row = (page: Page, words: RegExp) => page.locator("#ledger .row").filter({ hasText: words });
export const quiet = (page: Page) => page.getByText(/^(Ничего не ждёт|Nothing waits)/).waitFor();
export const write = async (page: Page, chat: string, text: string) => {
  await page.locator(`${chat} .say`).fill(text);
  await page.locator(`${chat} .say`).press("Enter");
};
/** Opens a visit of the journal, unless it is open. */
export const visit = async (page: Page, words: RegExp) => {
  const head = page.locator("#journal .visit").filter({ hasText: words });
  if ((await head.getAttribute("aria-expanded")) === "false") await head.click();
};
export const deed = (page: Page, name: string) =>
  page.locator("#journal").getByRole("button", { name, exact: true }).click();
export const enterSum = async (page: Page, roubles?: string) => {
  const field = page.locator("#journal .sum input");
  if (roubles !== undefined) await field.fill(roubles);
  await field.press("Enter");
};
