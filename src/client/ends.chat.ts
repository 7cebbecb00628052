// Until when what a card holds may be spent: the two nearest days, and the line that names them.

import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { nextEnds } from "../ledger/ends.ts";
import type { CardId } from "../rules/ids.ts";
import type { EndingDay } from "../rules/life.ts";
import { dayOf } from "../rules/time.ts";
import { inLanguage } from "../texts/language.ts";
import { branchZone } from "../visits/branch.ts";
import { endsEn, endsRu } from "./ends.texts.ts";

/** What ends next, and this year, which days leave out. */
interface Nearest {
  ends: readonly EndingDay[];
  year: number;
}

/** The two nearest days of a card, none where nothing of it ends. */
export async function nearestEnds({ db, shop, now }: Desk, card: CardId): Promise<Nearest> {
  if (!shop.pointsLive && !shop.welcomeLive && !shop.birthdayLive) return { ends: [], year: 0 };
  const today = dayOf(now(), await branchZone(db, shop.companyIds));
  return { ends: await nextEnds(db, card, today, 2), year: Number(today.slice(0, 4)) };
}

/** The same on a line of its own behind the text before; nothing where there is none. */
export async function endsLine(desk: Desk, turn: Turn, card: CardId): Promise<string> {
  return endsSaid(turn, await nearestEnds(desk, card));
}

/** The line, where the days were read already. */
export function endsSaid({ language }: Turn, { ends, year }: Nearest): string {
  return inLanguage(language, endsRu, endsEn)(ends, year);
}
