// `/friend phone phone`: whoever comes for the first time names at the desk who sent them.

import { cardOfPhone, madeCardOfPhone } from "../cards/link.ts";
import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { friendTexts } from "../friends/friends.texts.ts";
import { type SeenTie, tieFriend, tiesOfCard } from "../friends/friends.ts";
import type { CardId } from "../rules/ids.ts";
import { lastDigits } from "../rules/phone.ts";
import { branchZone } from "../visits/branch.ts";
import { friendWords } from "./friend.texts.ts";
import { readMove } from "./till.rule.ts";

/** The friend's phone first, then the phone of who sent them. False where nobody is invited: it is no command then. */
export async function tillFriend(desk: Desk, turn: Turn, text: string): Promise<boolean> {
  const { friendPoints } = desk.shop;
  if (friendPoints === null) return false;
  const read = readMove(text);
  if (read.kind === "same_phone") await turn.say(friendWords.own());
  else if (read.kind !== "move" || read.points !== null || read.reason !== null)
    await turn.say(friendWords.usage());
  else await tieByPhones(desk, turn, { ...desk.shop, friendPoints }, read);
  return true;
}

async function tieByPhones(
  desk: Desk,
  turn: Turn,
  offer: Parameters<typeof tieFriend>[1],
  { from: friendPhone, to: inviterPhone }: { from: string; to: string },
): Promise<void> {
  const inviter = await cardOfPhone(desk.db, inviterPhone);
  const digits = { friend: lastDigits(friendPhone), inviter: lastDigits(inviterPhone) };
  if (inviter === null) return turn.say(friendWords.noCard(digits));
  const friend = await madeCardOfPhone(desk.db, friendPhone);
  const staff = [...desk.shop.adminIds, ...desk.shop.ownerIds];
  const how = { friend, inviter, by: turn.account, at: desk.now(), staff };
  const tied = await tieFriend(desk.db, offer, how);
  const { friendAfterDays: days, friendLeastBill: least } = offer;
  if (tied === "tied") return turn.say(friendWords.tied(digits, offer.friendPoints, days, least));
  if (tied === "own") return turn.say(friendWords.own());
  if (tied !== "already") return turn.say(friendTexts("ru").notTied("inviter", tied));
  const ties = (await tiesOfCard(desk.db, friend, 1)).filter((one) => one.side === "friend");
  await turn.say(`${friendWords.already(digits)}\n\n${await tiesWords(desk, ties)}`.trim());
}

/** What became of a card's invitations, for those who work here; nothing where there are none. */
export async function invitationsOf(desk: Desk, card: CardId): Promise<string> {
  return tiesWords(desk, await tiesOfCard(desk.db, card, 5));
}

async function tiesWords(desk: Desk, ties: SeenTie[]): Promise<string> {
  const zone = await branchZone(desk.db, desk.shop.companyIds);
  return friendTexts("ru").list(ties, desk.now().getFullYear(), zone, true);
}
