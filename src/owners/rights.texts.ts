// Who works here: the list, the ways in and out, and what is said of each change, in Russian; a link is answered in the
// language of whoever opens it. What is handed in is escaped here.

import type { Account } from "../rules/account.ts";
import { calledOf, ledgerNameOf, type Role } from "../rules/author.ts";
import { apart } from "../rules/name.ts";
import { spacedPhone } from "../rules/phone.ts";
import { wallTime } from "../rules/time.ts";
import { bold, escaped } from "../texts/html.ts";
import { inLanguage } from "../texts/language.ts";
import { inMessages } from "../texts/long.ts";
import { type Way, waysText } from "../texts/messenger.ts";
import { NBSP, ruWords as w } from "../texts/words.ts";
import type { StaffChange } from "./rights.store.ts";

const roles: Record<Role, { is: string; of: string }> = {
  owner: { is: "владелец", of: "владельца" },
  admin: { is: "администратор", of: "администратора" },
};

/**
 * One in the list; `since` is null for whom the settings name, `by` for the first owner. `beneath`: what was made in the chat of
 * whom the settings name, and holds again once they name them no more.
 */
export interface Listed {
  account: Account;
  name: string | null;
  role: Role;
  beneath: Role | null;
  by: string | null;
  since: Date | null;
}

/** `Ольга, id 601`. */
function whoWords({ name, account }: Pick<Listed, "name" | "account">): string {
  const id = `id${NBSP}${escaped(ledgerNameOf(account))}`;
  return name === null ? id : `${bold(name)}, ${id}`;
}

function listLine(one: Listed, timeZone: string): string {
  const stays = one.beneath === null ? "" : `; и без них останется: ${roles[one.beneath].is}`;
  if (one.since === null) return `${whoWords(one)}: записано в настройках сервера${stays}`;
  const wall = wallTime(one.since, timeZone);
  const since = `с${NBSP}${w.day(wall.slice(0, 10), null)}, ${wall.slice(11, 16)}`;
  const how = one.by === null ? "по первой ссылке" : `кто добавил: ${escaped(one.by)}`;
  return `${whoWords(one)}, ${since} (${how})`;
}

/** The answer to /staff, in as many messages as it takes. `links` wait to be opened. */
export function staffListTexts(list: readonly Listed[], links: number, timeZone: string): string[] {
  const section = (title: string, role: Role) => {
    const some = list.filter((one) => one.role === role);
    return [
      `\n<b>${title}</b>`,
      ...(some.length > 0 ? some.map((one) => listLine(one, timeZone)) : ["пока никого"]),
    ];
  };
  return inMessages([
    "<b>Кто работает с ботом</b>",
    ...section("Владельцы", "owner"),
    ...section("Администраторы", "admin"),
    ...(list.some((one) => one.since === null)
      ? [
          "\nКого называют настройки сервера (ADMINS_IDS, OWNER_IDS), тех в чате не убрать: это делает тот, кто настраивал бота.",
        ]
      : []),
    ...(links > 0 ? [`\nСсылок ещё не открыто: ${links}.`] : []),
  ]);
}

export const rightsButtons = {
  add: (role: Role) => `Добавить ${roles[role].of}`,
  letGo: "Убрать…",
  revoke: "Отозвать ссылки",
  yes: "Добавить",
  yesLetGo: "Убрать",
  no: "Не надо",
  more: "Ещё",
  one: ({ name, account, role }: Pick<Listed, "name" | "account" | "role">) =>
    `${apart(name ?? ledgerNameOf(account))}, ${roles[role].is}`,
};

/** What an owner is told while taking people on and letting them go. */
export const rightsWords = {
  /** Above the message that is to be sent on. */
  add: (role: Role, messenger: string) =>
    `Чтобы добавить ${roles[role].of}, перешлите человеку следующее сообщение. Ссылка в нём сработает один раз, в течение суток. Или пришлите сюда контакт этого человека из ${messenger}.`,
  invitation: (role: Role, title: string, ways: readonly Way[]) =>
    `${title === "" ? "Вас приглашают" : `${bold(title)} приглашает вас`} работать с ботом, ваша роль: ${roles[role].is}. Откройте ссылку и нажмите «Старт»:\n${waysText(ways)}\nОна сработает один раз, в течение суток. Никому её не передавайте.`,
  revoked: () => "Неоткрытые ссылки больше не действуют.",
  notInvited: () => "Хорошо, эта ссылка больше не действует.",
  ask: (role: Role, whom: Pick<Listed, "name" | "account">, phone: string) =>
    `Добавить ${roles[role].of}?\n${whoWords(whom)}, ${escaped(spacedPhone(phone))}`,
  noAccount: (role: Role, messenger: string) =>
    `У этого контакта не видно ${messenger}. Перешлите человеку ссылку: /staff, «Добавить ${roles[role].of}».`,
  notAdded: () => "Хорошо, права не даём. Чтобы открыть карту клиента, пришлите контакт ещё раз.",
  added: (role: Role, name: string, reached: boolean, link: string) =>
    `✅ ${bold(name)}: теперь ${roles[role].is}. ${
      reached
        ? "Бот уже написал этому человеку, что можно делать."
        : `Первым бот написать не может: пусть человек откроет ${escaped(link)} и нажмёт «Старт».`
    }`,
  already: (name: string) => `${bold(name)}: эти права уже есть.`,
  fixed: () => "Права этого человека записаны в настройках сервера, в чате они не меняются.",
  noOwner: () => "Вы больше не владелец.",
  expired: () => "Время вышло. Начните с /staff",
  whom: () => "Кого убрать?",
  nobody: () => "Убирать некого: всех называют настройки сервера.",
  askLetGo: (one: Pick<Listed, "name" | "account" | "role">) =>
    `Убрать ${roles[one.role].of}?\n${whoWords(one)}\nДоступ закроется сразу. Карта клиента, если она есть, останется.`,
  askLeave: () => "Убрать себя из владельцев? Вернуть вас сможет только другой владелец.",
  letGo: (one: Pick<Listed, "name" | "role">) =>
    `✅ ${bold(one.name ?? "")}: больше не ${roles[one.role].is}. Доступ закрыт.`,
  left: () => "✅ Вы больше не владелец. Карта клиента, если она у вас есть, остаётся: /balance",
  lastOwner: () => "Это последний владелец. Сначала добавьте другого.",
  gone: () => "Этого человека уже убрали.",
  /** To the one let go. */
  dismissed: (role: Role) =>
    `Вас убрали из ${role === "owner" ? "владельцев" : "администраторов"}, доступ к кассе закрыт. Карта клиента, если она у вас есть, остаётся: /balance`,
};

/** A change in one line, for owners. `names` are of those who work here. */
export function staffNews(
  change: Omit<StaffChange, "id" | "at">,
  names: ReadonlyMap<Account, string>,
): string {
  const by = change.by === null ? null : calledOf(names, change.by);
  const who = whoWords({ account: change.account, name: names.get(change.account) ?? null });
  if (change.role === null) {
    const was = roles[change.was ?? "admin"].is;
    return `${who}: больше не ${was} (кто убрал: ${escaped(by ?? "?")})`;
  }
  const how =
    by === null ? "по первой ссылке" : `кто добавил: ${escaped(by)}${change.byLink ? ", по ссылке" : ""}`;
  return `${who}: теперь ${roles[change.role].is} (${how})`;
}

const ru = {
  taken: () =>
    "Эту ссылку уже открыл другой человек, второй раз она не сработает. Попросите новую у того, кто её дал.",
  firstTaken: () =>
    "Владелец у бота уже есть: эту ссылку открыл другой человек. Если это не ваш человек, скажите тому, кто настраивал бота.",
  none: () =>
    "Эта ссылка не действует: её время вышло, её отозвали или она уже сработала. Попросите новую у того, кто её дал. Карта клиента — /start",
  already: () => "У вас уже есть эти права. Ссылка не потрачена: перешлите её тому, для кого она.",
  fixed: () =>
    "Ваши права записаны в настройках сервера, ссылка их не меняет. Она не потрачена: перешлите её тому, для кого она.",
};

const en: typeof ru = {
  taken: () =>
    "Somebody else has opened this link, and it works only once. Ask whoever gave it to you for a new one.",
  firstTaken: () =>
    "The bot has an owner already: somebody else has opened this link. If you do not know them, tell whoever set the bot up.",
  none: () =>
    "This link does not work: its time is over, it was taken back, or it has been used. Ask whoever gave it to you for a new one. For a client's card: /start",
  already: () =>
    "You have these rights already. The link is not used up: send it to the person it is meant for.",
  fixed: () =>
    "Your rights stand in the server's settings, and a link does not change them. It is not used up: send it to the person it is meant for.",
};

/** What is said to whoever opens a link that makes them nothing. */
export function linkTexts(language: string | null) {
  return inLanguage(language, ru, en);
}
