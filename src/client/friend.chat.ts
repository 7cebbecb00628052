// Inviting friends: /invite with the link to hand on, and what the link does for whoever opens it.

import { forgetDialog, recallDialog, rememberDialog } from "../cards/consent.ts";
import { ownCard } from "../cards/link.ts";
import type { Desk } from "../chat/desk.ts";
import { isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { waysIn } from "../chat/ways.ts";
import type { FriendOffer } from "../friends/friend.rule.ts";
import { friendTexts } from "../friends/friends.texts.ts";
import {
  cardInviting,
  invitationOf,
  isInvitation,
  type Tied,
  tieFriend,
  tiesOfCard,
} from "../friends/friends.ts";
import type { CardId } from "../rules/ids.ts";
import { waysText } from "../texts/messenger.ts";
import { askForNumber } from "./start.chat.ts";

const FRIEND = "friend";
/** How long a link is remembered for somebody who has not agreed yet. */
const rememberedMs = 30 * 86_400_000;

/** /invite, where friends are invited at all; those who work here invite nobody. */
export const inviteFriends: BotPart = async (desk, turn) => {
  if (desk.shop.friendPoints === null) return false;
  if (turn.asks("invite") === null) return false;
  if (isStaff(desk.shop, turn.account)) {
    await turn.say(friendTexts(turn.language).worksHere);
    return true;
  }
  const card = await ownCard(desk.db, turn);
  if (!card) await askForNumber(desk, turn);
  else {
    const ways = waysIn(desk, turn.channel, await invitationOf(desk.db, card.id));
    await turn.say(friendTexts(turn.language).offer(desk.shop, waysText(ways)));
  }
  return true;
};

/**
 * The way in with invitations: whoever has a card is tied by the link at once, all others once they have one; until then the
 * link is remembered, and the way in is as for anybody.
 */
export function invited(start: BotPart): BotPart {
  return async (desk, turn) => {
    const { incoming } = turn;
    if (
      incoming.kind === "start" &&
      isInvitation(incoming.payload) &&
      (await byLink(desk, turn, incoming.payload))
    )
      return true;
    const taken = await start(desk, turn);
    if (incoming.kind === "contact" && incoming.whose === "proven") await afterLinking(desk, turn);
    return taken;
  };
}

/** False: the way in goes on, with the link remembered or without. */
async function byLink(desk: Desk, turn: Turn, payload: string): Promise<boolean> {
  const t = friendTexts(turn.language);
  const inviter = await cardInviting(desk.db, payload);
  const card = await ownCard(desk.db, turn);
  if (desk.shop.friendPoints === null || inviter === null) {
    if (card) await turn.say(desk.shop.friendPoints === null ? t.off : t.unknown);
    return card !== null;
  }
  // Whoever has no card of their own has none that could be tied, and links one to no promise.
  if (card === null && isStaff(desk.shop, turn.account)) {
    await turn.say(t.notTied("friend", "friend_works_here"));
    return false;
  }
  const now = desk.now();
  // The first to be named stays.
  if ((await openedLink(desk, turn)) === null) {
    const state = { link: payload, at: now.getTime() };
    await rememberDialog(desk.db, turn.account, FRIEND, state, new Date(now.getTime() + rememberedMs));
  }
  if (card) await afterLinking(desk, turn);
  return card !== null;
}

/** The link that was opened before there was a card, when, and who invites by it; null: none that still does. */
async function openedLink(
  { db, now }: Desk,
  { account }: Turn,
): Promise<{ inviter: CardId; at: Date } | null> {
  const { link, at } = Object(await recallDialog(db, account, FRIEND, now())) as Record<string, unknown>;
  const inviter = typeof link === "string" ? await cardInviting(db, link) : null;
  return inviter === null ? null : { inviter, at: typeof at === "number" ? new Date(at) : now() };
}

async function afterLinking(desk: Desk, turn: Turn): Promise<void> {
  const opened = await openedLink(desk, turn);
  const card = opened && (await ownCard(desk.db, turn));
  if (!opened || !card) return;
  const tie = { friend: card.id, ...opened };
  const promised = await unsaid(desk, tie);
  if (promised) await turn.say(friendTexts(turn.language).tied(promised));
  else await tieAndSay(desk, turn, tie);
  await forgetDialog(desk.db, turn.account, FRIEND);
}

async function tieAndSay(
  desk: Desk,
  turn: Turn,
  tie: { friend: CardId; inviter: CardId; at: Date },
): Promise<void> {
  const t = friendTexts(turn.language);
  const { friendPoints } = desk.shop;
  if (friendPoints === null) return;
  const offer = { ...desk.shop, friendPoints };
  const staff = [...desk.shop.adminIds, ...desk.shop.ownerIds];
  const tied: Tied = await tieFriend(desk.db, offer, { ...tie, by: null, staff });
  if (tied === "tied") await turn.say(t.tied(offer));
  else if (tied === "own" || tied === "already") await turn.say(t[tied]);
  else await turn.say(t.notTied("friend", tied));
}

/** What is promised by a tie that was made of this opened link before a stop, and not yet said; null: there is none. */
async function unsaid({ db, shop }: Desk, tie: { friend: CardId; at: Date }): Promise<FriendOffer | null> {
  const [own] = await tiesOfCard(db, tie.friend, 1);
  if (own?.side !== "friend" || (own.state !== "asked" && own.state !== "waits")) return null;
  if (own.tiedAt.getTime() !== tie.at.getTime()) return null;
  const friendPoints = { inviter: own.inviterPoints, friend: own.friendPoints };
  return { ...shop, friendPoints, friendAfterDays: own.afterDays, friendLeastBill: own.leastBill };
}
