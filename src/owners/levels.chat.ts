// /level: an owner sees a client's level, gives another one by hand until a day, and takes that back.

import { cardOfPhone } from "../cards/link.ts";
import { askedDay } from "../chat/asks.texts.ts";
import type { Desk } from "../chat/desk.ts";
import { staffTexts } from "../chat/staff.texts.ts";
import { isOwner, isStaff } from "../chat/staff.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { giveLevel, levelOf, takeLevelBack } from "../levels/card.ts";
import { levelTexts } from "../levels/levels.texts.ts";
import { levelsNow } from "../levels/terms.ts";
import { authorOf } from "../rules/author.ts";
import { phoneOf } from "../rules/phone.ts";
import { refusedReason, tidyReason } from "../rules/reason.ts";
import { addDays, dayOf } from "../rules/time.ts";
import { aboutCard } from "../till/screen.chat.ts";
import { branchZone } from "../visits/branch.ts";
import { handTexts } from "./levels.texts.ts";

/** A level by hand ends within so many days. */
const maxDays = 3 * 366;

/** /level and its button. What is not an owner's goes on. */
export const levels: BotPart = async (desk, turn) => {
  const words = turn.asks("level");
  const [, undone] = /^level:back:(\d{1,15})$/.exec(turn.data ?? "") ?? [];
  if (!isStaff(desk.shop, turn.account) || (words ?? undone ?? null) === null) return false;
  // Without levels there is no such command.
  if (words !== null && (await levelsNow(desk.db)) === null) return false;
  if (!isOwner(desk.shop, turn.account)) await turn.say(staffTexts.ownersOnly());
  else if (words === null) await takeBack(desk, turn, Number(undone));
  else await asked(desk, turn, words.trim());
  return true;
};

/** `/level phone` shows, `/level phone place day reason` gives. */
async function asked(desk: Desk, turn: Turn, words: string): Promise<void> {
  const { db } = desk;
  const [first = "", place = "", day = "", ...rest] = words.split(/\s+/);
  const phone = phoneOf(first);
  if (phone === null) return turn.say(handTexts.usage());
  const card = await cardOfPhone(db, phone);
  if (card === null) return turn.say(handTexts.noCard());
  const [now, timeZone] = [desk.now(), await branchZone(db, desk.shop.companyIds)];
  const today = dayOf(now, timeZone);
  if (place === "") {
    const level = await levelOf(db, card, { now, timeZone });
    if (level === null) return turn.say(handTexts.noLevels());
    const line = levelTexts("ru").line(level, Number(today.slice(0, 4)));
    return turn.say(await aboutCard(desk, card, `${line}\n${handTexts.usage()}`));
  }
  const until = askedDay(day, today);
  if (!/^\d{1,2}$/.test(place) || until === null) return turn.say(handTexts.usage());
  if (until < today || until > addDays(today, maxDays)) return turn.say(handTexts.badDay());
  const reason = tidyReason(rest.join(" "));
  if (reason === "") return turn.say(handTexts.noReason());
  const why = refusedReason(reason);
  if (why !== null) return turn.say(handTexts.badReason(why));
  await give(desk, turn, { card, place: Number(place), until, reason }, timeZone);
}

async function give(
  desk: Desk,
  turn: Turn,
  wanted: { card: number; place: number; until: string; reason: string },
  timeZone: string,
): Promise<void> {
  const { incoming, channel, account } = turn;
  const message = "message" in incoming ? incoming.message : null;
  const gift = { ...wanted, actor: authorOf(account), key: `hand:${channel.bot}:${account}:${message}` };
  const given = await giveLevel(desk.db, gift, timeZone);
  if (given.result === "no_levels") return turn.say(handTexts.noLevels());
  if (given.result === "no_such_level") return turn.say(handTexts.noSuchLevel(given.places));
  turn.log.info(
    { card: wanted.card, change: given.change, result: given.result },
    "a level was given by hand",
  );
  const year = Number(dayOf(desk.now(), timeZone).slice(0, 4));
  const html = handTexts.given({ ...given, until: wanted.until }, year);
  await turn.say(await aboutCard(desk, wanted.card, html), [
    [{ text: handTexts.undo(), data: `level:back:${given.change}` }],
  ]);
}

async function takeBack(desk: Desk, turn: Turn, change: number): Promise<void> {
  const back = await takeLevelBack(desk.db, change, authorOf(turn.account));
  if (back) turn.log.info({ card: back.card, change }, "a level by hand was taken back");
  if (back === null) return turn.replace(handTexts.alreadyBack());
  await turn.replace(await aboutCard(desk, back.card, handTexts.back(back.percent)));
}
