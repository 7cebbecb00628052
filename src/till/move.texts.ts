// What `/move` says to admins, in Russian: the two cards, and what is missing. What is handed in is escaped here.

import type { ChannelName } from "../rules/account.ts";
import type { Points } from "../rules/money.ts";
import { spacedPhone } from "../rules/phone.ts";
import { bold, escaped } from "../texts/html.ts";
import { noneLinked } from "../texts/messenger.ts";
import { clientTitle, digitsBeside } from "../texts/person.ts";
import { capital, softened, ruWords as w } from "../texts/words.ts";
import { type Done, type TillClient, undoneLine } from "./screen.texts.ts";

/** One of the two cards, as it is now. */
type MoveSide = Pick<TillClient, "phone" | "name" | "accounts" | "balance">;

const example = "<code>/move 89001234567 89007654321 100 за что</code>";

/** What a screen of a move says; everything is HTML. */
export const moveTexts = {
  confirm: (
    from: MoveSide,
    to: MoveSide,
    { points, reason }: { points: Points; reason: string | null },
    spoken: readonly ChannelName[],
  ) =>
    [
      `Перенести ${bold(w.points(points))}?`,
      `${titleBeside(from, to)}: было ${w.amount(from.balance)}, станет ${w.amount(from.balance - points)}`,
      `${titleBeside(to, from)}: было ${w.amount(to.balance)}, станет ${w.amount(to.balance + points)}`,
      ...(reason ? [`Причина: ${escaped(reason)} (останется навсегда).`] : []),
      ...silent(from, to, spoken),
    ].join("\n"),
  done: (from: MoveSide, to: MoveSide, { points, by, at, confirmedBy, reason }: Done) =>
    [
      `✅ Перенесено ${bold(w.amount(points))}. ${escaped(capital(by))}, ${at}.${confirmedBy ? ` Подтверждение: ${escaped(confirmedBy)}.` : ""}`,
      ...(reason ? [`Причина: ${escaped(reason)}.`] : []),
      ...balances(from, to),
    ].join("\n"),
  undone: (from: MoveSide, to: MoveSide, done: Done) =>
    [
      `↩️ Отменено, ${w.points(done.points)} снова на прежней карте.`,
      ...balances(from, to),
      undoneLine(done),
    ].join("\n"),
};

/** What is missing or cannot be; everything is HTML. */
export const moveWords = {
  usage: () =>
    `Напишите так: ${example} — с первого телефона на второй. Без числа перенесём всё. Баллы — без пробелов.`,
  samePhone: () => "Это один и тот же телефон. Нужны два разных: с какого и на какой.",
  badPoints: () => `Не понял, сколько баллов перенести. ${moveWords.usage()}`,
  noCard: (phone: string) =>
    `${escaped(spacedPhone(phone))}: карты нет. Проверьте номер; завести карту можно, отправив его без команды.`,
};

function titleBeside(one: MoveSide, other: MoveSide): string {
  return clientTitle(one, digitsBeside(one.phone, other.phone));
}

function balances(from: MoveSide, to: MoveSide): string[] {
  const line = (one: MoveSide, other: MoveSide) =>
    `${titleBeside(one, other)}: на карте ${w.amount(one.balance)}`;
  return [line(from, to), line(to, from)];
}

function silent(from: MoveSide, to: MoveSide, spoken: readonly ChannelName[]): string[] {
  const missing = [
    ...(from.accounts.length > 0 ? [] : [digitsBeside(from.phone, to.phone)]),
    ...(to.accounts.length > 0 ? [] : [digitsBeside(to.phone, from.phone)]),
  ];
  return missing.length === 0
    ? []
    : [`${softened(noneLinked(spoken))} (${escaped(missing.join(", "))}): скажите клиенту сами.`];
}
