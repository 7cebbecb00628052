// The list of /staff, what an owner is asked while it is changed, and what follows each change.

import { forgetDialog, recallDialog, rememberDialog } from "../cards/consent.ts";
import type { Buttons } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { isOwner, isStaff, type Post, postsInForce, staffNames } from "../chat/staff.ts";
import type { Turn } from "../chat/turn.ts";
import { ledgerNameOf, type Role } from "../rules/author.ts";
import { branchZone } from "../visits/branch.ts";
import { type Listed, rightsButtons, staffListTexts } from "./rights.texts.ts";
import { countLinks, tellStaffChanges } from "./rights.ts";

/** What a change is made with. */
export const rightsHere = ({ db, staff, now, channels: { spoken } }: Desk) => ({
  ...{ db, settings: staff.settings, now: now(), spoken },
});

/** The desk as it is after somebody was taken on or let go. */
export async function afterChange(desk: Desk): Promise<Desk> {
  desk.staff.changed();
  return { ...desk, shop: { ...desk.shop, ...(await desk.staff.now()) } };
}

/** Tells the owners of a change, once whoever made it has the answer; what fails here the timetable's next round makes good. */
export async function tellOthers({ db, shop, channels, now }: Desk, turn: Turn): Promise<void> {
  const owners = shop.ownerIds.filter((owner) => channels.of(owner) !== null);
  await tellStaffChanges(db, owners, (...said) => channels.say(...said), now()).catch((err) =>
    turn.log.warn({ err }, "owners are told of the change by the next round"),
  );
}

/** Everybody who works here, those of the settings first; `post` is the number of the change by which one may be let go. */
export async function listed(desk: Desk): Promise<(Listed & { post: number | null })[]> {
  const { settings } = desk.staff;
  const all = await postsInForce(desk.db);
  const posts = all.filter(({ account }) => !isStaff(settings, account));
  const fixed = [...new Set([...settings.ownerIds, ...settings.adminIds])];
  const named = [...fixed, ...posts.flatMap(({ account, by }) => (by === null ? [account] : [account, by]))];
  const names = await staffNames(desk.db, named);
  const byOf = ({ by }: Post) => by && (names.get(by) ?? ledgerNameOf(by));
  return [
    ...fixed.map((account) => {
      const role: Role = isOwner(settings, account) ? "owner" : "admin";
      const beneath = all.find((post) => post.account === account)?.role ?? null;
      return { account, name: names.get(account) ?? null, role, beneath, by: null, since: null, post: null };
    }),
    ...posts.map((post) => {
      const { account, role, id, at } = post;
      const name = names.get(account) ?? null;
      return { account, role, name, beneath: null, by: byOf(post), since: at, post: id };
    }),
  ];
}

/** The list with its buttons, under a word about what was done. What an owner was asked before is not asked any more. */
export async function showList(desk: Desk, turn: Turn, note = ""): Promise<void> {
  await stopAsking(desk, turn);
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

/** What an owner was asked: whom to take on as what; `link` is the hash of the one that stands in the chat for it. */
const ABOUT = "staff";
const askedMs = 600_000;

interface Asked {
  role: Role;
  account: string | null;
  name: string | null;
  link: string;
}

/** What was asked, or null where nothing was or its time is over. */
export async function askedOf({ db, now }: Desk, { account }: Turn): Promise<Asked | null> {
  const state = await recallDialog(db, account, ABOUT, now());
  return state === null ? null : (state as Asked);
}

/** Keeps it for ten minutes. */
export async function keepAsked({ db, now }: Desk, { account }: Turn, about: Asked): Promise<void> {
  await rememberDialog(db, account, ABOUT, { ...about }, new Date(now().getTime() + askedMs));
}

/** It is not asked any more. */
export async function stopAsking({ db }: Desk, { account }: Turn): Promise<void> {
  await forgetDialog(db, account, ABOUT);
}
