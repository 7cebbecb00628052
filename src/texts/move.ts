// What `/move` says to admins, in Russian. What is handed in is escaped here.

import type { Points } from "../rules/money.ts";
import { lastDigits, spacedPhone } from "../rules/phone.ts";
import { bold, escaped } from "./html.ts";
import { ruWords as w } from "./words.ts";

/** One of the two cards, as it is now. */
export interface MoveSide {
  phone: string | null;
  name: string | null;
  linked: boolean;
  balance: Points;
}

interface Sides {
  from: MoveSide;
  to: MoveSide;
  points: Points;
}

const example = "<code>/move 89001234567 89007654321 100</code>";
const sideOf = ({ name, phone }: MoveSide) =>
  `<b>${escaped(name ?? "Без имени")}</b> …${escaped(lastDigits(phone ?? ""))}`;

/** Plain text. */
export const moveButtons = {
  go: (points: Points) => `Перенести ${w.amount(points)}`,
  no: "Не надо",
  undoUntil: (at: string) => `Отменить до ${at}`,
};

/** What is said; everything is HTML. */
export const moveWords = {
  preview: ({ from, to, points }: Sides) =>
    [
      `Перенести ${bold(w.points(points))}?`,
      `${sideOf(from)}: было ${w.amount(from.balance)}, станет ${w.amount(from.balance - points)}`,
      `${sideOf(to)}: было ${w.amount(to.balance)}, станет ${w.amount(to.balance + points)}`,
      ...silent(from, to),
    ].join("\n"),
  done: ({ from, to, points }: Sides, by: string, at: string) =>
    [
      `✅ Перенесено ${bold(w.amount(points))}. ${escaped(by)}, ${at}.`,
      `${sideOf(from)}: на карте ${w.amount(from.balance)}`,
      `${sideOf(to)}: на карте ${w.amount(to.balance)}`,
      ...silent(from, to),
    ].join("\n"),
  undone: ({ from, to, points }: Sides, by: string) =>
    [
      `↩️ Отменено, ${w.points(points)} снова на прежней карте. ${escaped(by)}.`,
      `${sideOf(from)}: на карте ${w.amount(from.balance)}`,
      `${sideOf(to)}: на карте ${w.amount(to.balance)}`,
    ].join("\n"),
  closed: () => "Закрыто, ничего не перенесено.",
  acted: () =>
    "По этому сообщению баллы уже перенесены. Правка ничего не изменила: напишите новое сообщение.",
  expired: () => `Этот перенос устарел. Напишите ещё раз: ${example}`,
  late: () => `Отменить можно было 10 минут. Вернуть — таким же переносом в другую сторону: ${example}`,
  usage: () =>
    `Напишите так: ${example} — с первого телефона на второй. Без числа перенесём всё. Баллы — без пробелов.`,
  samePhone: () => "Это один и тот же телефон. Нужны два разных: с какого и на какой.",
  badPoints: () => `Не понял, сколько баллов перенести. ${moveWords.usage()}`,
  noCard: (phone: string) =>
    `${escaped(spacedPhone(phone))}: карты нет. Проверьте номер; завести карту можно, отправив его без команды.`,
  short: (balance: Points) =>
    balance > 0
      ? `На первой карте ${bold(w.points(balance))}: перенести можно не больше.`
      : balance < 0
        ? `На первой карте ${bold(w.points(balance))}: минус остаётся на ней, переносить нечего.`
        : "На первой карте баллов нет, переносить нечего.",
  spent: (balance: Points) =>
    `Перенесённое уже потрачено: на карте ${bold(w.points(balance))}. Отменить перенос нельзя.`,
  overLimit: (left: Points, limit: Points) =>
    left > 0
      ? `Лимит на день ${w.points(limit)}, осталось ${w.amount(left)}.`
      : `Лимит на день ${w.points(limit)} исчерпан. Попросите другого администратора или владельца.`,
  ownerOnly: (above: Points) => `Перенести больше ${w.amount(above)} может только владелец.`,
};

function silent(from: MoveSide, to: MoveSide): string[] {
  const missing = [from, to]
    .filter((one) => !one.linked)
    .map((one) => `…${escaped(lastDigits(one.phone ?? ""))}`);
  return missing.length === 0 ? [] : [`Telegram не привязан (${missing.join(", ")}): скажите клиенту сами.`];
}
