// How those who work here see a client, and each other, in Russian: what people are called in a line. HTML, escaped here.

import type { Account } from "../rules/account.ts";
import { calledOf, staffIn } from "../rules/author.ts";
import { apart } from "../rules/name.ts";
import { lastDigits, spacedPhone } from "../rules/phone.ts";
import { escaped } from "./html.ts";
import { NBSP } from "./words.ts";

interface Client {
  phone: string | null;
  name: string | null;
}

/** The name apart from the line it stands in, or that there is none. Plain text, at most so many characters of it. */
export function nameOf(name: string | null, maxChars = 100): string {
  return name === null ? "Без имени" : apart([...name].slice(0, maxChars).join(""));
}

/** `…4567`. Plain text. */
function digitsOf(phone: string | null): string {
  return phone === null ? "без телефона" : `…${lastDigits(phone)}`;
}

/** The same of one of two cards: the whole number where both end alike. Plain text. */
export function digitsBeside(phone: string | null, other: string | null): string {
  const alike = phone !== null && other !== null && lastDigits(phone) === lastDigits(other);
  return alike ? spacedPhone(phone).replaceAll(" ", NBSP) : digitsOf(phone);
}

/** `Анна …4567`. */
export function clientWords({ name, phone }: Client, digits = digitsOf(phone)): string {
  return `${escaped(nameOf(name))} ${escaped(digits)}`;
}

/** Words about a client, in HTML as what is handed in: `Анна …4567. На карте 30 баллов`. */
export function aboutClient(client: Client, html: string): string {
  return `${clientTitle(client)}. ${html}`;
}

/** A name that is longer would leave no room where Telegram takes 200 characters. */
const maxCharsOver = 40;

/** The same as plain text. */
export function overClient({ name, phone }: Client, words: string): string {
  return `${nameOf(name, maxCharsOver)} ${digitsOf(phone)}. ${words}`;
}

/** The same with the name in bold. */
export function clientTitle({ name, phone }: Client, digits = digitsOf(phone)): string {
  return `<b>${escaped(nameOf(name))}</b> ${escaped(digits)}`;
}

/** An admin, told from the clients by their post: `кассир Ольга`. Plain text. */
function cashierWords(name: string): string {
  return `кассир ${apart(name)}`;
}

/** The owner who agreed to it, or did it as an owner. Plain text. */
export function ownerWords(name: string): string {
  return `владелец ${apart(name)}`;
}

/** Whoever did it, by their post now. Plain text. */
export function postWords(
  account: Account,
  names: ReadonlyMap<Account, string>,
  owners: readonly Account[],
): string {
  const name = calledOf(names, account);
  return owners.includes(account) ? ownerWords(name) : cashierWords(name);
}

/** Those of the staff in an author as the ledger has it: `кассир Ольга, владелец Ирина`; empty where a person did nothing. */
export function staffWords(
  author: string,
  names: ReadonlyMap<Account, string>,
  owners: readonly Account[],
): string {
  const [did, agreed] = staffIn(author);
  const people = [
    ...(did ? [postWords(did, names, owners)] : []),
    ...(agreed ? [ownerWords(calledOf(names, agreed))] : []),
  ];
  return people.map(escaped).join(", ");
}
