// What stands under a screen of the till: each button's label, where it has something to do.

import type { Buttons } from "../channels/channel.ts";
import { type Account, type ChannelName, channelOf } from "../rules/account.ts";
import { realPhoneOf } from "../rules/phone.ts";
import { messengerName } from "../texts/messenger.ts";
import { canBeSpent } from "./bill.texts.ts";
import { matchLabel } from "./screen.texts.ts";
import { isTooSmall, type NamedVisit, visitLabel } from "./settled.texts.ts";
import { ruleOf, type ScreenButton } from "./steps.rule.ts";
import { leftToPay } from "./till.rule.ts";
import type { ShownView, View } from "./view.ts";
import { tillButtons as labels } from "./words.texts.ts";

/** Each label of a button, with the number that the button names where it is one of several. */
type Labels = (view: ShownView) => [label: string, about?: number][];

const when = (shown: unknown, label: string): [string][] => (shown ? [[label]] : []);

/** What stands on each button; empty where it has nothing to do. */
const buttons: Record<ScreenButton, Labels> = {
  open: ({ matches }) => matches.map((card) => [matchLabel(card), card.id]),
  make: ({ screen: { sought } }) => when(sought && realPhoneOf(sought), labels.make),
  go: (view) => {
    const asked = (label: string) =>
      view.limits.asksOwner ? labels.askOwner(label, view.limits.byOwner) : label;
    const free = freeVisits(view);
    const [only] = free;
    if (!mayGo(view)) return [];
    if (free.length > 1)
      return free.map((visit) => [asked(visitLabel(visit, view.done.points)), visit.record]);
    return only ? [[asked(sumLabel(view)), only.record]] : [[asked(sumLabel(view))]];
  },
  plain: (view) => when(mayGo(view) && freeVisits(view).length > 0, labels.plain),
  sum: (view) => when(mayGo(view), labels.otherSum),
  bill: ({ bill, card }) =>
    when(bill.bill === null && card !== null && canBeSpent(card, bill.rules), labels.spendAsk),
  credit: () => [[labels.creditAsk]],
  hist: () => [[labels.history]],
  why: () => [[labels.why]],
  qr: ({ card, other, screen, spoken }) => {
    if (card === null || other !== null) return [];
    if (card.accounts.length === 0) return [[labels.qr]];
    const [there] = missingIn(spoken, card.accounts);
    return screen.step === "card" && there !== undefined ? [[labels.carry(messengerName(there))]] : [];
  },
  trust: ({ card }) => (card?.closedSince ? [[labels.trust, card.closedSince.getTime()]] : []),
  recent: ({ recent }) =>
    recent ? [[labels.undoRecent(recent.action, recent.points ?? 0), recent.row ?? 0]] : [],
  back: () => [[labels.no]],
  undo: (view) => when(view.canUndo && !isOnItsWayBack(view), labels.undoUntil(view.undoUntil)),
  anew: ({ anew, done: { points }, limits: { asksOwner, byOwner } }) => {
    if (anew === null) return [];
    const label = anew.record === null ? labels.plain : labels.anew(points);
    return [[asksOwner ? labels.askOwner(label, byOwner) : label, anew.record ?? 0]];
  },
  give: (view) =>
    when(
      !view.canUndo && view.screen.doneAt && !isOnItsWayBack(view),
      labels.giveBack(view.done.action, view.done.points),
    ),
};

/** The messengers that a client who has the card in others could have it in too. */
export function missingIn(
  spoken: readonly ChannelName[],
  accounts: readonly { account: Account }[],
): ChannelName[] {
  const has = accounts.map(({ account }) => channelOf(account));
  return has.length === 0 ? [] : spoken.filter((name) => !has.includes(name));
}

/** A card's bill may be settled, or have nothing that points could pay, or no more than they pay already. */
export function mayGo({ screen, bill, taken }: View): boolean {
  return !taken && (screen.step !== "card" || (bill.bill !== null && bill.points !== null && !bill.settled));
}

/** The visits of which points do not pay yet: first what costs as much as the bill, last what points would pay whole. */
function freeVisits({ visits, bill: { bill }, done: { points } }: View) {
  const place = (one: NamedVisit) => (one.price === bill ? 0 : isTooSmall(one, points) ? 2 : 1);
  return (visits ?? [])
    .filter(({ spent }) => spent === null)
    .toSorted((one, other) => place(one) - place(other));
}

function isOnItsWayBack({ settlement }: View): boolean {
  return settlement?.goal === "return" && settlement.state === "under_way";
}

function sumLabel(view: View): string {
  const { done, bill: of, visits } = view;
  const [{ action, points }, { bill, paid, spent }] = [done, of];
  if (action === "credit") return labels.credit(points);
  if (action === "debit") return labels.debit(points);
  if (action === "move") return labels.move(points);
  if (bill === null) return labels.spend(points, null);
  // Points pay of all the client's visits: what is spent now is of none of them.
  const isOther = spent.length > 0 || (visits !== null && visits.length > 0 && freeVisits(view).length === 0);
  const label = isOther ? labels.spendOther : labels.spend;
  return label(points, leftToPay(bill, paid, points));
}

/** The buttons of a screen, row by row; where a row holds one kind, each button of it has a row. */
export function buttonsOf(view: ShownView): Buttons {
  const { asked, rev, step } = view.screen;
  return ruleOf(step).buttons.flatMap((row) => {
    const shown = row.flatMap((button) =>
      buttons[button](view).map(([label, about]) => {
        const does = about === undefined ? button : `${button}:${about}`;
        return { text: label, data: `till:${asked}:${rev}:${does}` };
      }),
    );
    return row.length === 1 || shown.length > row.length ? shown.map((one) => [one]) : [shown];
  });
}
