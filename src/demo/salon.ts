// The demo's salon: its branch, its people, and the journal as it stands when the day begins.

import type { Profile } from "../standins/telegram/chats.ts";
import type { Journal } from "../standins/yclients/journal.ts";
import { offsetMinutes } from "../standins/yclients/record.ts";

export const company = { id: 4564, title: "Салон «Мята»", timeZone: "Europe/Moscow" };

/** The client whose chat is played, and who stands at the till. */
export const anna = { id: 501, firstName: "Анна", phone: "+79001234567" } satisfies Profile;
export const admin = { id: 900, firstName: "Ольга", phone: "+79005550101" } satisfies Profile;

/** The journal's clients, by the word the page knows each by. */
export const clients = {
  anna: { id: 81_001, name: "Анна", phone: anna.phone },
  pyotr: { id: 81_002, name: "Пётр", phone: "+79007654321" },
  maria: { id: 81_003, name: "Мария", phone: "+79161112233" },
  ilya: { id: 81_004, name: "Илья", phone: "+79254445566" },
};
export type ClientWord = keyof typeof clients;

const hour = 3_600_000;

/**
 * Anna's colouring of three days ago is paid, so points wait for her; her haircut of today was an hour ago and is not paid
 * yet. `now` is the instant at which the day is opened; its visits stay within it, however late that is.
 */
export function openJournal(journal: Journal, now: Date): void {
  const zone = offsetMinutes(now, company.timeZone) * 60_000;
  const midnight = Math.floor((now.getTime() + zone) / (24 * hour)) * 24 * hour - zone;
  const half = Math.floor(now.getTime() / (hour / 2)) * (hour / 2);
  const today = (hours: number) => Math.min(Math.max(half + hours * hour, midnight), midnight + 23.5 * hour);
  const book = (client: ClientWord, at: number, title: string, roubles: number) =>
    journal.book({
      companyId: company.id,
      client: clients[client],
      startsAt: new Date(at),
      services: [{ title, cost: roubles * 100 }],
    });
  const coloured = book("anna", midnight - 60 * hour, "Окрашивание", 22_000);
  journal.arrive(coloured);
  journal.pay(coloured);
  const beard = book("pyotr", today(-3), "Стрижка бороды", 1_200);
  journal.arrive(beard);
  journal.pay(beard);
  journal.confirm(book("maria", today(-2), "Маникюр", 2_400));
  book("anna", today(-1), "Стрижка", 3_500);
  book("ilya", today(1), "Стрижка", 1_800);
  book("maria", today(2.5), "Массаж", 4_200);
}
