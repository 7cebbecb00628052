// The loyalty calls of the stand-in YCLIENTS: which address asks for what, with which right, and how it is refused.

import * as bills from "./bill-calls.ts";
import * as cards from "./card-calls.ts";
import { CardRefused } from "./cards.ts";
import { errorAnswer } from "./faults.ts";
import type { ChainLoyalty } from "./loyalty.ts";
import type { LoyaltyAsked, LoyaltyCall } from "./loyalty-call.ts";
import type { Permissions } from "./permissions.ts";

type Right = "none" | "loyalty" | "manual" | "chain";
type Route = [method: string, path: RegExp, right: Right, answer: (asked: LoyaltyAsked) => Response];

const OURS = /^\/(loyalty\/|chain\/|visit\/|company\/\d+\/(loyalty|sale)\/)/;

/** Whether the call is one of loyalty's. */
export const isLoyaltyPath = (path: string): boolean => OURS.test(path);

/** Does what was asked, at one moment, and answers. */
export function loyaltyAnswer(loyalty: ChainLoyalty, call: LoyaltyCall): Response {
  return loyalty.atOnce(() => {
    try {
      for (const [method, path, right, answer] of ROUTES) {
        const match = call.method === method && path.exec(call.path);
        if (!match) continue;
        demand(right, loyalty, call.permissions);
        const numbers = match.slice(1).map(Number);
        return answer({ ...call, loyalty, numbers, isBlind: call.faults.withoutLoyalty });
      }
      return errorAnswer(404);
    } catch (refused) {
      if (refused instanceof CardRefused) return refusal(loyalty, refused);
      throw refused;
    }
  });
}

function demand(right: Right, loyalty: ChainLoyalty, rights: Permissions): void {
  const has = {
    none: true,
    loyalty: rights.loyalty_access,
    manual: rights.loyalty_cards_manual_transactions_access,
    chain: loyalty.rights.loyalty,
  };
  if (!has[right]) throw new CardRefused(403, "Нет прав доступа");
}

function refusal({ reading }: ChainLoyalty, { status, message, field }: CardRefused): Response {
  if (status !== 422 && reading.refusals === "success_false")
    return Response.json({ success: false, data: null, meta: { message } });
  return errorAnswer(status, message, field ? { [field]: [message] } : undefined);
}

const ROUTES: Route[] = [
  ["GET", /^\/loyalty\/card_types\/salon\/(\d+)$/, "loyalty", cards.typesOfBranch],
  ["GET", /^\/company\/(\d+)\/loyalty\/programs\/search$/, "loyalty", cards.promotions],
  ["GET", /^\/chain\/(\d+)\/loyalty\/programs\/(\d+)$/, "chain", cards.promotion],
  ["GET", /^\/loyalty\/client_cards\/(\d+)$/, "loyalty", cards.cardsOfClient],
  ["POST", /^\/loyalty\/cards\/(\d+)$/, "loyalty", cards.issue],
  ["POST", /^\/company\/(\d+)\/loyalty\/cards\/(\d+)\/manual_transaction$/, "manual", cards.moveByHand],
  ["POST", /^\/visit\/loyalty\/apply_card_withdrawal\/(\d+)\/(\d+)$/, "loyalty", bills.apply],
  ["POST", /^\/visit\/loyalty\/cancel_card_withdrawal\/(\d+)\/(\d+)$/, "loyalty", bills.cancel],
  ["GET", /^\/visit\/loyalty\/transactions\/(\d+)$/, "loyalty", bills.visitRowList],
  ["GET", /^\/chain\/(\d+)\/loyalty\/transactions$/, "chain", bills.rowsOfChain],
  ["GET", /^\/company\/(\d+)\/sale\/(\d+)$/, "none", bills.sale],
];
