// The demo's salon: its branch and its clock, its people, and the journal as it stands when the day begins.

import type { MaxProfile } from "../standins/max/messages.ts";
import type { Profile } from "../standins/telegram/chats.ts";
import type { Journal } from "../standins/yclients/journal.ts";
import { type Branch, offsetMinutes } from "../standins/yclients/record.ts";
import type { Who } from "./page/protocol.ts";

const salon = { id: 4564, title: "Салон «Мята»" };
/** The salon opens at ten and closes at eight; a demo finds it at this hour, whatever the hour outside. */
const openedAt = 14;

/**
 * The branch, in the zone where it is about two in the afternoon at `now`. The program, its database and the stand-ins all
 * go by the true clock, so nothing of the night (quiet hours, a day that ends) gets into the salon's day.
 */
export function companyAt(now: Date): Branch {
  // From 9 hours behind UTC to 14 ahead: there is a zone for each. POSIX writes their signs the other way round.
  const offset = openedAt - now.getUTCHours();
  return {
    ...salon,
    timeZone: offset === 0 ? "Etc/GMT" : `Etc/GMT${offset < 0 ? "+" : "-"}${Math.abs(offset)}`,
  };
}

/** The client whose chat is played, who stands at the till, and whose salon it is. */
export const anna = { id: 501, firstName: "Анна", phone: "+79001234567" } satisfies Profile;
export const admin = { id: 900, firstName: "Ольга", phone: "+79005550101" } satisfies Profile;
export const owner = { id: 901, firstName: "Елена", phone: "+79005550102" } satisfies Profile;
export const people: Record<Exclude<Who, "max">, Profile> = { anna, admin, owner };
/** The same client in MAX. */
export const annaInMax = { ...anna, id: 77_000_501 } satisfies MaxProfile;

/** The journal's clients, by the word the page knows each by. */
export const clients = {
  anna: { id: 81_001, name: "Анна", phone: anna.phone },
  pyotr: { id: 81_002, name: "Пётр", phone: "+79007654321" },
  maria: { id: 81_003, name: "Мария", phone: "+79161112233" },
  vera: { id: 81_005, name: "Вера", phone: "+79163334455" },
  elena: { id: 81_006, name: "Елена", phone: owner.phone },
  ilya: { id: 81_004, name: "Илья", phone: "+79254445566" },
};
export type ClientWord = keyof typeof clients;

const hour = 3_600_000;

/**
 * Anna's colouring of three days ago is paid, so points wait for her; her haircut of today was an hour ago and is not paid
 * yet. `now` is the instant at which the day is opened.
 */
export function openJournal(journal: Journal, company: Branch, now: Date): void {
  const zone = offsetMinutes(now, company.timeZone) * 60_000;
  const midnight = Math.floor((now.getTime() + zone) / (24 * hour)) * 24 * hour - zone;
  const book = (client: ClientWord, at: number, title: string, roubles: number) =>
    journal.book({
      companyId: company.id,
      client: clients[client],
      startsAt: new Date(midnight + at * hour),
      services: [{ title, cost: roubles * 100 }],
    });
  const coloured = book("anna", 12 - 72, "Окрашивание", 22_000);
  journal.arrive(coloured);
  journal.pay(coloured);
  const beard = book("pyotr", 10.5, "Стрижка бороды", 1_200);
  journal.arrive(beard);
  journal.pay(beard);
  journal.confirm(book("maria", 11.5, "Маникюр", 2_400));
  book("anna", 13, "Стрижка", 3_500);
  book("ilya", 15.5, "Стрижка", 1_800);
  book("maria", 18, "Массаж", 4_200);
}
