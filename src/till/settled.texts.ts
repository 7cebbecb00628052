// What the till says of a spend that pays a part of its visit in the journal, in Russian: before, under way, and at its end.

import { type Kopecks, type Points, pointsFor } from "../rules/money.ts";
import type { Obstacle } from "../settlements/settlement.rule.ts";
import { whatToDo, whatToDoToUndo, whatToPutRight, whyNotSettled } from "../settlements/settlements.texts.ts";
import type { StoredSettlement } from "../settlements/settlements.ts";
import { bold, escaped } from "../texts/html.ts";
import { clientTitle, clientWords } from "../texts/person.ts";
import { capital, NBSP, ruReturned, ruWords as w } from "../texts/words.ts";
import { changeWords, type Done, type TillClient, undoneLine } from "./screen.texts.ts";
import { leftToPay } from "./till.rule.ts";

/** A visit that a spend may pay a part of; `spent`: points do already, and `toPay` is left beside them, once they do. */
export interface NamedVisit {
  record: number;
  /** `YYYY-MM-DD`; null: today. */
  day: string | null;
  /** `HH:MM`. */
  at: string;
  price: Kopecks;
  spent: { points: Points; by: string; at: string; toPay: Kopecks | null } | null;
}

/** `визит в 13:00`, `визит 11 марта в 13:00`. Plain text. */
export const visitWords = ({ day, at }: Pick<NamedVisit, "day" | "at">) =>
  `визит ${day === null ? "" : `${w.day(day, Number(day.slice(0, 4)))} `}в${NBSP}${at}`;

/** The most points that can pay of a visit in which no goods are sold: the journal's price has none, and 1 ₽ is left to pay. */
const mostOf = ({ price }: NamedVisit): Points => Math.max(0, pointsFor(price) - pointsFor(100));

/** Whether so many points are more than the visit costs, as far as is known. */
export const isTooSmall = (visit: NamedVisit, points: Points) => points > mostOf(visit);

/**
 * Under the preview of a spend of so many points: whose bill in the journal the button lowers, or that a person has to. `canGo`:
 * there is a button.
 */
export function visitLines(visits: NamedVisit[], points: Points, canGo: boolean): string[] {
  if (visits.length === 0)
    return [
      `Неоплаченной записи на${NBSP}сегодня не${NBSP}видно. Только что внесли? Откройте клиента через минуту. Иначе сумму визита в${NBSP}YCLIENTS после списания уменьшите сами.`,
    ];
  const free = visits.filter(({ spent }) => spent === null);
  const paying = visits.map(paidByPoints).filter((line) => line !== "");
  const [only] = free;
  if (!only) {
    const isSpent = visits.some(({ spent }) => spent?.by !== "");
    return [
      ...paying,
      ...(isSpent ? [`Списать за${NBSP}визит больше? Отмените то списание и${NBSP}спишите всё сразу.`] : []),
      ...(canGo ? [`Это другой счёт? Его сумму в${NBSP}YCLIENTS после списания уменьшите сами.`] : []),
    ];
  }
  if (free.length === 1) return [...paying, visitLine(only, points)];
  const small = free.filter((one) => isTooSmall(one, points)).map((one) => visitLine(one, points));
  return [...paying, `Выберите визит: счёт в${NBSP}журнале уменьшим сами.`, ...small];
}

/** The one visit that a spend of so many points is of. */
export function visitLine(visit: NamedVisit, points: Points): string {
  const which = `${capital(visitWords(visit))} на${NBSP}${w.money(visit.price)}`;
  if (!isTooSmall(visit, points)) return `${which}: счёт в${NBSP}журнале уменьшим сами.`;
  const most = mostOf(visit);
  const can =
    most > 0 ? `журнал даст списать не${NBSP}больше ${w.amount(most)}` : `списать с${NBSP}него нечего`;
  return `⚠️ ${which}: если товаров в${NBSP}нём нет, ${can}.`;
}

function paidByPoints(visit: NamedVisit): string {
  const { spent } = visit;
  if (spent === null) return "";
  if (spent.by === "")
    return `⚠️ ${capital(visitWords(visit))} занят проверкой списания: подождите, пока она закончится.`;
  const who = `${escaped(spent.by)}, ${spent.at}`;
  const left = spent.toPay === null ? "" : `, в${NBSP}журнале к${NBSP}оплате ${bold(w.money(spent.toPay))}`;
  return `⚠️ За${NBSP}${visitWords(visit)} уже списано ${w.amount(spent.points)} (${who})${left}.`;
}

/** On the button of one of several visits. Plain text. */
export function visitLabel({ at, price }: NamedVisit, points: Points): string {
  return `${at}, ${w.money(price)}: списать ${w.amount(points)}`;
}

/** How a settlement stands, as the till says it. */
type ToldSettlement = Pick<
  StoredSettlement,
  "goal" | "state" | "why" | "toPay" | "failures" | "stood" | "askedBackBy"
> & { visit: NamedVisit | null };

/** Which visit it is about, as a sentence. */
const ofVisit = ({ visit }: Pick<ToldSettlement, "visit">) =>
  visit === null ? "" : `${capital(visitWords(visit))}. `;

/** The result of a spend in the journal, or that it is on its way. */
export function settledText(client: TillClient, done: Done, of: ToldSettlement): string {
  const agreed = done.confirmedBy ? ` Подтверждение: ${escaped(done.confirmedBy)}.` : "";
  const tail = `${clientWords(client)}: на карте ${w.amount(client.balance)}. ${ofVisit(of)}${escaped(capital(done.by))}, ${done.at}.${agreed}`;
  return [...settledLines(done, of), tail].join("\n");
}

function settledLines(done: Done, of: ToldSettlement): string[] {
  const spent = capital(changeWords("spend", done.points));
  switch (of.state) {
    case "stands": {
      const kept =
        of.why === null
          ? []
          : [
              `⚠️ Вернуть не${NBSP}вышло: ${whyNotSettled(of.why)}. Баллы остались списанными. ${whatToDoToUndo(of.why)}`,
            ];
      return [...kept, `✅ ${spent}. ${inJournal(of.toPay)}`, ...otherBill(done, of.toPay)];
    }
    case "stuck":
      return [
        `⚠️ ${spent}, но${NBSP}с${NBSP}журналом не${NBSP}сошлось: ${reason(of.why)}. ${of.why === null ? "" : whatToPutRight(of.why)}`.trim(),
        `Берите столько, сколько к${NBSP}оплате в${NBSP}журнале. Владельцам сообщили.`,
      ];
    default:
      return [...underWay(done, of), ...waiting(of)];
  }
}

function underWay(done: Done, { goal, why, askedBackBy, stood }: ToldSettlement): string[] {
  const points = w.points(done.points);
  if (goal === "settle") return [`⏳ Списываем ${points} и${NBSP}уменьшаем счёт в${NBSP}журнале.`];
  if (askedBackBy !== null) return [`⏳ Возвращаем ${points}: снимаем их со${NBSP}счёта в${NBSP}журнале.`];
  if (stood) return [`⏳ Возвращаем ${points}: ${reason(why)}.`];
  return [
    `⏳ Уменьшить счёт в${NBSP}журнале не${NBSP}вышло: ${reason(why)}. Возвращаем ${points} на${NBSP}карту.`,
  ];
}

function waiting({ failures }: ToldSettlement): string[] {
  const away = failures > 0 ? `YCLIENTS пока не${NBSP}отвечает: доделаем, как только сможет. ` : "";
  return [
    `${away}Это сообщение обновится само, можно работать дальше. Оплату визита в${NBSP}журнале примите после этого.`,
  ];
}

const reason = (why: Obstacle | null) => (why === null ? "причина неизвестна" : whyNotSettled(why));

function inJournal(toPay: Kopecks | null): string {
  return toPay === null
    ? `Счёт в${NBSP}журнале уменьшен.`
    : bold(`В${NBSP}журнале к${NBSP}оплате ${w.money(toPay)}.`);
}

/** The bill that was written at the till is another than the journal's. */
function otherBill({ bill, paid, points }: Done, toPay: Kopecks | null): string[] {
  if (bill === null || toPay === null || leftToPay(bill, paid, points) === toPay) return [];
  return [`Счёт введён на${NBSP}${w.money(bill)}, в${NBSP}журнале другой: берите по${NBSP}журналу.`];
}

/** The result of taking it back, or of what could not be done. `begunAnew`: what came of it then is said below. */
export function unsettledText(
  client: TillClient,
  done: Done,
  of: ToldSettlement & { begunAnew: boolean },
): string {
  const { why, stood, toPay, askedBackBy } = of;
  const { points } = done;
  const returned = `${w.points(points)} ${ruReturned(points)} на${NBSP}карту: ${clientWords(client)}`;
  const back = `${returned}, ${w.amount(client.balance)}.`;
  // Nothing is to be paid of a record that is deleted.
  const bill =
    toPay === null || toPay <= 0 ? "" : ` ${bold(`В${NBSP}журнале к${NBSP}оплате ${w.money(toPay)}.`)}`;
  if (askedBackBy !== null && (stood || why === null))
    return `↩️ Отменено. ${back}${bill}\n${ofVisit(of)}${undoneLine(done)}`;
  const came = stood ? `↩️ ${capital(reason(why))}.` : `❌ Не${NBSP}списали: ${reason(why)}.`;
  const spentBy = `${ofVisit(of)}Списание: ${escaped(done.by)}, ${done.at}.`;
  if (of.begunAnew) return `${came} ${returned}. Списание ещё раз${NBSP}— ниже.\n${spentBy}`;
  const todo = why === null ? "" : ` ${whatToDo(why)}`;
  return `${came} ${back}${bill}${todo}\n${spentBy}`;
}

/** In place of a screen of a spend that another message shows now. */
export const resultBelow = (points: Points) =>
  `${capital(changeWords("spend", points))}: что вышло${NBSP}— ниже.`;

/** The same where no screen is left that could say it. */
export function lateSettledText(
  client: Pick<TillClient, "name" | "phone">,
  of: ToldSettlement,
  sum: Points,
): string {
  const who = `${clientTitle(client)}${of.visit === null ? "" : `, ${visitWords(of.visit)}`}`;
  const points = w.points(sum);
  if (of.state === "stands") return `✅ ${who}: ${changeWords("spend", sum)}. ${inJournal(of.toPay)}`;
  if (of.state === "returned")
    return `↩️ ${who}: ${points} ${ruReturned(sum)} на${NBSP}карту${of.why === null ? "" : `, ${whyNotSettled(of.why)}`}.`;
  if (of.state === "stuck")
    return `⚠️ ${who}: списание на${NBSP}${points} не${NBSP}сошлось с${NBSP}журналом, ${reason(of.why)}.`;
  return `⏳ ${who}: ${points} — с${NBSP}журналом ещё работаем.`;
}

/** Whoever wanted it taken back reads why it was not, where no screen of theirs says so. */
export function notGivenBackText(
  client: Pick<TillClient, "name" | "phone">,
  why: Obstacle,
  sum: Points,
): string {
  return `⚠️ ${clientTitle(client)}: вернуть ${w.points(sum)} не${NBSP}вышло: ${whyNotSettled(why)}. Баллы остались списанными. ${whatToDoToUndo(why)}`;
}

/** What an owner reads after looking again at one that was stuck. */
export function lookedAgainText(of: Pick<ToldSettlement, "state" | "why">): string {
  switch (of.state) {
    case "stands":
      return `Сошлось: списание стоит в${NBSP}журнале.`;
    case "returned":
      return "Сошлось: баллы вернулись на карту.";
    case "stuck":
      return `Пока так же: ${reason(of.why)}. ${of.why === null ? "" : whatToPutRight(of.why)}`.trim();
    default:
      return "Смотрим ещё раз. Получится — скажем.";
  }
}
