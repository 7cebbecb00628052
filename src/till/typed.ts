// Sums that are typed for a screen of the till, and closing what waits.

import type { Account } from "../rules/account.ts";
import type { Points } from "../rules/money.ts";
import { refusedReason } from "../rules/reason.ts";
import { type Bound, stepOf } from "../rules/spending.ts";
import { type DayLimit, dayLimitOf, mostFor } from "./limits.ts";
import { type Draft, type Screen, saveScreen, screenOfTyped, screensAt } from "./screens.store.ts";
import { draftOfCard, type Till, untilOf } from "./screens.ts";
import { ruleOf, stepsWhere } from "./steps.rule.ts";
import { readEntry, readSum } from "./till.rule.ts";
import { balanceAtTill } from "./till.store.ts";

/**
 * The screen of this chat that waits to be told a sum. A reply to anything else is meant for no screen: a sum must not
 * land on another client's.
 */
export async function waitingScreen(
  till: Till,
  account: Account,
  repliedTo: number | null,
): Promise<Screen | null> {
  const asking = stepsWhere((step) => step.asks === true);
  const [waiting] = await screensAt(till.db, { bot: till.bot, account }, asking, till.now);
  return waiting && (repliedTo ?? waiting.message) === waiting.message ? waiting : null;
}

/** The screen that this message has filled in before, unless it was closed since. */
export async function screenTypedBy(till: Till, account: Account, message: number): Promise<Screen | null> {
  const screen = await screenOfTyped(till.db, { bot: till.bot, account }, message, till.now);
  return screen?.step === "closed" ? null : screen;
}

/** `max` is how many points can pay the bill, and `bound` why; `over_day`: more than is left of the admin's. `acted`: it has had its effect. */
export type Typed =
  | { kind: "screen"; screen: Screen }
  | { kind: "acted"; screen: Screen }
  | { kind: "not_a_sum" | "not_whole" | "gone" }
  | { kind: "too_much"; max: Points; bound: Bound }
  | { kind: "over_day"; day: DayLimit }
  | { kind: "bad_reason"; why: "phone" | "long" };

/** A typed sum for the screen that waits for one. */
export async function typeSum(till: Till, screen: Screen, message: number, text: string): Promise<Typed> {
  const typed = await draftOfTyped(till, screen, text);
  if ("kind" in typed) return typed;
  const saved = await saveScreen(till.db, { ...screen, ...typed, typed: message }, untilOf(till));
  return saved ? { kind: "screen", screen: saved } : { kind: "gone" };
}

/** The sum of an edited message, while its screen still shows it. */
export async function typeAnew(till: Till, screen: Screen, message: number, text: string): Promise<Typed> {
  if (screen.row !== null) return { kind: "acted", screen };
  return ruleOf(screen.step).asks ? { kind: "gone" } : typeSum(till, screen, message, text);
}

async function draftOfTyped(
  till: Till,
  screen: Screen,
  text: string,
): Promise<Partial<Draft> | Exclude<Typed, { screen: Screen }>> {
  const { account, card, bill, company, record } = screen;
  const balance = card === null ? null : await balanceAtTill(till.db, card);
  const means = ruleOf(screen.step).typed;
  if (card === null || balance === null || means === undefined) return { kind: "gone" };
  if (means === "bill") {
    const entry = readEntry(text);
    // Four digits alone are a bill here; where nobody waits for one they find a client.
    const digits = entry.kind === "digits" && entry.bill === null ? Number(entry.digits) * 100 : null;
    const written = entry.kind === "number" ? entry.value : digits;
    if (written === null) return { kind: "not_a_sum" };
    return (
      (await draftOfCard(till, { account, card, company, record, bill: written || null })) ?? { kind: "gone" }
    );
  }
  const sum = readSum(text);
  if (!sum) return { kind: "not_a_sum" };
  if (screen.action === "spend") {
    if (sum.points % stepOf(till.rules) !== 0) return { kind: "not_whole" };
    const { points: max, bound } = await mostFor(till, { ...screen, card, bill: bill ?? 0, balance });
    if (sum.points > max) return { kind: "too_much", max, bound };
    return { step: "confirm", action: "spend", points: sum.points, reason: null };
  }
  const why = refusedReason(sum.reason ?? "");
  if (why) return { kind: "bad_reason", why };
  const day = await dayLimitOf(till, account);
  if (day !== null && sum.points > day.left) return { kind: "over_day", day };
  return { step: "confirm", action: screen.action === "debit" ? "debit" : "credit", ...sum };
}

/** `/cancel`: closes what waits for a sum or a confirming tap. Returns the screens closed, to be shown again. */
export async function closeWaiting(till: Till, account: Account): Promise<Screen[]> {
  const steps = stepsWhere((step) => step.buttons.flat().includes("back"));
  const waiting = await screensAt(till.db, { bot: till.bot, account }, steps, till.now);
  const closed = await Promise.all(
    waiting.map((one) => saveScreen(till.db, { ...one, step: "closed" }, untilOf(till))),
  );
  return closed.filter((one) => one !== null);
}
