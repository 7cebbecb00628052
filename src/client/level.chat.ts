// Which level a card is on, as the line under it.

import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { levelOf } from "../levels/card.ts";
import { levelTexts } from "../levels/levels.texts.ts";
import type { CardId } from "../rules/ids.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";

/** On a line of its own behind the text before; nothing where the salon has no levels. */
export async function levelLine({ db, shop, now }: Desk, { language }: Turn, card: CardId): Promise<string> {
  if (shop.levels === null) return "";
  const at = { now: now(), timeZone: await branchZone(db, shop.companyIds) };
  const level = await levelOf(db, card, at);
  if (level === null) return "";
  return `\n${levelTexts(language).line(level, Number(dayOf(at.now, at.timeZone).slice(0, 4)))}`;
}
