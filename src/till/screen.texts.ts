// What a screen of the till says, in Russian: the client, the bill, what is asked and what was done. Escaped here.

import { type ChannelName, channelOf } from "../rules/account.ts";
import type { Percent } from "../rules/ids.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import { apart } from "../rules/name.ts";
import { spacedPhone } from "../rules/phone.ts";
import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { messengerOf, messengersAnd, noneLinked } from "../texts/messenger.ts";
import { clientTitle, clientWords, nameOf } from "../texts/person.ts";
import { capital, NBSP, ruDone, ruReturned, ruWords as w } from "../texts/words.ts";
import { type Bill, billAgainWords, billLines } from "./bill.texts.ts";
import { boundWords, limitLines, type ToldLimits } from "./limits.texts.ts";
import { leftToPay } from "./till.rule.ts";
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

/** A client's level, from 1 on, of how many. */
interface Level {
  place: number;
  places: number;
  percent: Percent;
}

/** What the client's next visit earns by it. */
function levelWords(of: Level): string {
  return `Уровень ${of.place}${NBSP}из${NBSP}${of.places}: ${w.percent(of.percent)} с${NBSP}оплаты.`;
}

/** A number that stands for whoever gave none may have hundreds of people, and a message holds 4000 characters, marks too. */
const [maxPeople, maxOfPeople] = [10, 1_500];

function familyWords(people: string[]): string {
  const shown: string[] = [];
  for (const one of people.slice(0, maxPeople).map(escaped))
    if (shown.join("").length + one.length <= maxOfPeople) shown.push(one);
  const more = people.length - shown.length;
  return `На карте: ${shown.join(", ")}${more > 0 ? ` и ещё ${more}` : ""}.`;
}

/** What else must be known of the client before points move; that nobody has the card is `said` once. */
function clientNotes(client: TillClient, spoken: readonly ChannelName[], said = false): string[] {
  const family = client.people.length > 1 ? [familyWords(client.people)] : [];
  const silent =
    client.accounts.length > 0 || said
      ? []
      : [`${noneLinked(spoken)}: покажите клиенту QR, и${NBSP}баллы будут у${NBSP}него в${NBSP}телефоне.`];
  const locked = client.locked
    ? [
        `Из${NBSP}них ${w.amount(client.locked)} в${NBSP}подарок, до${NBSP}следующего оплаченного визита: сейчас их не${NBSP}списать.`,
      ]
    : [];
  return [...locked, ...family, ...silent, ...closedWords(client)];
}

/** Of who sees less than all: another person than before, or the same one in a messenger where that is not known. */
function closedWords({ accounts }: TillClient): string[] {
  const closed = accounts.filter((one) => one.closed);
  if (closed.length === 0) return [];
  const there = messengersAnd(closed.map(({ account }) => channelOf(account)));
  if (closed.length === accounts.length && closed.length > 1)
    return [
      `Номер теперь у${NBSP}других аккаунтов, в${NBSP}${there}: прежнюю историю они не${NBSP}видят. Узнали клиента — откройте её.`,
    ];
  return [
    closed.length === accounts.length
      ? `Номер теперь у другого аккаунта ${there}, прежнюю историю он не видит. Узнали клиента — откройте её.`
      : `В${NBSP}${there} прежней истории не${NBSP}видно: там карту открыли позже. Узнали клиента — откройте её.`,
  ];
}

/** The client and what is to be done. `notes` is what else is to be known of the card now, in HTML. */
export function cardText(
  client: TillClient,
  of: Bill & {
    level: Level | null;
    year: number;
    recent: Recent | null;
    notes: string[];
    limits: ToldLimits;
    spoken: readonly ChannelName[];
  },
): string {
  const level = of.level === null ? [] : [levelWords(of.level)];
  const lines = [clientLine(client, of.year), ...level, ...clientNotes(client, of.spoken), ...of.notes];
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
  const { most, rules } = bill;
  const ask =
    step === "ask_bill"
      ? rules.spendOn === "services"
        ? `Введите сумму за${NBSP}услуги, без товаров, например 3500.`
        : "Введите сумму счёта, например 3500."
      : step === "ask_sum"
        ? `Сколько баллов списать? Целое число, не${NBSP}больше ${w.amount(most.points)}: ${boundWords(most.bound, rules)}.`
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
    spoken: readonly ChannelName[];
  },
): string {
  const { action, points, bill, reason } = change;
  const plus = action === "credit";
  const after = client.balance + (plus ? points : -points);
  const sum = `${w.amount(client.balance)} ${bold(`${plus ? "+" : "−"} ${w.amount(points)}`)} = ${w.amount(after)}`;
  const lines = [
    `${clientTitle(client)}: ${after < 0 && !plus ? `на карте ${w.points(client.balance)}, снять ${w.amount(points)} нельзя` : sum}.`,
    ...clientNotes(client, change.spoken, change.asked),
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
