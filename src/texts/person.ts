// How those who work here see a client, in Russian: a name and the phone's last digits. HTML, escaped here.

import { lastDigits } from "../rules/phone.ts";
import { escaped } from "./html.ts";

interface Client {
  phone: string | null;
  name: string | null;
}

/** The name, or that there is none. Plain text. */
export function nameOf(name: string | null): string {
  return name ?? "Без имени";
}

/** `…4567`. Plain text. */
export function digitsOf(phone: string | null): string {
  return phone === null ? "без телефона" : `…${lastDigits(phone)}`;
}

/** `Анна …4567`. */
export function clientWords({ name, phone }: Client): string {
  return escaped(`${nameOf(name)} ${digitsOf(phone)}`);
}

/** The same with the name in bold. */
export function clientTitle({ name, phone }: Client): string {
  return `<b>${escaped(nameOf(name))}</b> ${escaped(digitsOf(phone))}`;
}
