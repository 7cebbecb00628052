// /staff: who works here, taking people on by a link or a contact, letting them go; and the opening of such a link.

import { forgetDialog, recallDialog, rememberDialog } from "../cards/consent.ts";
import { holdingOf } from "../cards/link.ts";
import type { Button, Buttons, Incoming } from "../channels/channel.ts";
import { textsOf } from "../chat/chat.texts.ts";
import type { Desk } from "../chat/desk.ts";
import { mainKeys, setOwnMenu, staffKeys, takeOwnMenu } from "../chat/menu.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isOwner, isStaff, type Post, postsInForce, staffNames } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { begin } from "../client/start.chat.ts";
import type { Account } from "../rules/account.ts";
import { ledgerNameOf, type Role } from "../rules/author.ts";
import { phoneOfContact } from "../rules/phone.ts";
import { closeAllOf } from "../till/screens.ts";
import { branchZone } from "../visits/branch.ts";
import { type Listed, linkTexts, rightsButtons, rightsWords, staffListTexts } from "./rights.texts.ts";
import {
  countLinks,
  dropLinks,
  hasAsMuch,
  isStaffStart,
  letGo,
  openLink,
  staffLink,
  takeOn,
  tellStaffChanges,
} from "./rights.ts";

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

/** What a change is made with. */
const rightsOf = ({ db, staff, now }: Desk) => ({ db, settings: staff.settings, now: now() });

async function join(desk: Desk, turn: Turn, payload: string): Promise<void> {
  const t = linkTexts(turn.language);
  const opened = await openLink(rightsOf(desk), payload, { account: turn.account, name: turn.author });
  if (opened.kind === "taken") return turn.say(opened.first ? t.firstTaken() : t.taken());
  if (opened.kind !== "joined") return turn.say(t[opened.kind]());
  await begin(await afterChange(desk, turn), turn);
}

/** The desk as it is after somebody was taken on or let go: the owners are told, and the list is read anew. */
async function afterChange(desk: Desk, turn: Turn): Promise<Desk> {
  desk.staff.changed();
  const people = await desk.staff.now();
  // What goes wrong here the timetable's next round makes good.
  await tellStaffChanges(desk.db, people.ownerIds, (...said) => desk.channels.say(...said), desk.now()).catch(
    (err) => turn.log.warn({ err }, "owners are told of the change by the next round"),
  );
  return { ...desk, shop: { ...desk.shop, ...people } };
}

/** Everybody who works here, those of the settings first; `post` is the number of the change by which one may be let go. */
async function listed(desk: Desk): Promise<(Listed & { post: number | null })[]> {
  const { settings } = desk.staff;
  const posts = (await postsInForce(desk.db)).filter(({ account }) => !isStaff(settings, account));
  const fixed = [...new Set([...settings.ownerIds, ...settings.adminIds])];
  const named = [...fixed, ...posts.flatMap(({ account, by }) => (by === null ? [account] : [account, by]))];
  const names = await staffNames(desk.db, named);
  const byOf = ({ by }: Post) => by && (names.get(by) ?? ledgerNameOf(by));
  return [
    ...fixed.map((account) => {
      const role: Role = isOwner(settings, account) ? "owner" : "admin";
      return { account, name: names.get(account) ?? null, role, by: null, since: null, post: null };
    }),
    ...posts.map((post) => {
      const { account, role, id, at } = post;
      return { account, role, name: names.get(account) ?? null, by: byOf(post), since: at, post: id };
    }),
  ];
}

async function showList(desk: Desk, turn: Turn, note = ""): Promise<void> {
  await forgetDialog(desk.db, turn.account, ABOUT);
  const list = await listed(desk);
  const links = await countLinks(desk.db, desk.now());
  const zone = await branchZone(desk.db, desk.shop.companyIds);
  const texts = staffListTexts(list, links, zone);
  const buttons: Buttons = [
    [{ text: rightsButtons.add("admin"), data: "staff:new:admin" }],
    [{ text: rightsButtons.add("owner"), data: "staff:new:owner" }],
    list.some((one) => one.post !== null) ? [{ text: rightsButtons.letGo, data: "staff:off:0" }] : [],
    links > 0 ? [{ text: rightsButtons.revoke, data: "staff:revoke" }] : [],
  ];
  for (const [at, text] of texts.entries()) {
    const under = at === texts.length - 1 ? buttons : [];
    const words = at === 0 && note !== "" ? `${note}\n\n${text}` : text;
    await (at === 0 ? turn.replace(words, under) : turn.say(words, under));
  }
}

type Tapped = (desk: Desk, turn: Turn, match: RegExpExecArray) => Promise<void>;

const taps: [data: RegExp, does: Tapped][] = [
  [/^staff:list$/, (desk, turn) => showList(desk, turn)],
  [/^staff:new:(admin|owner)$/, invite],
  [/^staff:revoke$/, revoke],
  [/^staff:add:(admin|owner):([a-z]{1,10}:[\w-]{1,20})$/, add],
  [/^staff:no$/, refuse],
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

/** What an owner was asked: whom to take on as what. */
const ABOUT = "staff";
const askedMs = 600_000;

interface Asked {
  role: Role;
  account: string | null;
  name: string | null;
}

async function asked({ db, now }: Desk, { account }: Turn): Promise<Asked | null> {
  const state = await recallDialog(db, account, ABOUT, now());
  return state === null ? null : (state as Asked);
}

async function remember({ db, now }: Desk, { account }: Turn, about: Asked): Promise<void> {
  await rememberDialog(db, account, ABOUT, { ...about }, new Date(now().getTime() + askedMs));
}

/** The words to send on come as a message of their own. */
async function invite(desk: Desk, turn: Turn, [, word]: RegExpExecArray): Promise<void> {
  const role: Role = word === "owner" ? "owner" : "admin";
  const payload = await staffLink(rightsOf(desk), role, turn.account);
  await remember(desk, turn, { role, account: null, name: null });
  await turn.replace(rightsWords.add(role), [[{ text: rightsButtons.no, data: "staff:list" }]]);
  await turn.say(rightsWords.invitation(role, desk.shop.title(), turn.channel.link(payload)));
}

async function revoke(desk: Desk, turn: Turn): Promise<void> {
  await dropLinks(desk.db, "owners");
  await showList(desk, turn, rightsWords.revoked());
}

/** Only where the owner was asked for one: any other contact opens a client at the till, and one's own links the own card. */
async function contactOf(desk: Desk, turn: Turn, contact: Incoming & { kind: "contact" }): Promise<boolean> {
  const { whose, of, phone, called } = contact;
  if (whose === "proven" || whose === "own") return false;
  const about = await asked(desk, turn);
  if (about === null) return false;
  const { role } = about;
  if (of === null) return said(turn, rightsWords.noAccount(role));
  const name = called ?? ledgerNameOf(of);
  if (isStaff(desk.staff.settings, of)) return said(turn, rightsWords.fixed());
  if (hasAsMuch(await postsInForce(desk.db), of, role)) return said(turn, rightsWords.already(name));
  await remember(desk, turn, { role, account: of, name });
  await turn.say(rightsWords.ask(role, { name, account: of }, phoneOfContact(phone) ?? phone.slice(0, 20)), [
    [
      { text: rightsButtons.yes, data: `staff:add:${role}:${of}` },
      { text: rightsButtons.no, data: "staff:no" },
    ],
  ]);
  return true;
}

async function said(turn: Turn, words: string): Promise<true> {
  await turn.say(words);
  return true;
}

async function refuse(desk: Desk, turn: Turn): Promise<void> {
  await forgetDialog(desk.db, turn.account, ABOUT);
  await turn.replace(rightsWords.notAdded());
}

/** The question is the one whose button was tapped: a later contact has another. */
async function add(desk: Desk, turn: Turn, [, word, of]: RegExpExecArray): Promise<void> {
  const about = await asked(desk, turn);
  if (about === null || about.role !== word || about.account !== of)
    return turn.replace(rightsWords.expired());
  const account: Account = of;
  const { role } = about;
  const name = about.name ?? ledgerNameOf(account);
  const done = await takeOn(rightsOf(desk), { account, name, role }, turn.account);
  if (done === "fixed") return turn.replace(rightsWords.fixed());
  if (done === "no_owner") return turn.replace(rightsWords.noOwner());
  // Tapped or delivered once more, it is as it was to be, and the greeting may not have gone out.
  const here = await afterChange(desk, turn);
  const reached = await welcome(here, turn, account);
  await turn.replace(rightsWords.added(role, name, reached, turn.channel.link()));
  await forgetDialog(desk.db, turn.account, ABOUT);
}

/** The one taken on has the menu and reads what they may do; false where nobody could be reached. */
async function welcome(desk: Desk, turn: Turn, account: Account): Promise<boolean> {
  const { shop, channels, db } = desk;
  const channel = channels.of(account);
  if (channel)
    await setOwnMenu(channel, shop, account).catch((err) =>
      turn.log.warn({ err }, "a menu could not be set"),
    );
  const t = textsOf(null);
  const keys = (await holdingOf(db, account)) ? mainKeys(t, shop, true) : staffKeys(t);
  const words = `${staffTexts.greeting(shop.title())}\n\n${staffTexts.youAre(isOwner(shop, account))}`;
  return (await channels.say(account, words, keys)).kind === "sent";
}

/** So many people have a button each. */
const onPage = 30;

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
  const one = (await listed(desk)).find(({ post }) => post === Number(id));
  if (one === undefined) return showList(desk, turn, rightsWords.gone());
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
  const done = one === undefined ? "already" : await letGo(rightsOf(desk), Number(id), turn.account);
  if (done === "no_owner") return turn.replace(rightsWords.noOwner());
  if (done === "fixed") return showList(desk, turn, rightsWords.fixed());
  if (done === "last_owner") return showList(desk, turn, rightsWords.lastOwner());
  if (done === "already" || one === undefined) return showList(desk, turn, rightsWords.gone());
  const here = await afterChange(desk, turn);
  await farewell(here, turn, one);
  if (one.account === turn.account) return turn.replace(rightsWords.left());
  await showList(here, turn, rightsWords.letGo(one));
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
