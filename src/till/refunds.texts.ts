// What owners are told of a refunded visit that points were spent on, in Russian. What is handed in is escaped here.

import type { Points } from "../rules/money.ts";
import { bold, escaped } from "../texts/html.ts";
import { clientTitle } from "../texts/person.ts";
import { capital, NBSP, ruWords as w } from "../texts/words.ts";
import type { RefundOffer } from "./refunds.store.ts";

/** The spend and its visit; `year` is this year, which dates leave out. */
type Refund = Pick<RefundOffer, "points" | "phone" | "name" | "day" | "decision" | "onBill"> & {
  year: number;
};

/** The offer: what happened, and what the button would give back. */
export function refundText({ points, phone, name, day, decision, onBill, year }: Refund): string {
  const visit = w.day(day, year);
  if (onBill !== null) return doubtText({ points, phone, name, onBill }, visit);
  const happened =
    decision === "deleted"
      ? `Визит ${visit} удалён`
      : decision === "no_show"
        ? `Визит ${visit} отмечен как несостоявшийся`
        : `Оплата визита ${visit} возвращена`;
  const who = clientTitle({ name, phone });
  return `${happened}. За него списаны баллы: ${who}, ${bold(w.points(points))}. Сами они не вернутся: решать вам.`;
}

/** The bill bears another sum than was spent on it. */
function doubtText(
  { points, phone, name, onBill }: Pick<RefundOffer, "points" | "phone" | "name"> & { onBill: Points },
  visit: string,
): string {
  const who = clientTitle({ name, phone });
  const now = onBill === 0 ? "теперь списания там не видно" : `теперь там ${bold(w.points(onBill))}`;
  const then =
    onBill === 0
      ? "Сняли нарочно? Верните баллы."
      : `Кнопка снимет с${NBSP}него и${NBSP}остаток, на${NBSP}карту вернутся все ${w.points(points)}. Верна меньшая сумма? Верните и${NBSP}спишите её${NBSP}заново.`;
  return `На визит ${visit} списано ${bold(w.points(points))}: ${who}. В журнале это меняли: ${now}. Проверьте визит. ${then}`;
}

/** The button under it. Plain text. */
export function refundButton(points: Points): string {
  return `Вернуть ${w.points(points)}`;
}

/** What is said under the offer once it was tapped. */
export const refundWords = {
  given: (points: Points, balance: Points, by: string, at: string) =>
    `✅ ${w.points(points)} на карте клиента, теперь там ${w.amount(balance)}. ${escaped(capital(by))}, ${at}.`,
  already: (by: string | null, at: string | null) =>
    by === null || at === null ? "Баллы уже вернули на кассе." : `Баллы уже вернули: ${escaped(by)}, ${at}.`,
  asked: () =>
    `Возвращаем: снимаем списание с${NBSP}визита в${NBSP}журнале. Как вернутся, клиент узнает. Не${NBSP}выйдет — скажем.`,
  paidAgain: () => "Визит снова действует, возвращать пока нечего.",
  gone: () => "Этого предложения больше нет.",
};
