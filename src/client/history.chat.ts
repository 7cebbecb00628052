// How points came and went: /history with its pages, /why, and the way from the one to the other.

import { ownCard } from "../cards/link.ts";
import type { Buttons } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { hasContacts } from "../chat/menu.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { friendTexts } from "../friends/friends.texts.ts";
import { tiesOfCard } from "../friends/friends.ts";
import type { CardId } from "../rules/ids.ts";
import { branchZone } from "../visits/branch.ts";
import { endsLine } from "./ends.chat.ts";
import { historyTexts } from "./history.texts.ts";
import { detailsOf, historyOf, whyViewOf } from "./history.ts";
import { askForNumber } from "./start.chat.ts";
import { whyTexts } from "./why.texts.ts";

/** How many invitations are told of. */
const maxTies = 5;

/** /history, /why and their buttons; the arithmetic behind a notice. */
export const history: BotPart = async (desk, turn) => {
  const page = /^history:(\d{1,6})$/.exec(turn.data ?? "")?.[1] ?? (turn.asks("history") === null ? null : 0);
  const [, from, to] = /^details:(\d{1,15})-(\d{1,15})$/.exec(turn.data ?? "") ?? [];
  if (page !== null) await showHistory(desk, turn, Number(page));
  else if (from !== undefined) await showDetails(desk, turn, { from: Number(from), to: Number(to) });
  else if (turn.data === "why" || turn.asks("why") !== null) await showWhy(desk, turn);
  else return false;
  return true;
};

/** Under what a card holds: where the points came from, and where the missing ones are. */
export function pastButtons(language: string | null): Buttons {
  const t = whyTexts(language);
  return [
    [
      { text: t.history, data: "history:0" },
      { text: t.why, data: "why" },
    ],
  ];
}

async function showHistory(desk: Desk, turn: Turn, page: number): Promise<void> {
  const card = await ownCard(desk.db, turn);
  if (!card) return askForNumber(desk, turn);
  const view = await historyOf(desk.db, { card: card.id, account: turn.account }, page, desk.now());
  const t = historyTexts(turn.language);
  const pages = [
    ...(view.page > 0 ? [{ text: t.newer, data: `history:${view.page - 1}` }] : []),
    ...(view.page < view.pages - 1 ? [{ text: t.older, data: `history:${view.page + 1}` }] : []),
  ];
  const more = [
    { text: whyTexts(turn.language).why, data: "why" },
    ...(desk.shop.statements === "off" ? [] : [{ text: t.statement, data: "statement" }]),
  ];
  const ends = view.page === 0 ? await endsLine(desk, turn, card.id) : "";
  await turn.replace(`${t.page(card.phone, view, desk.shop)}${ends && `\n${ends}`}`, [pages, more]);
}

/** In place of the notice that it explains. */
async function showDetails(desk: Desk, turn: Turn, rows: { from: number; to: number }): Promise<void> {
  const card = await ownCard(desk.db, turn);
  if (!card) return askForNumber(desk, turn);
  const t = historyTexts(turn.language);
  const entries = await detailsOf(desk.db, { card: card.id, account: turn.account }, rows);
  // What the notice said stays to be read.
  if (entries.length === 0) return turn.say(t.gone);
  const { book, card: cardKey } = turn.t.buttons;
  const { bookUrl } = desk.shop;
  await turn.replace(t.counted(entries, desk.now().getFullYear()), [
    [...(bookUrl === null ? [] : [{ text: book, url: bookUrl }]), { text: cardKey, data: "card" }],
    [
      { text: t.button, data: "history:0" },
      { text: whyTexts(turn.language).why, data: "why" },
    ],
  ]);
}

async function showWhy(desk: Desk, turn: Turn): Promise<void> {
  const card = await ownCard(desk.db, turn);
  // Who works here may have meant a client's: those take a phone.
  const hint = turn.data === null && isStaff(desk.shop, turn.account) ? staffTexts.why() : null;
  if (!card) return hint === null ? askForNumber(desk, turn) : turn.say(hint);
  const t = whyTexts(turn.language);
  const view = await whyViewOf(desk.db, { card: card.id, account: turn.account }, desk.now());
  const buttons = [
    { text: t.history, data: "history:0" },
    ...(hasContacts(desk.shop) ? [{ text: t.contact, data: "contacts" }] : []),
  ];
  const visits = t.list(view, desk.now().getFullYear(), desk.shop);
  const list = [visits, await invitationsSaid(desk, turn, card.id)]
    .filter((part) => part !== "")
    .join("\n\n");
  await turn.replace(hint === null ? list : `${list}\n\n${hint}`, [buttons]);
}

/** What became of the owner's invitations; nothing where there are none. */
export async function invitationsSaid(desk: Desk, turn: Turn, card: CardId): Promise<string> {
  const ties = await tiesOfCard(desk.db, card, maxTies, turn.account);
  if (ties.length === 0) return "";
  const zone = await branchZone(desk.db, desk.shop.companyIds);
  return friendTexts(turn.language).list(ties, desk.now().getFullYear(), zone);
}
