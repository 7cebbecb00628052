// How a branch stands with settling: its trial, and what is there in the journal of what a trial and spends count on.

import type { Db } from "../db/connect.ts";
import type { CompanyId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import type { Yclients } from "../yclients/client.ts";
import { amountOf, withdrawalsBy } from "../yclients/loyalty-answers.ts";
import type { SettlingRight } from "../yclients/rights.ts";
import { findCardType, type NoCardType, rightsMissing } from "./ground.ts";
import { protocol, type SettleSettings } from "./settlements.ts";
import {
  type LatelySettled,
  lastTrial,
  latelySettled,
  type SettlementsWaiting,
  type StoredTrial,
  settlementsWaiting,
} from "./trials.store.ts";

/** Why a branch's last trial does not let spends settle there. */
export type TrialGap = "none" | "failed" | "doubted" | "protocol" | "other_type" | "prices";

export interface SettlingKnown {
  trial: StoredTrial | null;
  /** Null: spends settle there. */
  gap: TrialGap | null;
  waiting: SettlementsWaiting;
  lately: LatelySettled[];
}

/** Cards and spends that `lately` may name: each is a request or two. */
const most = { days: 14, maxRows: 10 };

/** What the database knows of a branch, by these settings. */
export async function settlingKnown(
  db: Db,
  company: CompanyId,
  settings: SettleSettings,
): Promise<SettlingKnown> {
  const trial = await lastTrial(db, company);
  const [waiting, lately] = [await settlementsWaiting(db, company), await latelySettled(db, company, most)];
  return { trial, gap: gapOf(trial, settings), waiting, lately };
}

/** As `branchesThatSettle` decides. */
function gapOf(
  trial: StoredTrial | null,
  { settleCardType: cardType, paidBy }: SettleSettings,
): TrialGap | null {
  if (trial === null) return "none";
  if (!trial.passed) return "failed";
  if (trial.doubt !== null) return "doubted";
  if (trial.protocol !== protocol) return "protocol";
  if (cardType !== null && cardType !== trial.cardType) return "other_type";
  return paidBy === "prices" && trial.facts.record_price_falls !== true ? "prices" : null;
}

/** What has changed in YCLIENTS since the trial: its kind of card, and the rights of the token. Empty: nothing has. */
export async function groundNow(
  yclients: Yclients,
  { company, cardType, client }: StoredTrial,
): Promise<{ type: NoCardType["why"] | "limited" | null; missing: SettlingRight[] }> {
  const missing = await rightsMissing(yclients, company);
  if (missing.includes("loyalty")) return { type: null, missing };
  const type = await findCardType(yclients, company, cardType);
  if ("why" in type) return { type: type.why, missing };
  const cards = client === null ? [] : await yclients.cardsOf(client);
  const limited = cards.some((card) => card.typeId === cardType && card.limited);
  return { type: limited ? "limited" : null, missing };
}

/** What is otherwise than it ought to be at rest. */
export interface OddAtRest {
  /** A reserved card that is not at zero. */
  cards: { card: number; balance: Kopecks }[];
  /** A spend that stands, and of which another sum or nothing is on its visit. */
  visits: { visit: number; is: Kopecks; ought: Kopecks }[];
}

/** Of those that came to rest lately, read anew. */
export async function oddAtRest(yclients: Yclients, lately: readonly LatelySettled[]): Promise<OddAtRest> {
  const odd: OddAtRest = { cards: [], visits: [] };
  const looked = new Set<number>();
  for (const { client, reservedCard, visit, amount, state, isSpend } of lately) {
    if (client !== null && !looked.has(reservedCard)) {
      const cards = await yclients.cardsOf(client);
      const balance = cards.find((card) => card.id === reservedCard)?.balance ?? 0;
      if (balance !== 0) odd.cards.push({ card: reservedCard, balance });
      looked.add(reservedCard);
    }
    if (state !== "stands" || !isSpend) continue;
    const is = amountOf(withdrawalsBy(await yclients.visitRows(visit), reservedCard));
    if (is !== amount) odd.visits.push({ visit, is, ought: amount });
  }
  return odd;
}
