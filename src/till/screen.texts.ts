// What a screen of the till says, in Russian: the client, the bill, what is asked and what was done. Escaped here.

import { type Kopecks, type Points, roublesFor } from "../rules/money.ts";
import { apart } from "../rules/name.ts";
import { spacedPhone } from "../rules/phone.ts";
import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { messengerOf } from "../texts/messenger.ts";
import { clientTitle, clientWords, nameOf } from "../texts/person.ts";
import { capital, NBSP, ruDone, ruReturned, ruWords as w } from "../texts/words.ts";
import { boundWords, limitLines, type ToldLimits } from "./limits.texts.ts";
import { type Bound, leftToPay } from "./till.rule.ts";
import type { TillCard } from "./till.store.ts";

/** A client at the till. */
export type TillClient = Omit<TillCard, "id" | "openedBy" | "openedAt">;

/** A change that was made: by whom and when, and who took it back. */
export interface Done {
  action: string | null;
  points: Points;
  bill: Kopecks | null;
  paid: Kopecks;
  reason: string | null;
  at: string;
  by: string;
  confirmedBy: string | null;
  undoneBy: string | null;
  undoneAt: string | null;
}

/** A change of the card made shortly before. */
export interface Recent {
  change: string;
  by: string;
  at: string;
}

/** `HH:MM` of an instant by the branch's clock. */
export function hourOf(at: Date, timeZone: string): string {
  return wallTime(at, timeZone).slice(11, 16);
}

/** What each change is called. */
const verbs: Record<string, { made: string; did: string; make: string }> = {
  spend: { made: "списано", did: "списали", make: "списать" },
  credit: { made: "начислено", did: "начислили", make: "начислить" },
  debit: { made: "снято", did: "сняли", make: "снять" },
  move: { made: "перенесено", did: "перенесли", make: "перенести" },
};

/** The words of a change: `made`, `did` and `make`. */
export function verbsOf(action: string | null) {
  return verbs[action ?? "spend"] ?? { made: "", did: "", make: "" };
}

/** Who it is, in one line. */
export function clientLine(client: TillClient, year: number): string {
  const visit = client.lastVisit ? ` · последний визит ${w.day(client.lastVisit, year)}` : "";
  const booking = client.booking ? ` · запись на ${w.day(client.booking, year)}` : "";
  const messengers = client.accounts.map(
    ({ account, blocked }) => ` · ${messengerOf(account)} ${blocked ? "заблокирован" : "✓"}`,
  );
  return `${clientTitle(client)}${messengers.join("")} · ${w.points(client.balance)}${visit}${booking}`;
}

/** A number that stands for whoever gave none may have hundreds of people, and a message holds 4096 characters. */
const maxPeople = 10;

function familyWords(people: string[]): string {
  const more = people.length - maxPeople;
  return `На карте: ${people.slice(0, maxPeople).map(escaped).join(", ")}${more > 0 ? ` и ещё ${more}` : ""}.`;
}

/** What else must be known of the client before points move; that nobody has the card is `said` once. */
function clientNotes(client: TillClient, said = false): string[] {
  const family = client.people.length > 1 ? [familyWords(client.people)] : [];
  const silent =
    client.accounts.length > 0 || said
      ? []
      : [
          `Telegram не${NBSP}привязан: покажите клиенту QR, и${NBSP}баллы будут у${NBSP}него в${NBSP}телефоне.`,
        ];
  const closed = client.closedSince
    ? ["Номер теперь у другого аккаунта Telegram, прежнюю историю он не видит. Узнали клиента — откройте её."]
    : [];
  return [...family, ...silent, ...closed];
}

/** Points spent on a bill of the same sum: by whom and when, and what was paid of it before. */
interface Spent {
  points: Points;
  paid: Kopecks;
  by: string;
  at: string;
}

/**
 * A bill at the till. `paid` is what was paid of it before, `points` what the button spends, `most` what points could pay and
 * why no more; `settled`: nothing is left to pay.
 */
export interface Bill {
  bill: Kopecks | null;
  paid: Kopecks;
  points: Points | null;
  most: { points: Points; bound: Bound };
  maxPercent: number;
  spent: Spent[];
  settled: boolean;
}

/** The bill line by line; without a bill, how to come to one. */
function billLines({ balance }: { balance: Points }, of: Bill): string[] {
  const { bill, paid, spent } = of;
  if (bill === null) return [nobodysBill(balance)];
  const before = spent.map((one) => spentLine(one, bill, of));
  if (!of.settled) return [...before, spent.length > 0 ? otherLine(of, bill) : billLine(balance, of, bill)];
  return before.length > 0
    ? before
    : [`Визит на ${w.money(Math.max(bill, paid))} уже оплачен, принимать нечего.`];
}

function nobodysBill(balance: Points): string {
  if (balance < 0) return `${w.points(balance)}: списать нельзя.`;
  return balance < 100 ? "Списать пока нечего." : "Чтобы списать, нажмите «Списать» и введите счёт.";
}

function billLine(balance: Points, of: Bill, bill: Kopecks): string {
  const { paid, points, most } = of;
  const toPay = `К оплате ${bold(w.money(leftToPay(bill, paid, points ?? 0)))}`;
  if (balance < 0) return `${w.points(balance)}: списать нельзя. ${toPay}.`;
  // Whose day is over is told beside it.
  const nothing = most.points > 0 || most.bound === "day" ? "" : " Списать нечего.";
  if (points === null) return `Счёт ${sumWords(of, bill)}.${nothing} ${toPay}.`;
  return `Счёт ${sumWords(of, bill)}. ${pointsWords(of, points)} → к оплате ${bold(w.money(leftToPay(bill, paid, points)))}${roubleWords(of)}`;
}

function sumWords({ paid }: { paid: Kopecks }, bill: Kopecks): string {
  return paid > 0 ? `${w.money(bill)}, внесено ${w.money(paid)}` : w.money(bill);
}

/** The share of a bill is told where it is what bounds the points. */
function pointsWords({ most, maxPercent }: Bill, points: Points): string {
  const bound = most.bound === "share" && points === most.points;
  return `Баллами ${w.amount(points)}${bound ? ` (не${NBSP}больше ${w.percent(maxPercent * 100)} счёта)` : ""}`;
}

/** Why not all of it, where the client's points would have been enough. */
function roubleWords({ points, most }: Bill): string {
  return most.bound === "rouble" && points === most.points
    ? ` (${w.money(100)} оставляем: визит на ${w.money(0)} в${NBSP}YCLIENTS не${NBSP}оплатить)`
    : "";
}

/** Somebody has spent on a bill of this sum: who and when. Plain text. */
export function spentWords({ points, by, at }: Spent, bill: Kopecks): string {
  return `По счёту ${w.money(bill)} уже списано ${w.amount(points)} (${apart(by)}, ${at}).`;
}

function spentLine(one: Spent, bill: Kopecks, of: Bill): string {
  const head = `⚠️ ${escaped(spentWords(one, bill))}`;
  const left = leftToPay(bill, Math.max(one.paid, of.paid), one.points);
  const price = w.money(leftToPay(bill, 0, one.points));
  if (left <= 0) return `${head} Принимать нечего, в${NBSP}YCLIENTS сделайте сумму визита ${price}.`;
  const same = of.points === null ? "" : " Это он? Ничего не нажимайте.";
  return `${head} ${bold(`Примите ${w.money(left)}`)}, в${NBSP}YCLIENTS сумма визита${NBSP}— ${price}.${same}`;
}

function otherLine(of: Bill, bill: Kopecks): string {
  const { paid, points } = of;
  const other = `Другой счёт на ${sumWords(of, bill)}`;
  if (points === null) return `${other}: списать нечего, к оплате ${w.money(bill - paid)}.`;
  return `${other}: ${pointsWords(of, points).toLowerCase()} → к оплате ${w.money(leftToPay(bill, paid, points))}`;
}

/** A visit was paid at its whole price although points paid some of it. */
export function priceKeptWords(points: Points, paid: Kopecks): string {
  return `Списано ${w.amount(points)}, а в${NBSP}YCLIENTS оплачено ${w.money(paid)}: проверьте сумму, должно быть ${w.money(leftToPay(paid, 0, points))}.`;
}

/** A spend was taken back: of its bill, paid in part before or not, more is to be taken now. */
function billAgainWords(bill: Kopecks, paid: Kopecks, points: Points): string {
  return `Счёт снова ${sumWords({ paid }, bill)}: если взяли ${w.money(leftToPay(bill, paid, points))}, примите ещё ${w.money(roublesFor(points))}. Сумму визита в${NBSP}YCLIENTS верните: ${w.money(bill)}.`;
}

/** The client and what is to be done. `notes` is what else is to be known of the card now, in HTML. */
export function cardText(
  client: TillClient,
  of: Bill & { year: number; recent: Recent | null; notes: string[]; limits: ToldLimits },
): string {
  const lines = [clientLine(client, of.year), ...clientNotes(client), ...of.notes];
  lines.push(...billLines(client, of), ...limitLines(of.limits));
  if (of.recent) lines.push(`Только что: ${of.recent.change}, ${escaped(of.recent.by)}, ${of.recent.at}.`);
  return lines.join("\n");
}

/** The question for a sum that is to be typed; whoever has no points left to give or take today is asked for none. */
export function askText(
  client: TillClient,
  step: string,
  { bill, limits, year }: { bill: Bill; limits: ToldLimits; year: number },
): string {
  const { most, maxPercent } = bill;
  const ask =
    step === "ask_bill"
      ? "Введите сумму счёта, например 3500."
      : step === "ask_sum"
        ? `Сколько баллов списать? Целое число, не${NBSP}больше ${w.amount(most.points)}: ${boundWords(most.bound, maxPercent)}.`
        : "Сколько баллов начислить и за что? Например: 100 за ожидание.";
  const asks = limits.day?.left === 0 ? [] : [ask];
  return [clientLine(client, year), ...asks, ...limitLines(limits)].join("\n");
}

/** The second screen: what the balance will be, and the reason that stays for ever. `asked`: the first one was there before. */
export function confirmText(
  client: TillClient,
  change: Bill & {
    action: string;
    points: Points;
    reason: string | null;
    limits: ToldLimits;
    asked: boolean;
  },
): string {
  const { action, points, bill, reason } = change;
  const plus = action === "credit";
  const after = client.balance + (plus ? points : -points);
  const sum = `${w.amount(client.balance)} ${bold(`${plus ? "+" : "−"} ${w.amount(points)}`)} = ${w.amount(after)}`;
  const lines = [
    `${clientTitle(client)}: ${after < 0 && !plus ? `на карте ${w.points(client.balance)}, снять ${w.amount(points)} нельзя` : sum}.`,
    ...clientNotes(client, change.asked),
  ];
  if (bill !== null && action === "spend") lines.push(...billLines(client, change));
  if (action !== "spend")
    lines.push(
      reason
        ? `Причина: ${escaped(reason)} (клиент её увидит, изменить её нельзя).`
        : "Без причины. Её можно дописать за суммой.",
    );
  lines.push(...limitLines(change.limits));
  return lines.join("\n");
}

/** What was done, in a few words: `списано 340`. */
export function changeWords(action: string | null, points: Points): string {
  return `${verbsOf(action).made} ${w.amount(points)}`;
}

/** The result, and the price that must be set in YCLIENTS. */
export function doneText(client: TillClient, done: Done): string {
  const { action, points, bill, paid, reason } = done;
  const rest =
    bill !== null && action === "spend" ? bold(`Примите ${w.money(leftToPay(bill, paid, points))}.`) : "";
  const lines = [`✅ ${capital(changeWords(action, points))}. ${rest}`.trim()];
  if (bill !== null && action === "spend")
    lines.push(
      `В YCLIENTS: сделайте сумму визита ${w.money(leftToPay(bill, 0, points))}, иначе баллы за визит не начислятся.`,
    );
  if (reason) lines.push(`Причина: ${escaped(reason)}.`);
  const agreed = done.confirmedBy ? ` Подтверждение: ${escaped(done.confirmedBy)}.` : "";
  lines.push(
    `${clientWords(client)}: на карте ${w.amount(client.balance)}. ${escaped(capital(done.by))}, ${done.at}.${agreed}`,
  );
  return lines.join("\n");
}

/** The result of taking it back; both names stay. */
export function undoneText(client: TillClient, done: Done): string {
  const { action, points, bill, paid } = done;
  const what =
    action === "credit"
      ? `${ruDone("Снят", points)} ${w.points(points)}: ${clientWords(client)}, на карте ${w.amount(client.balance)}.`
      : `${w.points(points)} ${ruReturned(points)} на карту: ${clientWords(client)}, ${w.amount(client.balance)}.`;
  const again = bill !== null && action === "spend" ? `\n${billAgainWords(bill, paid, points)}` : "";
  return `↩️ Отменено. ${what}${again}\n${undoneLine(done)}`;
}

/** Who made a change and who took it back. */
export function undoneLine({ action, points, by, at, undoneBy, undoneAt }: Done): string {
  return `${capital(changeWords(action, points))}: ${escaped(by)}, ${at}. Отмена: ${escaped(undoneBy ?? "")}, ${undoneAt ?? ""}.`;
}

/** Several cards end with these digits, or are of such a name; `more` is how many there are beside those that can be tapped. */
export function chooseText(sought: string, more: number): string {
  const byDigits = /^\d{4}$/.test(sought);
  const exacter = byDigits
    ? "напишите телефон целиком"
    : `допишите фамилию или пришлите 4${NBSP}последние цифры`;
  const who = byDigits
    ? `Номер на …${escaped(sought)} есть у${NBSP}нескольких клиентов`
    : `С${NBSP}именем «${escaped(apart(sought))}» несколько клиентов`;
  return `${who}. Кто из них на кассе?${more > 0 ? ` И${NBSP}ещё ${w.count(more)}: ${exacter}.` : ""}`;
}

/** The label of one of them. */
export function matchLabel(client: TillClient): string {
  return `${nameOf(client.name)} · ${client.phone ? spacedPhone(client.phone) : ""} · ${w.amount(client.balance)}`;
}
