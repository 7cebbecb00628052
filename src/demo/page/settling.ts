// The chapter of spends that settle their visit: tried, on a bill, taken back, and through a YCLIENTS that dies in the middle.

import { currentLanguage } from "./language.ts";
import { visitOf, withCard } from "./month.ts";
import type { Message, PageAction, Shows } from "./protocol.ts";
import { pay, rowsOfVisit, type TourItem, wrote } from "./steps.ts";

const title = "Мелирование";
/** Another bill than the day's: the till asks about a second spend on one of the same sum. */
const [price, spent] = [4_000_00, 340];
const visit = (shows: Shows) => visitOf(shows, "Анна", title);

/** What Anna can spend, whole points. */
const held = ({ ledger }: Shows) =>
  Math.floor((ledger.cards.find((card) => card.name === "Анна")?.balance ?? 0) / 100);

const tap = (message: Message, label: RegExp): PageAction | null => {
  const data = message.inline.flat().find((one) => one.data !== undefined && label.test(one.text))?.data;
  return data === undefined ? null : { do: "tap", who: "admin", message: message.id, data };
};

const bill = "89001234567 4000";
/** What stands at the till since her bill was last written there. */
function sinceBill({ admin: { messages } }: Shows): Message[] {
  const at = messages.findLastIndex(wrote(/4567\s+4000/));
  return at < 0 ? [] : messages.slice(at);
}

const screenSays = (shows: Shows, says: RegExp) =>
  sinceBill(shows).some(({ from, text }) => from === "bot" && says.test(text));

/** The newest such button. */
const tapSinceBill = (shows: Shows, label: RegExp) =>
  sinceBill(shows).reduceRight<PageAction | null>((found, message) => found ?? tap(message, label), null);

/** The button that spends on her visit, where she has several too: its hour is on it then. */
const spends = (shows: Shows) =>
  new RegExp(`^(Списать|Другой счёт: списать) \\d.*→|^${visit(shows)?.at.slice(11)}, .*: списать`);

/** The till's word of a spend that has lowered the journal's bill: that of one by hand is another. */
const onBill = /✅\sСписано\s\d+\.\sВ\sжурнале/;

/** Her bill is written and the button tapped, each when it can be. */
const spend = (shows: Shows): PageAction | null => {
  const asked = tapSinceBill(shows, spends(shows));
  if (asked) return asked;
  return screenSays(shows, onBill) || screenSays(shows, /⏳/)
    ? null
    : { do: "say", who: "admin", text: bill };
};

/** Points are on the bill, nothing is left on the card, and the till's screen says so. */
const stands = (shows: Shows) => {
  const now = visit(shows);
  return now !== undefined && now.points > 0 && now.card?.balance === 0 && screenSays(shows, onBill);
};

/** The trial, a spend, its undo, a spend in whose middle YCLIENTS dies, the rest in money. */
export const settlingSteps: TourItem[][] = [
  [
    {
      tab: "journal",
      done: ({ world }) => world.trial.state === "passed",
      action: ({ world }) =>
        world.trial.state === "none" ? { do: "trial", language: currentLanguage() } : null,
    },
    {
      tab: "journal",
      done: ({ world }) => world.settles && world.program === "running",
      action: ({ world }) => (world.settles ? null : { do: "settling" }),
    },
  ],
  [
    {
      tab: "admin",
      done: (shows) => held(shows) >= spent,
      action: (shows) =>
        withCard(shows, () => {
          const lacks = spent - held(shows);
          const newest = shows.admin.messages.at(-1);
          // It is given, and the ledger is read in a moment.
          if (newest?.text.includes("Начислено")) return null;
          const give = newest && tap(newest, new RegExp(`^Начислить ${lacks}$`));
          return give ?? { do: "say", who: "admin", text: `/credit 89001234567 ${lacks} подарок` };
        }),
    },
    {
      tab: "journal",
      done: (shows) => visit(shows) !== undefined && shows.ledger.read[visit(shows)?.id ?? 0] !== undefined,
      action: (shows) => (visit(shows) ? null : { do: "book", client: "anna", title, kopecks: price }),
    },
    { tab: "admin", done: stands, action: spend },
    { tab: "journal", done: stands, action: () => null },
  ],
  [
    {
      tab: "admin",
      done: (shows) => visit(shows)?.points === 0 && screenSays(shows, /↩️/),
      action: (shows) => tapSinceBill(shows, /^Отменить|^Вернуть/),
    },
    { tab: "journal", done: (shows) => visit(shows)?.points === 0, action: () => null },
  ],
  [
    {
      tab: "dock",
      done: ({ world: { faults } }) => faults.yclientsDies === true || faults.yclientsDown === true,
      action: () => ({ do: "fault", name: "yclientsDies", on: true }),
    },
    {
      tab: "admin",
      done: (shows) => shows.world.faults.yclientsDown === true && screenSays(shows, /⏳/),
      action: spend,
    },
    {
      tab: "dock",
      done: (shows) => shows.world.faults.yclientsDown === false && stands(shows),
      action: () => ({ do: "fault", name: "yclientsDown", on: false }),
    },
    { tab: "journal", done: stands, action: () => null },
  ],
  [
    {
      tab: "journal",
      done: (shows) => rowsOfVisit(shows, visit(shows)).some((row) => row.kind === "award" && row.told),
      action: (shows) => {
        const now = visit(shows);
        return now ? pay(now) : null;
      },
    },
    {
      tab: "anna",
      done: ({ anna }) =>
        anna.messages.some(({ from, text }) => from === "bot" && /баллами\s\d|paid\sin\spoints/.test(text)),
      action: (shows) => withCard(shows, () => ({ do: "say", who: "anna", text: "/why" })),
    },
    {
      tab: "ledger",
      done: ({ ledger }) => ledger.proof.faults.length === 0,
      action: () => null,
    },
  ],
];
