// What the till says of large sums, in Russian: the wait for an owner, the question, the answer. Escaped here.

import type { Kopecks, Points } from "../rules/money.ts";
import { inSteps, type SpendRules, stepOf } from "../rules/spending.ts";
import { bold, escaped } from "../texts/html.ts";
import { clientWords, digitsBeside } from "../texts/person.ts";
import { capital, ruWords as w } from "../texts/words.ts";
import { agreeing } from "./limits.texts.ts";
import { type TillClient, verbsOf } from "./screen.texts.ts";
import { type NamedVisit, visitLine, visitWords } from "./settled.texts.ts";

/** A large change: of whose card, for a move to whose, and which visit's bill in the journal it lowers, if one's. */
export interface Large {
  client: TillClient;
  to: TillClient | null;
  action: string;
  points: Points;
  visit: NamedVisit | null;
}

/** A large change waits for an owner. `askAbove` is up to what no owner is asked: the way out for a client who waits. */
export function waitsText(
  of: Large & { askAbove: Points | null; byOwner: boolean; rules: SpendRules },
): string {
  const wait = `Ждём подтверждения ${agreeing(of.byOwner)}: ${largeWords(of)}. Пока ничего не изменилось.`;
  const most = of.askAbove === null ? 0 : inSteps(of.askAbove, stepOf(of.rules));
  if (of.action !== "spend" || most === 0) return wait;
  return `${wait}\nКлиент ждёт? До ${w.points(most)} можно списать без подтверждения: нажмите «Не надо», потом «Другая сумма».`;
}

/** A change that an owner is asked about; `by` is who wants it, an owner or not. */
export interface Waiting {
  action: string | null;
  points: Points;
  by: string;
  byOwner: boolean;
}

/** The same on a card that somebody else opens. */
export function waitingLine({ action, points, by, byOwner }: Waiting): string {
  return `⏳ Ждёт подтверждения ${agreeing(byOwner)}: ${verbsOf(action).make} ${w.points(points)} (${escaped(by)}).`;
}

/** The question to the owners. */
export function ownerText(of: Large & { by: string; bill: Kopecks | null; reason: string | null }): string {
  const bill = of.bill !== null && of.action === "spend" ? ` Счёт ${w.money(of.bill)}.` : "";
  const reason = of.reason ? ` Причина: ${escaped(of.reason)}.` : "";
  const visit = of.visit === null ? "" : ` ${visitLine(of.visit, of.points)}`;
  return `${escaped(capital(of.by))} просит подтвердить: ${verbsOf(of.action).make} ${bold(w.points(of.points))}, ${cardsOf(of)}, на карте ${w.amount(of.client.balance)}.${bill}${visit}${reason}`;
}

/** An owner's no, to the admin who asked. */
export function refusedText(of: Large, by: string): string {
  return `❌ Отклонено (${escaped(by)}): ${largeWords(of)}. Ничего не изменилось.`;
}

/** An owner's yes. */
export function decidedText(of: Large, by: string): string {
  return `Подтверждено (${escaped(by)}): ${largeWords(of)}.`;
}

/** The same in place of the wait; what came of it is another message. */
export function agreedText(of: Large, by: string): string {
  return [decidedText(of, by), "Что вышло — ниже."].join(" ");
}

function largeWords(of: Large): string {
  const visit = of.visit === null ? "" : `, ${visitWords(of.visit)}`;
  return `${verbsOf(of.action).make} ${w.points(of.points)}, ${cardsOf(of)}${visit}`;
}

function cardsOf({ client, to }: Large): string {
  if (to === null) return clientWords(client);
  const from = clientWords(client, digitsBeside(client.phone, to.phone));
  return `${from} → ${clientWords(to, digitsBeside(to.phone, client.phone))}`;
}
