// The rights that the program needs of the user token, in words: what each is for, and where YCLIENTS gives it.

import type { Rights } from "../yclients/rights.ts";

type Needed = Exclude<keyof Rights, "paymentDays">;

/** What a right lets its user do, what the program needs it for, and the sections of YCLIENTS's rights where it stands. */
const rights: Record<Needed, { to: string; why: string; sections: string }> = {
  journal: { to: "open the journal", why: "visits are read from it", sections: "Журнал записи" },
  phones: {
    to: "see clients' phones",
    why: "by the phone a visit finds its card",
    sections: "Журнал записи, Клиентская база",
  },
  payments: {
    to: "see finance operations of all days",
    why: "points are given on what was paid, and taken back for what was returned",
    sections: "Финансы",
  },
};

export const neededRights = Object.keys(rights) as Needed[];

/** The right and what it is for. */
export function rightWords(right: Needed): string {
  return `${rights[right].to}: ${rights[right].why}`;
}

/** Where users of a branch are kept (YCLIENTS's help: "User access rights settings"). */
export const usersPage = "Настройки → Пользователи";

/** Where the right is given to a user of the branch. */
export function whereGiven(right: Needed): string {
  return `in YCLIENTS, ${usersPage} → the user or the role → Права доступа: ${rights[right].sections}`;
}

/** What to do where the user token lacks it. */
export function giveRight(right: Needed): string {
  return `let the user of YCLIENTS_USER_TOKEN ${rights[right].to}, ${whereGiven(right)}`;
}
