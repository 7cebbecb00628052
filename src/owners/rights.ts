// Who works here is changed: by a link that somebody opens, or by an owner's own hand. Each change is one row, under a lock
// that all replicas share, and is told to every owner.

import { createHash, randomBytes } from "node:crypto";
import type { Speaker } from "../channels/channel.ts";
import {
  isOwner,
  isStaff,
  nameStaff,
  type Post,
  postsInForce,
  type StaffIds,
  staffNames,
  staffWith,
} from "../chat/staff.ts";
import { type Db, inTransaction, type Tx } from "../db/connect.ts";
import { withLease } from "../jobs/leases.ts";
import { type Account, type ChannelName, channelOf } from "../rules/account.ts";
import type { Role } from "../rules/author.ts";
import {
  addLink,
  addStaffChange,
  changeByLink,
  changeTold,
  dropLinks,
  findLink,
  lockStaff,
  untoldChanges,
} from "./rights.store.ts";
import { staffNews } from "./rights.texts.ts";

export { countLinks, dropLinks } from "./rights.store.ts";

/** What a change is made with. `settings`: whom the settings name, who are not changed here. */
interface Rights {
  db: Db;
  settings: StaffIds;
  now: Date;
}

/** The same, and which messengers the program speaks: an owner in another one hears of nothing and can do nothing. */
type RightsHere = Rights & { spoken: readonly ChannelName[] };

/** Whether one of them can be spoken to. */
const isAnyHere = (owners: readonly Account[], spoken: readonly ChannelName[]) =>
  owners.some((owner) => spoken.includes(channelOf(owner)));

const hourMs = 3_600_000;
/** How long a link of an owner can be opened; the first owner's an hour. */
const linkMs = 24 * hourMs;

const begins = "staff_";
/** 192 bits. */
const newPayload = () => `${begins}${randomBytes(24).toString("base64url")}`;
/** What is kept of a link: who reads the database can open none. Found by its index, so no answer takes longer for a near miss. */
const hashOf = (payload: string) => createHash("sha256").update(payload).digest("hex");

/** Whether a start parameter is of such a link. */
export function isStaffStart(payload: string): boolean {
  return payload.startsWith(begins);
}

/**
 * The start parameter of the one link that makes its first opener the owner; those printed before are dead from now on. Null
 * where there is an owner, in the settings or in the database, in a messenger that the program speaks. `lost`: there are owners,
 * all in others, as where a token is gone.
 */
export function firstOwnerLink({
  db,
  settings,
  now,
  spoken,
}: RightsHere): Promise<{ payload: string; lost: boolean } | null> {
  return inTransaction(db, async (tx) => {
    await lockStaff(tx);
    await dropLinks(tx, "first");
    const { ownerIds } = staffWith(settings, await postsInForce(tx));
    if (isAnyHere(ownerIds, spoken)) return null;
    const payload = newPayload();
    const until = new Date(now.getTime() + hourMs);
    await addLink(tx, { hash: hashOf(payload), role: "owner", by: null }, now, until);
    return { payload, lost: ownerIds.length > 0 };
  });
}

/** The start parameter of a link by which an owner takes somebody on, and its hash; it can be opened once, for a day. */
export async function staffLink(
  { db, now }: Rights,
  role: Role,
  by: Account,
): Promise<{ payload: string; hash: string }> {
  const payload = newPayload();
  const hash = hashOf(payload);
  await addLink(db, { hash, role, by }, now, new Date(now.getTime() + linkMs));
  return { payload, hash };
}

/**
 * What came of opening a link. `joined` also when what one opened oneself is opened or delivered again. `already`, `fixed`:
 * one has as much by now, or the settings say what one is; the link can still be opened. `taken`: by somebody else; `first`:
 * it was the first owner's. `none`: its time is over, or there never was one.
 */
type Opening = { kind: "joined" | "already" | "fixed" | "none" } | { kind: "taken"; first: boolean };

/** Makes the person what the link says, once, however many open it at once. */
export function openLink(
  { db, settings, now, spoken }: RightsHere,
  payload: string,
  person: { account: Account; name: string },
): Promise<Opening> {
  const hash = hashOf(payload);
  const { account, name } = person;
  return inTransaction(db, async (tx): Promise<Opening> => {
    await lockStaff(tx);
    const posts = await postsInForce(tx);
    const opened = await changeByLink(tx, hash);
    if (opened && opened.account !== account) return { kind: "taken", first: opened.first };
    const people = staffWith(settings, posts);
    if (opened) return { kind: isStaff(people, account) ? "joined" : "none" };
    const link = await findLink(tx, hash, now);
    const { ownerIds } = people;
    // Whoever gave it may be no owner any more; the first owner's is nobody's once there is one, or one is heard again.
    const stands =
      link !== null && (link.by === null ? !isAnyHere(ownerIds, spoken) : ownerIds.includes(link.by));
    if (!stands) return { kind: "none" };
    if (isStaff(settings, account)) return { kind: "fixed" };
    if (hasAsMuch(posts, account, link.role)) return { kind: "already" };
    await dropLinks(tx, { hash });
    await addStaffChange(tx, { account, role: link.role, by: link.by, link: hash, at: now });
    await nameStaff(tx, account, name);
    return { kind: "joined" };
  });
}

/** Whether somebody is as much already. */
export function hasAsMuch(posts: readonly Post[], account: Account, role: Role): boolean {
  return posts.some((post) => post.account === account && (post.role === "owner" || post.role === role));
}

/** What came of an owner's own hand. `no_owner`: whoever did it is none any more. */
type Changed = "done" | "already" | "fixed" | "no_owner";

/** Takes somebody on. */
export function takeOn(
  rights: Rights,
  whom: { account: Account; name: string; role: Role },
  by: Account,
): Promise<Changed> {
  const { settings, now: at } = rights;
  const { account, name, role } = whom;
  return byOwner(rights, by, async (tx, posts) => {
    if (isStaff(settings, account)) return "fixed";
    if (hasAsMuch(posts, account, role)) return "already";
    await addStaffChange(tx, { account, role, by, at });
    await nameStaff(tx, account, name);
    return "done";
  });
}

/**
 * Lets the one go who was taken on by the change of this number; `already`: that is over. Their links die with it. The last
 * owner stays (`last_owner`).
 */
export function letGo(rights: Rights, id: number, by: Account): Promise<Changed | "last_owner"> {
  const { settings, now: at } = rights;
  return byOwner<Changed | "last_owner">(rights, by, async (tx, posts) => {
    const post = posts.find((one) => one.id === id);
    if (post === undefined) return "already";
    const { account } = post;
    if (isStaff(settings, account)) return "fixed";
    const { ownerIds } = staffWith(settings, posts);
    if (ownerIds.every((owner) => owner === account)) return "last_owner";
    await addStaffChange(tx, { account, role: null, by, at });
    await dropLinks(tx, { by: account });
    return "done";
  });
}

function byOwner<Outcome extends string>(
  { db, settings }: Rights,
  by: Account,
  work: (tx: Tx, posts: Post[]) => Promise<Outcome>,
): Promise<Outcome | "no_owner"> {
  return inTransaction(db, async (tx) => {
    await lockStaff(tx);
    const posts = await postsInForce(tx);
    return isOwner(staffWith(settings, posts), by) ? work(tx, posts) : "no_owner";
  });
}

/** What an owner could not be told for so long stands in their digest alone. */
const newsMs = 24 * hourMs;

/** Tells every owner of each change they do not know of; who cannot be reached reads it in the digest. */
export async function tellStaffChanges(
  db: Db,
  owners: readonly Account[],
  send: Speaker["say"],
  now: Date,
): Promise<void> {
  const since = new Date(now.getTime() - newsMs);
  if ((await untoldChanges(db, owners, since)).length === 0) return;
  await withLease(db, "staff_changes", async (_lease, lost) => {
    for (const { owner, ...change } of await untoldChanges(db, owners, since)) {
      if (lost.aborted) return;
      const names = await staffNames(db, [change.account, ...(change.by === null ? [] : [change.by])]);
      const sent = await send(owner, staffNews(change, names));
      const later = sent.kind === "wait" || (sent.kind === "failed" && sent.passes);
      if (!later) await changeTold(db, change.id, owner);
    }
  });
}
