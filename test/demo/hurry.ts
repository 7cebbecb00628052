// Hurries through the demo's tour, in English, as a person does who presses "Do it for me" all along.
import type { Page } from "./chromium.ts";

/** Does what is left of the step that is open. Throws when it is not done within half a minute. */
export async function hurryStep(page: Page): Promise<void> {
  const now = page.locator("#tour .items .now");
  const doIt = page.getByRole("button", { name: "Do it for me" });
  for (const end = Date.now() + 30_000; (await now.count()) > 0; ) {
    if (Date.now() > end) throw new Error(`the tour hangs at: ${await now.textContent()}`);
    const label = (await now.textContent()) ?? "";
    // An item that takes two deeds (a visit is booked, then paid) is hurried again.
    if (await doIt.isEnabled()) await doIt.click();
    const left = now.filter({ hasText: label }).waitFor({ state: "detached", timeout: 2_000 });
    await left.catch(() => {});
  }
}

/** Opens the next step. */
export function nextStep(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Next", exact: true }).click();
}
