// A card's statement in the chat, a client's own or by an owner a client's: in words, as a page to print and as a table.

import { cardOfPhone, ownCard } from "../cards/link.ts";
import type { Buttons } from "../channels/channel.ts";
import { askedDay, askedDays } from "../chat/asks.texts.ts";
import type { Desk } from "../chat/desk.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isOwner, isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { askForNumber } from "../client/start.chat.ts";
import type { CardId } from "../rules/ids.ts";
import { phoneOf } from "../rules/phone.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { asHtml } from "./paper.ts";
import { proofAddress, proofPage } from "./proof-page.ts";
import { statementTexts } from "./statement.texts.ts";
import { type Statement, type StatementDays, statementOf } from "./statement.ts";

/** /statement, its buttons, and the one under the history. */
export const ownStatement: BotPart = async (desk, turn) => {
  const words = turn.data === "statement" ? "" : turn.asks("statement");
  const [, form, from, to, client] =
    /^statement:(show|html|csv):(-|\d{4}-\d\d-\d\d):(-|\d{4}-\d\d-\d\d)(?::(\d{1,15}))?$/.exec(
      turn.data ?? "",
    ) ?? [];
  // For who works here no more, and for clients, there is no such button.
  if (client !== undefined && !isStaff(desk.shop, turn.account)) return false;
  if (words !== null) await showTyped(desk, turn, words);
  else if (form !== undefined)
    await hand(desk, turn, form, {
      from: from === "-" ? null : (from ?? null),
      to: to === "-" ? null : (to ?? null),
      client: client === undefined ? null : Number(client),
    });
  else return false;
  return true;
};

/** The days, and whose card it is of: by an owner a client's; null: the own one. */
interface Wanted extends StatementDays {
  client: CardId | null;
}

async function showTyped(desk: Desk, turn: Turn, words: string): Promise<void> {
  const t = statementTexts(turn.language);
  const today = dayOf(desk.now(), await branchZone(desk.db, desk.shop.companyIds));
  const written = words.split(/\s+/).filter((word) => word !== "");
  // A whole date has as many digits as some phones.
  const isDay = askedDay(written[0] ?? "", today) !== null;
  const phone = isStaff(desk.shop, turn.account) && !isDay ? phoneOf(written[0]) : null;
  const ofOwner = isOwner(desk.shop, turn.account);
  if (phone !== null) written.shift();
  if (phone !== null && !ofOwner) return turn.say(staffTexts.ownersOnly());
  // An owner who has no card means a client's.
  if (ofOwner && written.length === 0 && phone === null && (await ownCard(desk.db, turn)) === null)
    return turn.say(t.ofClient);
  const client = phone === null ? null : await cardOfPhone(desk.db, phone);
  if (phone !== null && client === null) return turn.say(t.noCard);
  const days = askedDays(written, today);
  if (days === null) return turn.say(ofOwner ? `${t.usage}\n${t.ofClient}` : t.usage);
  await hand(desk, turn, "show", { from: days.from ?? monthBefore(today), to: days.to, client });
}

/** The first day of the month before. */
function monthBefore(today: string): string {
  return `${addDays(`${today.slice(0, 8)}01`, -1).slice(0, 8)}01`;
}

/** The card, if it is theirs who ask at this moment, or they are an owner. */
async function cardFor({ db, staff }: Desk, turn: Turn, client: CardId | null): Promise<CardId | null> {
  if (client === null) return (await ownCard(db, turn))?.id ?? null;
  return isOwner(await staff.now(), turn.account) ? client : null;
}

async function hand(desk: Desk, turn: Turn, form: string, wanted: Wanted): Promise<void> {
  const { db, shop, now } = desk;
  const { client, ...days } = wanted;
  const nothing = () => (client === null ? askForNumber(desk, turn) : turn.say(staffTexts.ownersOnly()));
  const card = await cardFor(desk, turn, client);
  if (card === null) return nothing();
  const timeZone = await branchZone(db, shop.companyIds);
  const of = {
    card,
    viewer: client === null ? turn.account : "staff",
    timeZone,
    now: now(),
    proof: shop.statements === "proof",
  } as const;
  const found = await statementOf(db, { ...of, ...days });
  // While it was read the card may have gone to another account, or the owner to other work.
  if ((await cardFor(desk, turn, client)) !== card) return nothing();
  const t = statementTexts(turn.language);
  if (found === null) return nothing();
  // It was found by a phone: a client's without one is nobody's any more.
  if (client !== null && found.phone === null) return turn.say(t.noCard);
  if (client !== null) turn.log.info({ card, form }, "an owner asked for a client's statement");
  if (form === "show") return turn.replace(t.message(found), buttonsOf(desk, turn, wanted, found));
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
  { from, to, client }: Wanted,
  { made, proof }: Statement,
): Buttons {
  const { print, table, check, year, all } = statementTexts(turn.language).buttons;
  const data = (form: string, days: StatementDays) =>
    `statement:${form}:${days.from ?? "-"}:${days.to ?? "-"}${client === null ? "" : `:${client}`}`;
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
