// Until when what a card holds may be spent, as the line under it.

import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { nextEnds } from "../ledger/ends.ts";
import type { CardId } from "../rules/ids.ts";
import { dayOf } from "../rules/time.ts";
import { inLanguage } from "../texts/language.ts";
import { branchZone } from "../visits/branch.ts";
import { endsEn, endsRu } from "./ends.texts.ts";

/** The two nearest days, on a line of their own behind the text before; nothing where nothing of the card ends. */
export async function endsLine({ db, shop, now }: Desk, { language }: Turn, card: CardId): Promise<string> {
  if (!shop.pointsLive && !shop.welcomeLive && !shop.birthdayLive) return "";
  const today = dayOf(now(), await branchZone(db, shop.companyIds));
  const ends = await nextEnds(db, card, today, 2);
  return inLanguage(language, endsRu, endsEn)(ends, Number(today.slice(0, 4)));
}
