// Why a visit made points or none, in words a client understands, in both languages.

import { lastDigits } from "../rules/phone.ts";
import { bold, escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { enWords, NBSP, ruWords, type Words } from "../texts/words.ts";
import type { Programme } from "../visits/programme.texts.ts";
import type { Word } from "../visits/visit.rule.ts";
import type { SeenVisit } from "./history.store.ts";

/** A visit as its client is told about it. */
export type VisitView = Omit<
  SeenVisit,
  "recordId" | "companyId" | "startsAt" | "timeZone" | "entries" | "spentThatDay" | "total"
>;

/** What "where are my points" answers from: the last visits, how many there are in all. */
export interface WhyView {
  visits: VisitView[];
  total: number;
  /** The old phone under which the salon still has the person, so that visits go to another card; or null. */
  journal: string | null;
}

interface Said {
  title: string;
  empty: string;
  missing(quick: boolean): string;
  last(shown: number, total: number): string;
  elsewhere(card: string): string;
  contact: string;
  why: string;
  history: string;
  paid(sum: string): string;
  /** What points paid of the bill, and what money did; null where nobody said. */
  settled(points: string, money: string | null): string;
  expired(points: string): string;
  /** The percent that a level made of a visit, and what that means. */
  level(percent: string): string;
  levels: string;
  checking: string;
  soFar: string;
  beforeStart(day: string | null): string;
  partlyByPoints: string;
  refunded: string;
  imported: string;
  changedSinceImport: string;
  no: Record<Exclude<Word, "awarded" | "before_start">, string>;
  /** What holds instead where a visit earns once it is held, and where prices count. */
  arrived: { not_paid: string; paid_in_part: string };
  prices: { nothing_paid: string };
}

const ru: Said = {
  title: "Где мои баллы",
  empty: "Визитов пока не видно.",
  missing: (quick) =>
    `Нет нужного визита? Обычно он виден ${quick ? "через несколько минут" : "вскоре"} после оплаты. Если оплачен давно, скажите администратору: он мог записать другой номер.`,
  last: (shown, total) =>
    `Это последние ${shown}${NBSP}визитов из ${total}. Что начислено раньше — в «Истории».`,
  elsewhere: (card) =>
    `Нет нужного визита? В салоне ещё записан ваш старый номер, и баллы приходят на карту ${card}. Скажите администратору новый номер.`,
  contact: "Связаться",
  why: "Где мои баллы?",
  history: "История",
  paid: (sum) => `оплачено ${sum}`,
  settled: (points, money) => `баллами ${points}${money === null ? "" : `, деньгами ${money}`}`,
  expired: (points) => `из них сгорело ${points}: срок вышел`,
  level: (percent) => `${percent} по уровню`,
  levels:
    "Процент визита — по уровню, который был у вас до него: новый уровень действует со следующего визита. Какой сейчас — /balance",
  checking: "уточняем оплату",
  soFar: "пока 0",
  beforeStart: (day) => `до запуска программы${day === null ? "" : ` (${day})`}`,
  partlyByPoints: "часть оплачена баллами, и визит ещё не закрыт; скажите нам, поправим",
  refunded: "оплата возвращена",
  imported: "перенесено из прежней программы",
  changedSinceImport: "перенесено из прежней программы и пересчитано после изменений",
  no: {
    deleted: "визит отменён",
    no_client: "в записи не указан клиент",
    forgotten: "данные карты удалены",
    no_show: "визит отмечен как несостоявшийся",
    not_paid: "ещё не оплачен; начислим после оплаты",
    paid_in_part: "оплачен не полностью; начислим после полной оплаты",
    not_arrived: "начислим, когда визит состоится",
    payment_unknown: "уточняем оплату",
    nothing_paid: "за такую оплату баллы не начисляются (сертификат, абонемент или баллы)",
    too_little: "сумма слишком мала для баллов",
    imported: "так посчитано в прежней программе",
  },
  arrived: {
    not_paid: "ещё не оплачен; начислим, когда будет оплачен и состоится",
    paid_in_part: "оплачен не полностью; начислим, когда будет оплачен и состоится",
  },
  prices: { nothing_paid: "цена услуг — 0\u00a0₽" },
};

const en: Said = {
  title: "Where are my points",
  empty: "No visits to be seen yet.",
  missing: (quick) =>
    `A visit is missing? It usually shows ${quick ? "within minutes" : "soon"} after it is paid. If it was paid long ago, tell the front desk: it may be booked with another number.`,
  last: (shown, total) =>
    `These are the last ${shown} of ${total} visits. What came earlier is in “History”.`,
  elsewhere: (card) =>
    `A visit is missing? The salon still has your old number, and points come onto card ${card}. Tell the front desk the new number.`,
  contact: "Contact us",
  why: "Where are my points?",
  history: "History",
  paid: (sum) => `${sum} paid`,
  settled: (points, money) => `${points} paid in points${money === null ? "" : `, ${money} in money`}`,
  expired: (points) => `${points} of them expired`,
  level: (percent) => `${percent} by level`,
  levels:
    "A visit's percent is of the level that you were on before it: a new level holds from the next visit on. Which it is now: /balance",
  checking: "we are checking the payment",
  soFar: "0 so far",
  beforeStart: (day) => `before the programme began${day === null ? "" : ` (${day})`}`,
  partlyByPoints: "part was paid with points and the visit is not closed yet; tell us and we will see to it",
  refunded: "the payment was refunded",
  imported: "carried over from the earlier programme",
  changedSinceImport: "carried over from the earlier programme and counted again after changes",
  no: {
    deleted: "the visit was cancelled",
    no_client: "the booking names no client",
    forgotten: "the card's data was removed",
    no_show: "the visit was marked as a no-show",
    not_paid: "not paid yet; points come after the payment",
    paid_in_part: "not fully paid; points come when it is",
    not_arrived: "points come when the visit is held",
    payment_unknown: "we are checking the payment",
    nothing_paid: "this kind of payment earns no points (certificate, subscription or points)",
    too_little: "the sum is too small for points",
    imported: "counted so in the earlier programme",
  },
  arrived: {
    not_paid: "not paid yet; points come when it is paid and held",
    paid_in_part: "not fully paid; points come when it is paid and held",
  },
  prices: { nothing_paid: "the services' price is 0\u00a0₽" },
};

/** What may still become points. */
const waiting: ReadonlySet<Word> = new Set(["not_paid", "paid_in_part", "not_arrived", "payment_unknown"]);

/** Only of a visit that has made points before is it known what they were worked out from. */
function wasRefunded({ decision, paid, points }: VisitView): boolean {
  return paid === 0 && points === 0 && (decision === "not_paid" || decision === "nothing_paid");
}

/** A level decided what it made, and it has made something. */
const byLevel = ({ decision, level, points }: VisitView) =>
  decision === "awarded" && level !== null && points !== 0;

function reason(t: Said, w: Words, visit: VisitView, year: number | null, of: Programme): string {
  const { decision, start, day, spent, imported, points } = visit;
  if (imported !== null && points !== 0) return points === imported ? t.imported : t.changedSinceImport;
  if (decision === "awarded") return "";
  if (decision === "before_start")
    return t.beforeStart(start !== null && start > day ? w.day(start, year) : null);
  if (wasRefunded(visit) && !(of.paidBy === "prices" && decision === "nothing_paid")) return t.refunded;
  if (spent && (decision === "paid_in_part" || decision === "not_paid")) return t.partlyByPoints;
  const arrived: Partial<Record<Word, string>> = of.earnWhen === "arrived" ? t.arrived : {};
  const prices: Partial<Record<Word, string>> = of.paidBy === "prices" ? t.prices : {};
  return arrived[decision] ?? prices[decision] ?? t.no[decision];
}

/** What explains visits in a person's language. */
export function whyTexts(language: string | null | undefined) {
  const t = inLanguage(language, ru, en);
  const w: Words = inLanguage(language, ruWords, enWords);
  /** `12 March, 3,500 ₽: +35`; the year is said where it is not `year`, so always when that is null. */
  const line = (visit: VisitView, year: number | null, of: Programme) => {
    const { settled } = visit;
    const head = `${w.day(visit.day, year)}, ${w.money(settled?.bill ?? visit.price)}`;
    const mayCome = waiting.has(visit.decision) && visit.points === 0 && !wasRefunded(visit);
    const points = mayCome ? t.soFar : bold(w.signed(visit.points));
    const paid = settled
      ? t.settled(w.amount(settled.points), settled.money === null ? null : w.money(settled.money))
      : visit.points !== 0 && visit.paid !== null && visit.paid !== visit.price
        ? t.paid(w.money(visit.paid))
        : "";
    // A hint only says that the record is read again; anything else, that what it says is in doubt.
    const doubt = visit.look !== null && visit.look !== "hint" && visit.decision !== "payment_unknown";
    const gone = visit.expired > 0 ? t.expired(w.amount(visit.expired)) : "";
    const level = byLevel(visit) ? t.level(w.percent(visit.level ?? 0)) : "";
    const said = [points, paid, level, reason(t, w, visit, year, of), gone, doubt ? t.checking : ""];
    return `${head}: ${said.filter((part) => part !== "").join(", ")}`;
  };
  return {
    contact: t.contact,
    why: t.why,
    history: t.history,
    line,
    /** The visits as a message. */
    list: ({ visits, total, journal }: WhyView, year: number, of: Programme) => {
      const lines = visits.length === 0 ? [t.empty] : visits.map((visit) => line(visit, year, of));
      const hints = [
        ...(visits.some(byLevel) ? [t.levels] : []),
        ...(total > visits.length ? [t.last(visits.length, total)] : []),
        journal === null ? t.missing(of.quick) : t.elsewhere(`…${escaped(lastDigits(journal))}`),
      ];
      return [bold(t.title), lines.join("\n"), hints.join("\n")].join("\n\n");
    },
  };
}
