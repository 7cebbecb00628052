// The words of the owners' workbook, in Russian and English. Plain text: it stands in cells.

import type { Account } from "../rules/account.ts";
import { calledOf, staffIn } from "../rules/author.ts";
import { apart } from "../rules/name.ts";
import { lastDigits } from "../rules/phone.ts";
import { inLanguage } from "../texts/language.ts";
import { causesIn, reasonWords } from "../texts/reasons.ts";
import type { Word } from "../visits/visit.rule.ts";
import type { ChangeLine, WhoseLine } from "./workbook.store.ts";

interface Said {
  changes: { sheet: string; columns: string[] };
  balances: { sheet: string; columns: string[] };
  noName: string;
  noPhone: string;
  forgotten: string;
  yes: string;
  no: string;
  branch: string;
  journal: string;
  earlier: string;
  client: string;
  programme: string;
  kinds: Record<string, string>;
  /** What a row that takes another back is called, by that one's kind. */
  undone: Record<string, string>;
}

type Cause = Exclude<Word, "awarded"> | "paid" | "paid_again" | "edited" | "moved";

const ru: Said = {
  changes: {
    sheet: "Изменения",
    columns: ["Дата изменения", "Дата визита", "Клиент", "Баллы", "За что", "Счёт, ₽", "Кто", "Филиал"],
  },
  balances: {
    sheet: "Остатки",
    columns: ["Клиент", "Баллы на карте", "Последний визит", "В мессенджере", "Долг, баллы"],
  },
  ...{ noName: "Без имени", noPhone: "без телефона", forgotten: "Удалённая карта", yes: "да", no: "нет" },
  ...{ branch: "филиал", journal: "журнал YCLIENTS", earlier: "прежняя программа", client: "клиент" },
  programme: "программа",
  kinds: {
    ...{ award: "визит", correction: "пересчёт визита", spend: "списание", credit: "начисление" },
    ...{ debit: "снятие", undo: "отмена", move: "перенос между картами", merged: "карты объединены" },
    ...{ opening: "остаток из прежней программы", taken_back: "остаток из прежней программы снят" },
    ...{ expiry: "сгорело", welcome: "подарок новому клиенту", birthday: "подарок ко дню рождения" },
    friend: "за приглашение друга",
  },
  undone: {
    ...{ spend: "отмена списания", credit: "отмена начисления", debit: "отмена снятия" },
    move: "отмена переноса",
    ...{
      welcome: "подарок снят",
      birthday: "подарок снят",
      friend: "подарок снят",
      expiry: "сгоревшее возвращено",
    },
  },
};

const en: Said = {
  changes: {
    sheet: "Changes",
    columns: ["Changed", "Visit", "Client", "Points", "Reason", "Bill, ₽", "By", "Branch"],
  },
  balances: {
    sheet: "Balances",
    columns: ["Client", "Points on the card", "Last visit", "In a messenger", "Debt, points"],
  },
  ...{ noName: "No name", noPhone: "no phone", forgotten: "Removed card", yes: "yes", no: "no" },
  ...{ branch: "branch", journal: "YCLIENTS", earlier: "earlier programme", client: "client" },
  programme: "the programme",
  kinds: {
    ...{
      award: "visit",
      correction: "visit counted again",
      spend: "spent",
      credit: "given",
      debit: "taken off",
    },
    ...{ undo: "undone", move: "moved between cards", merged: "cards merged" },
    opening: "balance of the earlier programme",
    taken_back: "balance of the earlier programme taken off",
    ...{
      expiry: "expired",
      welcome: "welcome gift",
      birthday: "birthday gift",
      friend: "for inviting a friend",
    },
  },
  undone: {
    ...{ spend: "spending undone", credit: "credit undone", debit: "debit undone" },
    move: "move undone",
    ...{ welcome: "gift taken back", birthday: "gift taken back", friend: "gift taken back" },
    expiry: "expired points returned",
  },
};

/** The workbook's words in a language as a messenger writes it. */
export function workbookWords(language: string | null | undefined) {
  const said = inLanguage(language, ru, en);
  const causes: Record<Cause, string> = causesIn(language);
  return {
    ...{ changes: said.changes, balances: said.balances },
    mark: (is: boolean) => (is ? said.yes : said.no),
    /** `Анна …4567`. */
    client: ({ name, phone, forgotten }: WhoseLine) =>
      forgotten
        ? said.forgotten
        : `${name === null ? said.noName : apart(name)} ${phone === null ? said.noPhone : `…${lastDigits(phone)}`}`,
    /** `начисление: за ожидание`. */
    reason: ({ kind, of, reason }: ChangeLine) => {
      const what = ((kind === "undo" || kind === of) && said.undone[of ?? ""]) || (said.kinds[kind] ?? kind);
      const cause = kind === "award" || kind === "correction" ? causes[reason as Cause] : undefined;
      const why = cause ?? reasonWords(reason ?? "", language);
      return why === "" ? what : `${what}: ${why}`;
    },
    /** People by name, the owner who agreed behind the admin; else what made the change by itself. */
    author: (actor: string, names: ReadonlyMap<Account, string>) => {
      const staff = staffIn(actor).map((account) => apart(calledOf(names, account)));
      if (staff.length > 0) return staff.join(", ");
      if (/^(import|list):/.test(actor)) return said.earlier;
      if (actor === "programme") return said.programme;
      return actor.startsWith("client:") ? said.client : said.journal;
    },
    branch: ({ company, branch }: ChangeLine) =>
      company === null ? null : branch === null ? `${said.branch} ${company}` : apart(branch),
  };
}
