// A salon's day: what happens in the journal and in the chats, and what each of it must make the bot say.

import { decimal } from "../rules/money.ts";
import { findCompany } from "../visits/branch.ts";
import type { DayStep, Salon } from "./play.ts";
import { anna, clients } from "./salon.ts";

const pyotr = { id: 502, firstName: "Пётр", phone: clients.pyotr.phone };

/** The steps of the day, in their order. Their visits are some hours from now, by any clock. */
export function dayOfSalon(salon: Salon): DayStep[] {
  return [beginning(salon), ...inTheMorning(salon), ...afterNoon(salon)];
}

/** Until YCLIENTS has said the salon's name and the journal was read, a greeting could not name it. */
export async function isJournalRead({ db, company }: Salon): Promise<boolean> {
  return ((await findCompany(db, company.id))?.mark ?? null) !== null;
}

function beginning(salon: Salon): DayStep {
  return {
    title: "The program reads the branch for the first time",
    act: () => {},
    sees: {
      what: "end of the first pass",
      holds: () => isJournalRead(salon),
    },
  };
}

/** Anna links her card and is told of every change of two visits. */
function inTheMorning({ company, journal, telegram }: Salon): DayStep[] {
  const person = telegram.person(anna);
  const visit = { companyId: company.id, client: clients.anna };
  const hears = (...words: RegExp[]) => ({ person, words });
  let [cut, massage] = [0, 0];
  return [
    {
      title: "Anna presses Start",
      act: () => person.start(),
      hears: hears(/ваша карта лояльности/, /Согласие на обработку персональных данных/),
    },
    {
      title: "Anna agrees, and so shares her number",
      act: () => person.tap("Согласен"),
      hears: hears(/Готово, Анна! Ваша карта …4567, баллов на ней пока нет/),
    },
    {
      title: "Journal: Anna's haircut of an hour ago is paid, 3 500 ₽",
      act: () => {
        cut = journal.book({
          ...visit,
          startsAt: inHours(-1),
          services: [{ title: "Стрижка", cost: 3_500_00 }],
        });
        journal.arrive(cut);
        journal.pay(cut);
      },
      hears: hears(/\+35\sбаллов.*оплачено 3\s500\s₽/),
    },
    {
      title: "Journal: the price was wrong, it is 3 000 ₽, and 500 ₽ are given back",
      act: () => {
        journal.editPrice(cut, 3_000_00);
        journal.refundByNegative(cut, 500_00);
      },
      hears: hears(/оплачено 3\s000\s₽ вместо 3\s500\s₽.*−5\sбаллов.*На карте 30\sбаллов/s),
    },
    {
      title: "Journal: Anna prepays a massage that is in three hours, 2 000 ₽",
      act: () => {
        massage = journal.book({
          ...visit,
          startsAt: inHours(3),
          services: [{ title: "Массаж", cost: 2_000_00 }],
        });
        journal.prepay(massage);
      },
      hears: hears(/\+20\sбаллов за визит.*Если он не состоится/),
    },
    {
      title: "Journal: Anna does not come, the massage is marked as a no-show",
      act: () => journal.noShow(massage),
      hears: hears(/несостоявшийся, −20\sбаллов/),
    },
    {
      title: "Journal: the haircut is refunded",
      act: () => journal.refund(cut),
      hears: hears(/возвращена, поэтому сняли 30\sбаллов/),
    },
  ];
}

/** Points that wait, kopecks, and two people who ask what they have. */
function afterNoon(salon: Salon): DayStep[] {
  const { company, journal, telegram } = salon;
  const [person, other] = [telegram.person(anna), telegram.person(pyotr)];
  const hears = (...words: RegExp[]) => ({ person, words });
  const book = (client: keyof typeof clients, title: string, cost: number, visitId?: number) =>
    journal.book({
      companyId: company.id,
      client: clients[client],
      startsAt: inHours(-0.5),
      services: [{ title, cost }],
      ...(visitId !== undefined && { visitId }),
    });
  return [
    {
      title: "Journal: Pyotr, who is not in Telegram, pays 1 200 ₽: his points wait on his card",
      act: () => journal.pay(book("pyotr", "Стрижка", 1_200_00)),
      sees: cardHolds(salon, pyotr.phone, 12_00),
    },
    {
      title: "Journal: two records of one visit of Anna's are paid, 11 523,81 ₽ and 10 476,19 ₽",
      act: () => {
        const colour = book("anna", "Окрашивание", 11_523_81);
        const care = book("anna", "Уход", 10_476_19, journal.record(colour).visit_id);
        for (const record of [colour, care]) journal.pay(record);
      },
      hears: hears(/\+220\sбаллов.*оплачено 22\s000\s₽.*На карте 220/),
    },
    {
      title: "Anna asks what she has",
      act: () => person.say("/balance"),
      hears: hears(/220\sбаллов/),
      sees: cardHolds(salon, anna.phone, 220_00),
    },
    {
      title: "Pyotr presses Start",
      act: () => other.start(),
      hears: { person: other, words: [/карта/, /Согласие/] },
    },
    {
      title: "Pyotr shares his number, and finds his points",
      act: () => other.tap("Согласен"),
      hears: { person: other, words: [/уже 12\sбаллов за 1\sвизит/] },
      sees: cardHolds(salon, pyotr.phone, 12_00),
    },
  ];
}

/** The points on a phone's card (hundredths), read by the owner's own SQL as the contract lets anybody. */
function cardHolds({ db }: Salon, phone: string, points: number): NonNullable<DayStep["sees"]> {
  return {
    what: `card of ${phone} with ${decimal(points)} points`,
    holds: async () => {
      const [row] = await db<{ balance: number }[]>`
        select balance from balances join clients on clients.id = client_id where phone = ${phone}`;
      return row?.balance === points;
    },
  };
}

function inHours(hours: number): Date {
  return new Date(Date.now() + hours * 3_600_000);
}
