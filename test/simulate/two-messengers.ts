// What clients of a simulated salon do with a card that is in two messengers: they take it along by a link, say whether the other
// account is theirs, and let go of it in both.

import { type Face, lastOf } from "./faces.ts";
import { deed, say, tap } from "./hands.ts";
import { proveNumber } from "./invite.ts";
import type { Guest } from "./people.ts";
import type { World } from "./world.ts";

/** Of a card one account said that the other is theirs, or came by its link: it may see what that one sees. */
export interface Opened {
  /** Whose history, and who may see as much of it. */
  of: string;
  to: string;
  at: number;
}

/** They ask for the way to the other messenger, follow it, and prove their number there. */
export async function carryCard(world: World, guest: Guest, from: Face): Promise<void> {
  const there = guest.on(from.messenger.channel === "telegram" ? "max" : "telegram");
  if (from.blocked || there.account === from.account) return;
  await say(world, from, "/help");
  await tap(world, from, /^(move|carry|ways?)\b/, 1);
  const link = from
    .messages()
    .flatMap(({ links }) => links)
    .findLast((one) => /\?start=m_/.test(one));
  const [, code] = /\?start=(m_[\w-]+)/.exec(link ?? "") ?? [];
  if (!code || there.blocked) return;
  world.count("carried a card along");
  await deed(world, there.start(code));
  world.known.opened.push({ of: from.account, to: there.account, at: now(world) });
  await proveNumber(world, there);
}

/** They answer the newest question whether the other account is theirs, whatever was said since. */
export async function sayIfSame(world: World, face: Face, yes: boolean): Promise<void> {
  if (face.blocked) return;
  const itself = yes ? /^same:yes:/ : /^same:no:/;
  const asked = face.messages().findLast(({ keys }) => keys.some(({ data }) => itself.test(data)));
  if (!asked) return;
  world.count(yes ? "the other account is theirs" : "the other account is not theirs");
  const at = now(world);
  // Which account was asked about is on the card: the other one of whoever was asked.
  if (yes) world.known.opened.push({ of: face.account, to: "*", at });
  await tap(world, face, itself, 2, asked);
}

/** They say by the newest button for it that the other account is not theirs: it has the card no more, even if it is. */
export async function putOffOther(world: World, face: Face): Promise<void> {
  if (face.blocked) return;
  const itself = /^notmine:\d+:[a-z]+$/;
  const offered = face.messages().findLast(({ keys }) => keys.some(({ data }) => itself.test(data)));
  if (!offered) return;
  await tap(world, face, itself, 2, offered);
  const sure = /^notmine:.*:yes$/;
  const asked = face.messages().findLast(({ keys }) => keys.some(({ data }) => sure.test(data)));
  if (!asked) return;
  world.count("the other account is put off");
  for (const { phone } of world.links.filter((one) => one.account === face.account))
    world.known.passed.add(phone);
  await tap(world, face, sure, 2, asked);
}

/** They let go of it everywhere. */
export async function unlinkEverywhere(world: World, face: Face): Promise<void> {
  if (face.blocked) return;
  await say(world, face, "/unlink");
  const everywhere = /^unlink_all:/;
  const asked = lastOf(face)?.keys.some(({ data }) => everywhere.test(data));
  await tap(world, face, asked ? everywhere : /^unlink:/, 1);
}

const now = (world: World) => world.clock.now().getTime();
