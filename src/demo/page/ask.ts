// Asks the demo's server for actions, one after another.

import type { PageAction } from "./protocol.ts";

let last: Promise<unknown> = Promise.resolve();

/**
 * Resolves when it was taken. Requests may overtake each other on their way, so each waits for the one before: a price that
 * is lowered and then paid is not paid first. What could not be done changes nothing, and the page goes on showing what is.
 */
export function ask(action: PageAction): Promise<void> {
  const sent = last.then(async () => {
    const headers = { "content-type": "application/json" };
    await fetch("/do", { method: "POST", headers, body: JSON.stringify(action) }).catch(() => {});
  });
  last = sent;
  return sent;
}
