// What the till says, in Russian: the admins' chats have one language. What is handed in is escaped here.

import type { Kopecks, Points } from "../rules/money.ts";
import { lastDigits, spacedPhone } from "../rules/phone.ts";
import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "./html.ts";
import { ruWords as w } from "./words.ts";

/** A client at the till. */
export interface TillClient {
  phone: string | null;
  name: string | null;
  linked: boolean;
  blocked: boolean;
  historyClosed: boolean;
  people: string[];
  balance: Points;
  lastVisit: string | null;
}

/** A change that was made: by whom and when, and who took it back. */
export interface Done {
  action: string | null;
  points: Points;
  bill: Kopecks | null;
  reason: string | null;
  at: string;
  by: string;
  confirmedBy: string | null;
  undoneBy: string | null;
  undoneAt: string | null;
}

/** `HH:MM` of an instant by the branch's clock. */
export function clock(at: Date, timeZone: string): string {
  return wallTime(at, timeZone).slice(11, 16);
}

const NO_NAME = "Без имени";
const nameOf = (client: TillClient) => escaped(client.name ?? NO_NAME);
const digitsOf = (client: TillClient) =>
  client.phone ? `…${escaped(lastDigits(client.phone))}` : "без телефона";

/** Who it is, in one line. */
export function clientLine(client: TillClient, year: number): string {
  const visit = client.lastVisit ? ` · последний визит ${w.day(client.lastVisit, year)}` : "";
  const telegram = client.linked ? ` · Telegram ${client.blocked ? "заблокирован" : "✓"}` : "";
  return `<b>${nameOf(client)}</b> ${digitsOf(client)}${telegram} · ${w.points(client.balance)}${visit}`;
}

/** What else must be known of the client before points move. */
function clientNotes(client: TillClient, botLink: string): string[] {
  const family = client.people.length > 1 ? [`На карте: ${escaped(client.people.join(", "))}.`] : [];
  const silent = client.linked
    ? []
    : [`Telegram не привязан, клиент не увидит изменений. Ссылка на бота: ${botLink}`];
  const closed = client.historyClosed
    ? ["Номер теперь у другого аккаунта Telegram, прежнюю историю он не видит. Узнали клиента — откройте её."]
    : [];
  return [...family, ...silent, ...closed];
}

/** The client, with what points can pay of the bill where there is one. `points` is what the button spends. */
export function cardText(
  client: TillClient,
  of: {
    bill: Kopecks | null;
    points: Points | null;
    maxPercent: number;
    year: number;
    botLink: string;
    recent: { change: string; by: string; at: string } | null;
  },
): string {
  const lines = [clientLine(client, of.year), ...clientNotes(client, of.botLink)];
  lines.push(billLine(client, of));
  if (of.recent) lines.push(`Только что: ${of.recent.change}, ${escaped(of.recent.by)}, ${of.recent.at}.`);
  return lines.join("\n");
}

function billLine(
  { balance }: TillClient,
  { bill, points, maxPercent }: { bill: Kopecks | null; points: Points | null; maxPercent: number },
): string {
  const toPay = bill === null ? "" : ` К оплате ${bold(w.money(bill - (points ?? 0)))}.`;
  if (balance < 0) return `${w.points(balance)}: списать нельзя.${toPay}`;
  if (bill === null)
    return balance < 100 ? "Списать пока нечего." : "Чтобы списать, нажмите «Списать» и введите счёт.";
  if (points === null) return `Счёт ${w.money(bill)}. Списать нечего.${toPay}`;
  const limit = maxPercent < 100 ? ` (не больше ${w.percent(maxPercent * 100)} счёта)` : "";
  return `Счёт ${w.money(bill)}. Баллами ${w.amount(points)}${limit} → к оплате ${bold(w.money(bill - points))}`;
}

/** The question for a sum that is to be typed. */
export function askText(client: TillClient, step: string, max: Points, year: number): string {
  const ask =
    step === "ask_bill"
      ? "Введите сумму счёта, например 3500."
      : step === "ask_sum"
        ? `Сколько баллов списать? Целое число, не больше ${w.amount(max)}.`
        : "Сколько баллов начислить и за что? Например: 100 за ожидание.";
  return `${clientLine(client, year)}\n${ask}`;
}

/** The second screen: what the balance will be, and the reason that stays for ever. */
export function confirmText(
  client: TillClient,
  change: { action: string; points: Points; bill: Kopecks | null; reason: string | null },
  botLink: string,
): string {
  const { action, points, bill, reason } = change;
  const plus = action === "credit";
  const after = client.balance + (plus ? points : -points);
  const sum = `${w.amount(client.balance)} ${bold(`${plus ? "+" : "−"} ${w.amount(points)}`)} = ${w.amount(after)}`;
  const lines = [
    `<b>${nameOf(client)}</b> ${digitsOf(client)}: ${after < 0 && !plus ? `на карте ${w.points(client.balance)}, снять ${w.amount(points)} нельзя` : sum}.`,
    ...clientNotes(client, botLink),
  ];
  if (bill !== null && action === "spend")
    lines.push(`Счёт ${w.money(bill)} → к оплате ${bold(w.money(bill - points))}.`);
  if (action !== "spend")
    lines.push(
      reason
        ? `Причина: ${escaped(reason)} (останется навсегда).`
        : "Без причины. Её можно дописать за суммой.",
    );
  return lines.join("\n");
}

/** What was done, in a few words: `списано 340`. */
export function changeWords(action: string | null, points: Points): string {
  const verb = action === "credit" ? "начислено" : action === "debit" ? "снято" : "списано";
  return `${verb} ${w.amount(points)}`;
}

/** The result, and the price that must be set in YCLIENTS. */
export function doneText(client: TillClient, done: Done, botLink: string): string {
  const { action, points, bill, reason } = done;
  const rest = bill !== null && action === "spend" ? bold(`Примите ${w.money(bill - points)}.`) : "";
  const lines = [`✅ ${capital(changeWords(action, points))}. ${rest}`.trim()];
  if (bill !== null && action === "spend")
    lines.push(
      `В YCLIENTS: сделайте сумму визита ${w.money(bill - points)}, иначе баллы за визит не начислятся.`,
    );
  if (reason) lines.push(`Причина: ${escaped(reason)}.`);
  const agreed = done.confirmedBy ? ` Подтверждение: ${escaped(done.confirmedBy)}.` : "";
  lines.push(
    `${nameOf(client)} ${digitsOf(client)}: на карте ${w.amount(client.balance)}. ${escaped(done.by)}, ${done.at}.${agreed}`,
  );
  if (!client.linked) lines.push(`Telegram не привязан: скажите клиенту сами. Ссылка на бота: ${botLink}`);
  return lines.join("\n");
}

/** The result of taking it back; both names stay. */
export function undoneText(client: TillClient, done: Done): string {
  const { action, points, bill } = done;
  const what =
    action === "credit"
      ? `Снято ${w.points(points)}, на карте ${w.amount(client.balance)}.`
      : `${capital(w.points(points))} ${w.pointsWord(points) === "балл" ? "вернулся" : "вернулись"} на карту: ${nameOf(client)} ${digitsOf(client)}, ${w.amount(client.balance)}.`;
  const again = bill !== null && action === "spend" ? ` Счёт снова ${w.money(bill)}.` : "";
  const made = `${capital(changeWords(action, points))}: ${escaped(done.by)}, ${done.at}.`;
  return `↩️ Отменено. ${what}${again}\n${made} Отмена: ${escaped(done.undoneBy ?? "")}, ${done.undoneAt ?? ""}.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Several cards end with these digits. */
export function chooseText(digits: string, more: boolean): string {
  return `С …${escaped(digits)} несколько клиентов. Кто на кассе?${more ? " Нет в списке — напишите телефон целиком." : ""}`;
}

/** The label of one of them. */
export function matchLabel(client: TillClient): string {
  return `${client.name ?? NO_NAME} · ${client.phone ? spacedPhone(client.phone) : ""} · ${w.amount(client.balance)}`;
}

/** A large change waits for an owner. */
export function waitsText(client: TillClient, action: string, points: Points): string {
  return `Ждём подтверждения владельца: ${operation(action)} ${w.points(points)}, ${nameOf(client)} ${digitsOf(client)}. Пока ничего не изменилось.`;
}

/** The question to the owners. */
export function ownerText(
  client: TillClient,
  of: { by: string; action: string; points: Points; bill: Kopecks | null; reason: string | null },
): string {
  const bill = of.bill !== null && of.action === "spend" ? ` Счёт ${w.money(of.bill)}.` : "";
  const reason = of.reason ? ` Причина: ${escaped(of.reason)}.` : "";
  return `${escaped(of.by)} просит подтвердить: ${operation(of.action)} ${bold(w.points(of.points))}, ${nameOf(client)} ${digitsOf(client)}, на карте ${w.amount(client.balance)}.${bill}${reason}`;
}

function operation(action: string): string {
  return action === "credit" ? "начислить" : action === "debit" ? "снять" : "списать";
}
