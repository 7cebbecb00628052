// What waits because of a fault, in words, or that nothing does.

import { h } from "./dom.ts";
import { clock, words } from "./language.ts";
import type { Shows } from "./protocol.ts";

/** Whether everything that happened was read, taken and told, and the program lives. */
export function isQuiet({ ledger, world }: Shows): boolean {
  return ledger.unread + ledger.untold + world.undelivered === 0 && world.program === "running";
}

/** Written only when it changed, so that a screen reader says it once. */
export function drawWaits(place: HTMLElement, shows: Shows): void {
  const t = words();
  const { ledger, world } = shows;
  const parts = [
    ledger.unread > 0 && t.unreadCount(ledger.unread),
    world.undelivered > 0 && t.undelivered(world.undelivered),
    ledger.untold > 0 && t.untoldCount(ledger.untold),
    ledger.heldUntil !== null && t.heldUntil(clock(ledger.heldUntil + 59_999)),
  ].filter((one) => one !== false);
  const quiet = parts.length === 0;
  const lines = quiet ? [t.nothingWaits] : parts;
  const sum = lines.join("|");
  if (place.dataset.sum === sum) return;
  place.dataset.sum = sum;
  place.classList.toggle("some", !quiet);
  place.replaceChildren(
    ...lines.map((line) => h("span", {}, line)),
    ...(quiet ? [] : [h("em", {}, t.nothingLost)]),
  );
}
