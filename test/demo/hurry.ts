// Hurries through the demo's tour, in English, as a person does who presses "Do it for me" all along.
import type { Page } from "./chromium.ts";

/** Does what is left of the step that is open. Throws when it is not done within half a minute. */
export async function hurryStep(page: Page): Promise<void> {
  const now = page.locator("#tour .items .now");
  const doIt = page.getByRole("button", { name: "Do it for me" });
  // The step may be done between any two of these: what is looked for may have gone.
  const soon = { timeout: 500 };
  for (const end = Date.now() + 30_000; ; ) {
    const [label] = await now.allTextContents();
    if (label === undefined) return;
    if (Date.now() > end) throw new Error(`the tour hangs at: ${label}`);
    // An item that takes two actions (a visit is booked, then paid) is hurried again.
    if (await doIt.isEnabled(soon).catch(() => false)) await doIt.click(soon).catch(() => {});
    const left = now.filter({ hasText: label }).waitFor({ state: "detached", timeout: 2_000 });
    await left.catch(() => {});
  }
}

/** Opens the next step. */
export function nextStep(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Next", exact: true }).click();
}
