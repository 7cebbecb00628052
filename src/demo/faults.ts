// The faults a person may switch on in the demo: what each of them does to the stand-ins.

import type { Max } from "../standins/max/server.ts";
import type { Telegram } from "../standins/telegram/server.ts";
import type { YclientsStandIn } from "../standins/yclients/server.ts";

/** A fault that stands until it is switched off. */
export const faultNames = [
  "telegramDown",
  "telegram429",
  "yclientsDown",
  "yclients429",
  "yclientsDies",
  "twice",
] as const;
type FaultName = (typeof faultNames)[number];

/** Seconds that Telegram asks to wait. */
const retryAfter = 3;

/** Where the stand-in YCLIENTS posts the journal's changes; `hookUrl` is the program's own route. */
export function createFaults(telegram: Telegram, max: Max, yclients: YclientsStandIn, hookUrl: string) {
  const on = new Set<FaultName>();
  apply();

  function apply(): void {
    telegram.faults.clear();
    yclients.faults.clear();
    if (on.has("telegramDown")) telegram.faults.always({ method: /./, cut: true });
    if (on.has("telegram429")) telegram.faults.always({ method: /./, status: 429, retryAfter });
    if (on.has("yclientsDown")) yclients.faults.always({ cut: true });
    if (on.has("yclients429")) yclients.faults.always({ status: 429 });
    if (on.has("yclientsDies")) yclients.faults.next({ path: /apply_card_withdrawal/, lateMs: 0, met: die });
    // Who is down posts nothing either.
    telegram.webhook.paused = on.has("telegramDown");
    telegram.webhook.deliverTwice = on.has("twice");
    max.webhook.deliverTwice = on.has("twice");
    yclients.webhook(on.has("yclientsDown") ? null : hookUrl, { times: on.has("twice") ? 2 : 1 });
  }

  /** The withdrawal is done, its answer never comes, and from then on nothing is answered. */
  function die(): void {
    on.delete("yclientsDies");
    on.add("yclientsDown");
    apply();
  }

  return {
    on: (name: FaultName): boolean => on.has(name),
    set(name: FaultName, wanted: boolean): void {
      if (wanted) on.add(name);
      else on.delete(name);
      apply();
    },
  };
}

export type DemoFaults = ReturnType<typeof createFaults>;
