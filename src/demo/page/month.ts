// The month after the day, with the programme that the owner has chosen: a level, a friend, points that end, a late refund, papers.

import type { PageAction, Shows } from "./protocol.ts";
import { pay, rowsOfVisit, type TourItem, wrote } from "./steps.ts";

/** What is booked for Anna, and who comes by her word: a client whom the journal does not know yet. */
const bridal = "Свадебный образ";
const [friend, friendPhone, firstVisit] = ["Вера", "89163334455", "Маникюр"];
/** The days of the three leaps: past the friend's gift, into the week before the first points end, past their last day. */
const leaps = [4, 19, 8] as const;

export const visitOf = ({ journal }: Shows, client: string, title: string) =>
  journal.findLast((visit) => visit.client === client && visit.title === title);
const bride = (shows: Shows) => visitOf(shows, "Анна", bridal);
const newcomer = (shows: Shows) => visitOf(shows, friend, firstVisit);

/** The bot answered Anna, or told her, with these words. */
const told =
  (words: RegExp) =>
  ({ anna }: Shows) =>
    anna.messages.some((one) => one.from === "bot" && words.test(one.text));

/** Whoever begins with the month has Anna's card linked first. */
export const withCard = (shows: Shows, action: () => PageAction | null): PageAction | null => {
  const { anna, ledger } = shows;
  if (ledger.cards.some((card) => card.name === "Анна" && card.linked)) return action();
  if (!anna.started) return { do: "start", who: "anna" };
  return anna.keyboard.flat().some((key) => key.contact) ? { do: "contact", who: "anna" } : null;
};

/** Anna asks, and is answered; what she asked before the bot's words `after` is of another day. */
const annaSays = (text: string, asked: RegExp, after = /^/): TourItem => ({
  tab: "anna",
  done: ({ anna: { messages } }) => {
    const from = messages.findIndex((one) => one.from === "bot" && after.test(one.text));
    const at = messages.findLastIndex(wrote(asked));
    return from >= 0 && at > from && messages.slice(at).some((one) => one.from === "bot");
  },
  action: (shows) => withCard(shows, () => ({ do: "say", who: "anna", text })),
});

/** Books a visit, has the client come, and takes the money: one of them each time it is asked. */
const visited = (
  visit: typeof bride,
  client: string,
  title: string,
  kopecks: number,
  done: TourItem["done"],
): TourItem => ({
  tab: "journal",
  done,
  action: (shows) => {
    const now = visit(shows);
    if (!now) return withCard(shows, () => ({ do: "book", client, title, kopecks }));
    return now.attendance === 1 ? pay(now) : { do: "arrive", visit: now.id };
  },
});

const newLevel = /Новый\sуровень|A\snew\slevel/;
const warning = /^⏳/;

/** Days pass up to the leap's own end; `done` is what comes of it. */
const passes = (leap: number, done: TourItem["done"]): TourItem => ({
  tab: "anna",
  done: (shows) => shows.world.passed >= upTo(leap) && done(shows),
  action: ({ world }) => {
    const days = upTo(leap) - world.passed;
    return days > 0 ? { do: "leap", days } : null;
  },
});
const upTo = (leap: number): number => leaps.slice(0, leap).reduce((sum, days) => sum + days, 0);

/** Anna's newest statement that carries a proof: the button under it opens the page that checks it. */
const statement = ({ anna }: Shows) =>
  anna.messages.findLast(
    ({ from, inline }) => from === "bot" && inline.flat().some(({ url }) => url?.endsWith("/proof")),
  );
const printing = /^statement:html/;

/** The programme, a level, a friend, a warning, the end, a refund after it, papers. */
export const monthSteps: TourItem[][] = [
  [
    {
      tab: "owner",
      done: ({ owner }) => owner.messages.some((one) => one.from === "bot" && /Срок баллов/.test(one.text)),
      action: () => ({ do: "programme" }),
    },
    {
      tab: "owner",
      done: ({ owner }) => {
        const at = owner.messages.findLastIndex(wrote(/^\/programme/));
        return at >= 0 && owner.messages.slice(at).some((one) => one.from === "bot");
      },
      action: () => ({ do: "say", who: "owner", text: "/programme" }),
    },
  ],
  [
    visited(bride, "anna", bridal, 30_000_00, told(newLevel)),
    annaSays("/balance", /^\/balance|^Баланс|^Balance/, newLevel),
  ],
  [
    annaSays("/invite", /^\/invite/),
    {
      tab: "admin",
      done: ({ admin }) =>
        admin.messages.some((one) => one.from === "bot" && /по\sприглашению/.test(one.text)),
      action: () => ({ do: "say", who: "admin", text: `/friend ${friendPhone} 89001234567` }),
    },
    visited(
      newcomer,
      "vera",
      firstVisit,
      2_400_00,
      (shows) => rowsOfVisit(shows, newcomer(shows)).length > 0,
    ),
    passes(1, ({ ledger }) =>
      ledger.rows.some((row) => row.kind === "friend" && row.card === "Анна" && row.told),
    ),
  ],
  [passes(2, told(warning))],
  [
    passes(3, ({ ledger }) => ledger.rows.some((row) => row.kind === "expiry" && row.card === "Анна")),
    annaSays("/history", /^\/history|^История|^History/, warning),
  ],
  [
    {
      tab: "journal",
      done: (shows) =>
        rowsOfVisit(shows, bride(shows)).some(
          (row) => row.kind === "correction" && row.points < 0 && row.told,
        ),
      action: (shows) => {
        const visit = bride(shows);
        return visit && visit.paid > 0 ? { do: "refund", visit: visit.id, kopecks: visit.paid } : null;
      },
    },
    {
      tab: "ledger",
      done: ({ ledger }) =>
        ledger.rows.some((row) => row.kind === "expiry" && row.points > 0) &&
        ledger.proof.faults.length === 0,
      action: () => null,
    },
  ],
  [
    {
      tab: "anna",
      done: (shows) => statement(shows) !== undefined,
      action: (shows) => withCard(shows, () => ({ do: "say", who: "anna", text: "/statement" })),
    },
    {
      tab: "anna",
      done: ({ anna }) => anna.messages.some(({ file }) => file?.name.endsWith(".html")),
      action: (shows) => {
        const shown = statement(shows);
        const data = shown?.inline.flat().find((one) => printing.test(one.data ?? ""))?.data;
        return shown && data ? { do: "tap", who: "anna", message: shown.id, data } : null;
      },
    },
    { tab: "ledger", done: ({ ledger }) => ledger.owed.ru !== "", action: () => null },
  ],
];
