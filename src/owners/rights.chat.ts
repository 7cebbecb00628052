// /staff: whose turns it takes, and letting people go.

import { holdingOf } from "../cards/link.ts";
import type { Button } from "../channels/channel.ts";
import { textsOf } from "../chat/chat.texts.ts";
import type { Desk } from "../chat/desk.ts";
import { mainKeys, takeOwnMenu } from "../chat/menu.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isOwner, isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { closeAllOf } from "../till/screens.ts";
import { add, contactOf, invite, join, refuseContact, revoke, uninvite } from "./recruit.chat.ts";
import { type Listed, rightsButtons, rightsWords } from "./rights.texts.ts";
import { isStaffStart, letGo } from "./rights.ts";
import { afterChange, listed, rightsHere, showList, tellOthers } from "./rights-list.chat.ts";

/** Takes links whoever opens them, and of owners /staff, its buttons, and the contact that they were asked for. */
export const rights: BotPart = async (desk, turn) => {
  const { incoming } = turn;
  if (incoming.kind === "start" && isStaffStart(incoming.payload)) {
    await join(desk, turn, incoming.payload);
    return true;
  }
  const asked = turn.asks("staff") !== null;
  if (asked && isStaff(desk.shop, turn.account) && !isOwner(desk.shop, turn.account)) {
    await turn.say(staffTexts.ownersOnly());
    return true;
  }
  if (!isOwner(desk.shop, turn.account)) return false;
  if (asked) await showList(desk, turn);
  else if (incoming.kind === "contact") return contactOf(desk, turn, incoming);
  else return tapped(desk, turn);
  return true;
};

type Tapped = (desk: Desk, turn: Turn, match: RegExpExecArray) => Promise<void>;

const taps: [data: RegExp, does: Tapped][] = [
  [/^staff:list$/, (desk, turn) => showList(desk, turn)],
  [/^staff:new:(admin|owner)$/, invite],
  [/^staff:back$/, uninvite],
  [/^staff:revoke$/, revoke],
  [/^staff:add:(admin|owner):([a-z]{1,10}:[\w-]{1,20})$/, add],
  [/^staff:no$/, refuseContact],
  [/^staff:off:(\d{1,6})$/, chooseWhom],
  [/^staff:ask:(\d{1,15})$/, askLetGo],
  [/^staff:drop:(\d{1,15})$/, drop],
];

async function tapped(desk: Desk, turn: Turn): Promise<boolean> {
  for (const [pattern, does] of taps) {
    const match = pattern.exec(turn.data ?? "");
    if (match === null) continue;
    await does(desk, turn, match);
    return true;
  }
  return false;
}

/** So many people have a button each: with those below it is as many rows as every messenger takes. */
const onPage = 28;

async function chooseWhom(desk: Desk, turn: Turn, [, from = "0"]: RegExpExecArray): Promise<void> {
  const all = (await listed(desk)).filter((one) => one.post !== null);
  const first = Number(from);
  const buttons: Button[][] = all
    .slice(first, first + onPage)
    .map((one) => [{ text: rightsButtons.one(one), data: `staff:ask:${one.post}` }]);
  if (all.length > first + onPage)
    buttons.push([{ text: rightsButtons.more, data: `staff:off:${first + onPage}` }]);
  buttons.push([{ text: rightsButtons.no, data: "staff:list" }]);
  await turn.replace(all.length === 0 ? rightsWords.nobody() : rightsWords.whom(), buttons);
}

async function askLetGo(desk: Desk, turn: Turn, [, id]: RegExpExecArray): Promise<void> {
  const all = await listed(desk);
  const one = all.find(({ post }) => post === Number(id));
  if (one === undefined) return showList(desk, turn, rightsWords.gone());
  const owners = all.filter(({ role }) => role === "owner");
  if (one.role === "owner" && owners.length === 1) return showList(desk, turn, rightsWords.lastOwner());
  const self = one.account === turn.account;
  await turn.replace(self ? rightsWords.askLeave() : rightsWords.askLetGo(one), [
    [
      { text: rightsButtons.yesLetGo, data: `staff:drop:${id}` },
      { text: rightsButtons.no, data: "staff:list" },
    ],
  ]);
}

async function drop(desk: Desk, turn: Turn, [, id]: RegExpExecArray): Promise<void> {
  const one = (await listed(desk)).find(({ post }) => post === Number(id));
  const done = one === undefined ? "already" : await letGo(rightsHere(desk), Number(id), turn.account);
  if (done === "no_owner") return turn.replace(rightsWords.noOwner());
  if (done === "fixed") return showList(desk, turn, rightsWords.fixed());
  if (done === "last_owner") return showList(desk, turn, rightsWords.lastOwner());
  if (done === "already" || one === undefined) return showList(desk, turn, rightsWords.gone());
  const here = await afterChange(desk);
  try {
    if (one.account === turn.account) await turn.replace(rightsWords.left());
    else await showList(here, turn, rightsWords.letGo(one));
  } finally {
    // Delivered again where the answer was refused, the tap would find it done.
    await farewell(here, turn, one);
    await tellOthers(here, turn);
  }
}

/** What stands in the chat of the one let go loses its buttons, and the menu is everybody's again. Rights are gone already. */
async function farewell(desk: Desk, turn: Turn, { account, role }: Listed): Promise<void> {
  const { db, shop, channels } = desk;
  const channel = channels.of(account);
  const open = await closeAllOf(db, account, desk.now());
  if (channel === null) return;
  for (const { bot, message } of open) if (bot === channel.bot) await channel.takeButtons(account, message);
  await takeOwnMenu(channel, account).catch((err) =>
    turn.log.warn({ err }, "a menu could not be taken back"),
  );
  if (account === turn.account) return;
  const keys = (await holdingOf(db, account)) ? mainKeys(textsOf(null), shop, false) : [];
  await channel.say(account, rightsWords.dismissed(role), keys);
}
