// A client's statement in the chat: /statement with days or without, the page to print and the table.

import { ownCard } from "../cards/link.ts";
import type { Buttons } from "../channels/channel.ts";
import { askedDay } from "../chat/asks.texts.ts";
import type { Desk } from "../chat/desk.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { askForNumber } from "../client/start.chat.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { asHtml } from "./paper.ts";
import { proofAddress, proofPage } from "./proof-page.ts";
import { statementTexts } from "./statement.texts.ts";
import { type Statement, type StatementDays, statementOf } from "./statement.ts";

/** /statement, its buttons, and the one under the history. */
export const ownStatement: BotPart = async (desk, turn) => {
  const words = turn.data === "statement" ? "" : turn.asks("statement");
  const [, form, from, to] =
    /^statement:(show|html|csv):(-|\d{4}-\d\d-\d\d):(-|\d{4}-\d\d-\d\d)$/.exec(turn.data ?? "") ?? [];
  if (words !== null) await showTyped(desk, turn, words);
  else if (form !== undefined)
    await hand(desk, turn, form, {
      from: from === "-" ? null : (from ?? null),
      to: to === "-" ? null : (to ?? null),
    });
  else return false;
  return true;
};

async function showTyped(desk: Desk, turn: Turn, words: string): Promise<void> {
  const today = dayOf(desk.now(), await branchZone(desk.db, desk.shop.companyIds));
  const days = words.split(/\s+/).filter((word) => word !== "");
  const [from = monthBefore(today), to = null] = days.map((word) => askedDay(word, today));
  if (days.length > 2 || from === null || (days.length === 2 && (to === null || to < from)))
    return turn.say(statementTexts(turn.language).usage);
  await hand(desk, turn, "show", { from, to });
}

/** The first day of the month before. */
function monthBefore(today: string): string {
  return `${addDays(`${today.slice(0, 8)}01`, -1).slice(0, 8)}01`;
}

async function hand(desk: Desk, turn: Turn, form: string, days: StatementDays): Promise<void> {
  const { db, shop, now } = desk;
  const card = await ownCard(db, turn);
  if (!card) return askForNumber(desk, turn);
  const timeZone = await branchZone(db, shop.companyIds);
  const of = {
    card: card.id,
    viewer: "owner",
    timeZone,
    now: now(),
    proof: shop.statements === "proof",
  } as const;
  const found = await statementOf(db, { ...of, ...days });
  // While it was read the card may have gone to another account.
  if (found === null || (await ownCard(db, turn))?.id !== card.id) return askForNumber(desk, turn);
  const t = statementTexts(turn.language);
  if (form === "show") return turn.replace(t.message(found), buttonsOf(desk, turn, days, found));
  const text =
    form === "html"
      ? asHtml(t.paper(found, "digits", proofAddress(shop.publicUrl)))
      : t.table(found, "person");
  const name = `statement-${found.made.slice(0, 10)}.${form}`;
  const bytes = (of: string) => new TextEncoder().encode(of);
  await turn.file({ name, bytes: bytes(text) }, t.caption(found));
  // Where the page has no address, it comes along: it works from a file just as well.
  if (form === "html" && found.proof !== null && shop.publicUrl === null)
    await turn.file({ name: "check.html", bytes: bytes(proofPage()) }, t.buttons.check);
}

/** Each button names the days that it is of. */
function buttonsOf(
  { shop }: Desk,
  turn: Turn,
  { from, to }: StatementDays,
  { made, proof }: Statement,
): Buttons {
  const { print, table, check, year, all } = statementTexts(turn.language).buttons;
  const data = (form: string, days: StatementDays) =>
    `statement:${form}:${days.from ?? "-"}:${days.to ?? "-"}`;
  const newYear = `${made.slice(0, 4)}-01-01`;
  const other = [
    ...(from === newYear && to === null
      ? []
      : [{ text: year, data: data("show", { from: newYear, to: null }) }]),
    ...(from === null && to === null ? [] : [{ text: all, data: data("show", { from: null, to: null }) }]),
  ];
  const page = proof === null ? null : proofAddress(shop.publicUrl);
  return [
    [
      { text: print, data: data("html", { from, to }) },
      { text: table, data: data("csv", { from, to }) },
    ],
    other,
    page === null ? [] : [{ text: check, url: page }],
  ];
}
