// What waits because of a fault, in words, or that nothing does.

import { h } from "./dom.ts";
import { clock, words } from "./language.ts";
import type { Ledger, Shows, Visit } from "./protocol.ts";

/** Whether the program has read the visit as it stands in the journal now. */
export function isRead(visit: Visit, { read }: Ledger): boolean {
  const known = read[visit.id];
  if (!known) return false;
  return (
    known.deleted === visit.deleted &&
    known.paidFull === visit.paidFull &&
    known.attendance === visit.attendance &&
    known.price === visit.price &&
    (known.paid === null || known.paid === visit.paid)
  );
}

const unread = ({ journal, ledger }: Shows) => journal.filter((visit) => !isRead(visit, ledger)).length;

const undelivered = ({ undelivered, max }: Shows["world"]) => undelivered + (max?.undelivered ?? 0);

/** Whether everything that happened was read, taken and told, and the program lives. */
export function isQuiet(shows: Shows): boolean {
  const { ledger, world } = shows;
  return unread(shows) + ledger.untold + undelivered(world) === 0 && world.program === "running";
}

/** Written only when it changed, so that a screen reader says it once. */
export function drawWaits(place: HTMLElement, shows: Shows): void {
  const t = words();
  const { ledger, world } = shows;
  const parts = [
    unread(shows) > 0 && t.unreadCount(unread(shows)),
    world.undelivered > 0 && t.undelivered(world.undelivered),
    (world.max?.undelivered ?? 0) > 0 && t.max.undelivered(world.max?.undelivered ?? 0),
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
