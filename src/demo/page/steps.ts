// The tour's six steps: where each item happens, what shows that it was done, and the action that does it.

import type { PageAction, Row, Shows, Visit } from "./protocol.ts";
import type { Tab } from "./tabs.ts";
import { isQuiet } from "./waits.ts";

/** `done` is asked of what is now; what was seen once stays done. `action` is null when it cannot be done yet. */
export interface TourItem {
  tab: Tab;
  done: (shows: Shows) => boolean;
  action: (shows: Shows) => PageAction | null;
}

const newTitle = "Укладка";
const ofAnna = ({ journal }: Shows) => journal.filter((visit) => visit.client === "Анна");
const haircut = (shows: Shows) => ofAnna(shows).find((visit) => visit.title === "Стрижка");
const extra = (shows: Shows) =>
  ofAnna(shows).findLast((visit) => !/^(Стрижка|Окрашивание)$/.test(visit.title));
export const rowsOfVisit = ({ ledger }: Shows, visit: Visit | undefined): Row[] =>
  ledger.rows.filter((row) => visit !== undefined && row.record === visit.id);
const spend = ({ ledger }: Shows) => ledger.rows.find((row) => row.kind === "spend");
export const pay = ({ id, paidFull }: Visit): PageAction | null =>
  paidFull ? null : { do: "pay", visit: id };
const onHaircut = (make: (visit: Visit) => PageAction | null) => (shows: Shows) => {
  const visit = haircut(shows);
  return visit ? make(visit) : null;
};
export const wrote = (words: RegExp) => (one: { from: string; text: string }) =>
  one.from === "person" && words.test(one.text);

const isPicture = (one: { photo: string | null }) => one.photo !== null;

/** Linking, a payment, a refund, the till, faults, the proof. */
export const tourSteps: TourItem[][] = [
  [
    { tab: "anna", done: ({ anna }) => anna.started, action: () => ({ do: "start", who: "anna" }) },
    {
      tab: "anna",
      done: ({ ledger }) => ledger.cards.some((card) => card.name === "Анна" && card.linked),
      action: ({ anna }) =>
        anna.keyboard.flat().some((key) => key.contact) ? { do: "contact", who: "anna" } : null,
    },
  ],
  [
    {
      tab: "journal",
      done: (shows) => haircut(shows)?.attendance === 1,
      action: onHaircut(({ id }) => ({ do: "arrive", visit: id })),
    },
    {
      tab: "journal",
      done: (shows) => rowsOfVisit(shows, haircut(shows)).some((row) => row.kind === "award" && row.told),
      action: onHaircut(pay),
    },
  ],
  [
    {
      tab: "journal",
      done: (shows) => rowsOfVisit(shows, haircut(shows)).some((row) => row.points < 0 && row.told),
      action: onHaircut(({ id, paid }) => (paid > 0 ? { do: "refund", visit: id, kopecks: paid } : null)),
    },
    {
      tab: "anna",
      done: ({ anna }) => anna.messages.some(wrote(/^\/why|^История|^History/)),
      action: () => ({ do: "say", who: "anna", text: "/why" }),
    },
  ],
  [
    {
      tab: "admin",
      done: ({ admin }) => admin.messages.some(wrote(/4567\s+\d/)),
      action: () => ({ do: "say", who: "admin", text: "89001234567 3500" }),
    },
    { tab: "admin", done: (shows) => spend(shows) !== undefined, action: spendTap },
    {
      tab: "journal",
      done: (shows) => (haircut(shows)?.price ?? 350_000) < 350_000,
      action: (shows) => {
        const [visit, row] = [haircut(shows), spend(shows)];
        return visit && row ? { do: "editPrice", visit: visit.id, kopecks: visit.price + row.points } : null;
      },
    },
    {
      tab: "journal",
      done: (shows) => haircut(shows)?.paidFull === true && spend(shows) !== undefined,
      action: onHaircut(pay),
    },
  ],
  [
    {
      tab: "dock",
      done: ({ world }) => world.faults.telegramDown === true,
      action: () => ({ do: "fault", name: "telegramDown", on: true }),
    },
    {
      tab: "journal",
      done: (shows) => rowsOfVisit(shows, extra(shows)).length > 0,
      action: (shows) => {
        const visit = extra(shows);
        if (!visit) return { do: "book", client: "anna", title: newTitle, kopecks: 150_000 };
        return pay(visit);
      },
    },
    { tab: "dock", done: ({ world }) => world.deaths > 0, action: () => ({ do: "kill" }) },
    {
      tab: "dock",
      done: (shows) =>
        Object.values(shows.world.faults).every((on) => !on) && isQuiet(shows) && shows.world.deaths > 0,
      action: () => ({ do: "fault", name: "telegramDown", on: false }),
    },
  ],
  [
    {
      tab: "owner",
      done: ({ owner }) =>
        owner.messages.slice(owner.messages.findIndex(wrote(/^\/stats/)) + 1).some(isPicture),
      action: () => ({ do: "say", who: "owner", text: "/stats" }),
    },
    {
      tab: "owner",
      done: ({ owner }) => owner.messages.some((one) => one.file !== null),
      action: () => ({ do: "say", who: "owner", text: "/export" }),
    },
    {
      tab: "ledger",
      done: ({ ledger }) => ledger.rows.length > 0 && ledger.proof.faults.length === 0,
      action: () => null,
    },
  ],
];

function spendTap({ admin }: Shows): PageAction | null {
  for (const message of admin.messages.toReversed()) {
    const button = message.inline
      .flat()
      .find((one) => one.data !== undefined && /^Списать \d/.test(one.text));
    if (button?.data) return { do: "tap", who: "admin", message: message.id, data: button.data };
  }
  return null;
}
