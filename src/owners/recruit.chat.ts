// Taking people on: by a link that they open, or by their contact.

import { holdingOf } from "../cards/link.ts";
import type { Incoming } from "../channels/channel.ts";
import { textsOf } from "../chat/chat.texts.ts";
import type { Desk } from "../chat/desk.ts";
import { mainKeys, setOwnMenu, staffKeys } from "../chat/menu.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isOwner, isStaff, postsInForce } from "../chat/staff.ts";
import type { Turn } from "../chat/turn.ts";
import { waysIn } from "../chat/ways.ts";
import { begin } from "../client/start.chat.ts";
import type { Account } from "../rules/account.ts";
import { ledgerNameOf, type Role } from "../rules/author.ts";
import { phoneOfContact } from "../rules/phone.ts";
import { linkTexts, rightsButtons, rightsWords } from "./rights.texts.ts";
import { dropLinks, hasAsMuch, openLink, staffLink, takeOn } from "./rights.ts";
import {
  afterChange,
  askedOf,
  keepAsked,
  rightsHere,
  showList,
  stopAsking,
  tellOthers,
} from "./rights-list.chat.ts";

/** Somebody opens a link. */
export async function join(desk: Desk, turn: Turn, payload: string): Promise<void> {
  const t = linkTexts(turn.language);
  const opened = await openLink(rightsHere(desk), payload, { account: turn.account, name: turn.author });
  if (opened.kind === "taken") return turn.say(opened.first ? t.firstTaken() : t.taken());
  if (opened.kind !== "joined") return turn.say(t[opened.kind]());
  const here = await afterChange(desk);
  await begin(here, turn);
  await tellOthers(here, turn);
}

/** The words to send on come as a message of their own. */
export async function invite(desk: Desk, turn: Turn, [, word]: RegExpExecArray): Promise<void> {
  const role: Role = word === "owner" ? "owner" : "admin";
  const { payload, hash: link } = await staffLink(rightsHere(desk), role, turn.account);
  await keepAsked(desk, turn, { role, account: null, name: null, link });
  await turn.replace(rightsWords.add(role, turn.messenger), [
    [{ text: rightsButtons.no, data: "staff:back" }],
  ]);
  await turn.say(rightsWords.invitation(role, desk.shop.title(), waysIn(desk, turn.channel, payload)));
}

export async function uninvite(desk: Desk, turn: Turn): Promise<void> {
  const about = await askedOf(desk, turn);
  if (about) await dropLinks(desk.db, { hash: about.link });
  await showList(desk, turn, about ? rightsWords.notInvited() : "");
}

export async function revoke(desk: Desk, turn: Turn): Promise<void> {
  await dropLinks(desk.db, "owners");
  await showList(desk, turn, rightsWords.revoked());
}

/** Only where the owner was asked for one; another contact opens a client at the till, and one's own links the own card. */
export async function contactOf(
  desk: Desk,
  turn: Turn,
  contact: Incoming & { kind: "contact" },
): Promise<boolean> {
  const { whose, of, phone, called } = contact;
  if (whose === "proven" || whose === "own") return false;
  const about = await askedOf(desk, turn);
  if (about === null) return false;
  const { role, link } = about;
  if (of === null) return said(turn, rightsWords.noAccount(role, turn.messenger));
  const name = called ?? ledgerNameOf(of);
  if (isStaff(desk.staff.settings, of)) return said(turn, rightsWords.fixed());
  if (hasAsMuch(await postsInForce(desk.db), of, role)) return said(turn, rightsWords.already(name));
  await keepAsked(desk, turn, { role, account: of, name, link });
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

export async function refuseContact(desk: Desk, turn: Turn): Promise<void> {
  const about = await askedOf(desk, turn);
  if (about) await dropLinks(desk.db, { hash: about.link });
  await stopAsking(desk, turn);
  await turn.replace(rightsWords.notAdded());
}

/** The question is the one whose button was tapped: a later contact has another. */
export async function add(desk: Desk, turn: Turn, [, word, of]: RegExpExecArray): Promise<void> {
  const about = await askedOf(desk, turn);
  if (about === null || about.role !== word || about.account !== of)
    return turn.replace(rightsWords.expired());
  const account: Account = of;
  const { role, link } = about;
  const name = about.name ?? ledgerNameOf(account);
  const done = await takeOn(rightsHere(desk), { account, name, role }, turn.account);
  if (done === "fixed") return turn.replace(rightsWords.fixed());
  if (done === "no_owner") return turn.replace(rightsWords.noOwner());
  // Tapped or delivered once more, it is as it was to be, and the greeting may not have gone out.
  await dropLinks(desk.db, { hash: link });
  const here = await afterChange(desk);
  const reached = await welcome(here, turn, account);
  await turn.replace(rightsWords.added(role, name, reached, turn.channel.link()));
  await stopAsking(desk, turn);
  await tellOthers(here, turn);
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
