// The demo on a phone, in English: its tour from part to part, and a pause of a minute that YCLIENTS asks for.
import { afterAll, beforeAll, expect } from "bun:test";
import { everything, testWith } from "../helpers/installed.ts";
import { violations } from "./accessible.ts";
import { type Browser, chromiumPath, launch, openPage } from "./chromium.ts";
import { action, fault, row, visit } from "./hands.ts";
import { hurryStep, nextStep } from "./hurry.ts";
import { openDemo } from "./running.ts";

const needed = { "LOYALTY_TEST_ALL=1": everything ? "" : null, chromium: chromiumPath };
const missing = Object.values(needed).includes(null);
const inBrowser = testWith(needed);

type Opened = Awaited<ReturnType<typeof openPage>>;
let browser: Browser;
const demos: Awaited<ReturnType<typeof openDemo>>[] = [];
let toured: Opened;
/** One whose YCLIENTS holds it up for a minute: the tour goes on meanwhile. */
let held: Opened;

beforeAll(async () => {
  if (missing) return;
  browser = await launch();
  demos.push(...(await Promise.all([openDemo(), openDemo()])));
  const [one, other] = demos.map((demo) => demo.address);
  const phone = { width: 360, height: 740, locale: "en-GB" } as const;
  toured = await openPage(browser, one ?? "", { ...phone, scheme: "dark" });
  held = await openPage(browser, other ?? "", { ...phone, scheme: "light" });
});

afterAll(async () => {
  await browser?.close();
  expect(await Promise.all(demos.map((demo) => demo.end()))).toEqual(demos.map(() => 0));
});

inBrowser("while YCLIENTS answers 429 a payment waits, and the page says until when", async () => {
  const { page } = held;
  await page.getByRole("button", { name: "Faults" }).click();
  await fault(page, "YCLIENTS asks to wait");
  await page.getByText(/YCLIENTS asked for a pause/).waitFor();
  await page.getByRole("button", { name: "Journal" }).click();
  await visit(page, /Ilya/);
  await action(page, "Pay");
  await page.getByText(/^Journal: 1\svisit to be read/).waitFor();
  await page.getByRole("button", { name: "Faults" }).click();
  await fault(page, "YCLIENTS asks to wait");
});

inBrowser(
  "on a phone the tour can be hurried through to its end, part by part, and every part is accessible",
  async () => {
    const { page, errors } = toured;
    await page.getByRole("button", { name: "Step by step" }).click();
    for (let step = 1; step <= 6; step++) {
      await page
        .locator("#tour .dot[aria-current=step]")
        .filter({ hasText: String(step) })
        .waitFor();
      await hurryStep(page);
      await nextStep(page);
    }
    await page.getByText("That is the day").waitFor();
    for (const tab of ["Journal", "Anna", "Till", "Ledger", "Faults"]) {
      await page.getByRole("navigation").getByRole("button", { name: tab }).click();
      for (const scheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: scheme });
        expect({ tab, scheme, found: await violations(page) }).toEqual({ tab, scheme, found: [] });
      }
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    }
    expect(errors).toEqual([]);
  },
);

inBrowser("after the minute that YCLIENTS asked for, the payment of before is awarded once", async () => {
  const { page, errors } = held;
  await page.getByText(/^Nothing waits/).waitFor({ timeout: 110_000 });
  await page.getByRole("button", { name: "Ledger" }).click();
  await row(page, /\+18.*Ilya/s).waitFor();
  expect(await row(page, /\+18.*Ilya/s).count()).toBe(1);
  expect(errors).toEqual([]);
});
