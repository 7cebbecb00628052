// The chapter of MAX beside Telegram: one card in both, and what that is worth while Telegram is away.

import { maxLink } from "./message.ts";
import { visitOf, withCard } from "./month.ts";
import type { Chat, PageAction, Shows, Visit } from "./protocol.ts";
import { pay, rowsOfVisit, type TourItem, wrote } from "./steps.ts";
import { isQuiet } from "./waits.ts";

/** What is paid while Telegram is away: the first is heard when Anna writes in MAX, the second by itself. */
const [first, second] = [
  { title: "Ламинирование", kopecks: 3_000_00 },
  { title: "Пилинг", kopecks: 2_000_00 },
];
type Paid = typeof first;
const visit = (shows: Shows, { title }: Paid): Visit | undefined => visitOf(shows, "Анна", title);
const award = (shows: Shows, paid: Paid) =>
  rowsOfVisit(shows, visit(shows, paid)).find((row) => row.kind === "award");
const isTold = (shows: Shows, paid: Paid) => award(shows, paid)?.told === true;

/** Longer than a messenger is waited for. */
const awayMinutes = 6;

const inMax = ({ ledger }: Shows) =>
  ledger.cards.some((card) => card.name === "Анна" && card.channels.includes("max"));

/** What the newest link that carries her card starts with, and where it stands in the chat. */
function carryLink({ anna }: Shows): { at: number; payload: string } | null {
  const at = anna.messages.findLastIndex(({ from, text }) => from === "bot" && maxLink.test(text));
  const payload = maxLink.exec(anna.messages[at]?.text ?? "")?.[1];
  return payload === undefined ? null : { at, payload };
}

/** She asks for the link in the help, as anybody does. */
const askForLink = (shows: Shows): PageAction | null => {
  const offer = shows.anna.messages.findLast(({ inline }) =>
    inline.flat().some(({ data }) => data === "carry:max"),
  );
  return offer
    ? { do: "tap", who: "anna", message: offer.id, data: "carry:max" }
    : { do: "say", who: "anna", text: "/help" };
};

const asksBalance = wrote(/^\/balance|^Баланс|^Balance/);
/** What she has was asked and answered from this message on. */
const saidBalance = ({ messages }: Chat, from: number) => {
  const at = messages.findLastIndex(asksBalance);
  return at > from && messages.slice(at).some((one) => one.from === "bot");
};

const telegramGoes: TourItem = {
  tab: "dock",
  done: ({ world }) => world.faults.telegramDown === true,
  action: () => ({ do: "fault", name: "telegramDown", on: true }),
};

const telegramIsBack: TourItem = {
  tab: "dock",
  done: (shows) => shows.world.faults.telegramDown === false && isQuiet(shows),
  action: () => ({ do: "fault", name: "telegramDown", on: false }),
};

/** Booked and paid; done once its message should have gone, and Telegram was not there. */
const paidUntold = (paid: Paid): TourItem => ({
  tab: "journal",
  done: (shows) => award(shows, paid) !== undefined && (shows.ledger.late > 0 || isTold(shows, paid)),
  action: (shows) => {
    const now = visit(shows, paid);
    return now ? pay(now) : { do: "book", client: "anna", ...paid };
  },
});

const passes = (minutes: number, done: TourItem["done"]): TourItem => ({
  tab: "max",
  done,
  action: ({ world }) => (world.minutes < minutes ? { do: "pass", minutes: awayMinutes } : null),
});

/** MAX is switched on, the card moves, Telegram goes: asked first, then with a contract; and all sums hold. */
export const maxSteps: TourItem[][] = [
  [
    {
      tab: "max",
      done: ({ world }) => world.max !== null && world.program === "running",
      action: ({ world }) => (world.max ? null : { do: "max" }),
    },
  ],
  [
    {
      tab: "anna",
      done: (shows) => carryLink(shows) !== null || inMax(shows),
      action: (shows) => withCard(shows, () => askForLink(shows)),
    },
    {
      tab: "max",
      done: (shows) => shows.max.messages.some(({ from }) => from === "bot"),
      action: (shows) => {
        const link = carryLink(shows);
        return link && { do: "link", who: "max", payload: link.payload };
      },
    },
    {
      tab: "max",
      done: inMax,
      action: ({ max }) =>
        max.messages.some(({ inline }) => inline.flat().some(({ contact }) => contact))
          ? { do: "contact", who: "max" }
          : null,
    },
    {
      tab: "max",
      done: (shows) => saidBalance(shows.max, 0) && saidBalance(shows.anna, carryLink(shows)?.at ?? -1),
      action: ({ max }) => ({ do: "say", who: saidBalance(max, 0) ? "anna" : "max", text: "/balance" }),
    },
  ],
  [
    telegramGoes,
    paidUntold(first),
    passes(awayMinutes, ({ world }) => world.minutes >= awayMinutes),
    {
      tab: "max",
      done: (shows) => isTold(shows, first),
      action: () => ({ do: "say", who: "max", text: "/balance" }),
    },
  ],
  [
    telegramIsBack,
    {
      tab: "anna",
      done: (shows) => {
        const since = award(shows, first)?.at ?? 0;
        return shows.anna.messages.some((one) => asksBalance(one) && one.at > since) && isQuiet(shows);
      },
      action: () => ({ do: "say", who: "anna", text: "/balance" }),
    },
  ],
  [
    {
      tab: "max",
      done: ({ world }) => world.max?.atOnce === true && world.program === "running",
      action: ({ world }) => (world.max?.atOnce ? null : { do: "atOnce" }),
    },
    telegramGoes,
    paidUntold(second),
    passes(2 * awayMinutes, (shows) => isTold(shows, second)),
  ],
  [
    telegramIsBack,
    { tab: "ledger", done: ({ ledger }) => ledger.proof.faults.length === 0, action: () => null },
  ],
];
