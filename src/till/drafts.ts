// What an admin asks for at the till, as the draft of a screen: never a button that could not do what it says.

import { personByPhone } from "../cards/clients.store.ts";
import type { Kopecks, Points } from "../rules/money.ts";
import type { Draft, ScreenRecord } from "./screens.store.ts";
import type { Till } from "./screens.ts";
import type { Action } from "./steps.rule.ts";
import { payable } from "./till.rule.ts";
import { balanceAtTill, cardsEndingWith } from "./till.store.ts";

/** Whom or what the admin asked for. A move's points are null for all that the first card holds. */
export type Wanted =
  | { by: "phone"; phone: string; bill: Kopecks | null }
  | { by: "digits"; digits: string; bill: Kopecks | null }
  | { by: "card"; card: number; bill: Kopecks | null; paid?: Kopecks; of?: ScreenRecord }
  | { by: "change"; phone: string; action: "credit" | "debit"; points: Points; reason: string | null }
  | { by: "move"; from: string; to: string; points: Points | null; reason: string | null };

/** Why there is nothing to show: no phone ends so, a phone has no card, a card has no points to take. */
export type Nothing =
  | { kind: "nobody" }
  | { kind: "no_card"; phone: string }
  | { kind: "empty"; card: number; action: Action; balance: Points };

const blank: Draft = {
  step: "card",
  sought: null,
  card: null,
  to: null,
  bill: null,
  paid: 0,
  action: null,
  points: null,
  reason: null,
  typed: null,
};

/** A draft; `cut`: more was asked for than the card holds. */
type Drafted = { draft: Draft; cut: boolean } | Nothing;

/** What a screen of this is to show, or why there is nothing. */
export async function draftFor(till: Till, wanted: Wanted): Promise<Drafted> {
  switch (wanted.by) {
    case "card":
      return orNobody(await draftOfCard(till, wanted.card, wanted.bill, wanted.paid));
    case "digits": {
      const { digits, bill } = wanted;
      const [only, ...others] = await cardsEndingWith(till.db, digits, 1, till.now);
      if (!only) return { kind: "nobody" };
      if (others.length === 0) return orNobody(await draftOfCard(till, only.id, bill));
      return { draft: { ...blank, step: "choose", sought: digits, bill }, cut: false };
    }
    case "phone": {
      const { phone, bill } = wanted;
      const person = await personByPhone(till.db, phone);
      if (person) return orNobody(await draftOfCard(till, person.id, bill));
      return { draft: { ...blank, step: "nobody", sought: phone, bill }, cut: false };
    }
    case "change": {
      const { phone, action, points, reason } = wanted;
      const change = { ...blank, action, points, reason };
      const person = await personByPhone(till.db, phone);
      if (!person) return { draft: { ...change, step: "nobody", sought: phone }, cut: false };
      const draft = { ...change, step: "confirm" as const, card: person.id };
      return action === "credit" ? { draft, cut: false } : cutToBalance(till, draft, person.id);
    }
    default:
      return draftOfMove(till, wanted);
  }
}

const orNobody = (draft: Draft | null): Drafted => (draft ? { draft, cut: false } : { kind: "nobody" });

async function draftOfMove(
  till: Till,
  wanted: { from: string; to: string; points: Points | null; reason: string | null },
): Promise<Drafted> {
  const from = await personByPhone(till.db, wanted.from);
  if (!from) return { kind: "no_card", phone: wanted.from };
  const to = await personByPhone(till.db, wanted.to);
  if (!to) return { kind: "no_card", phone: wanted.to };
  const { points, reason } = wanted;
  const draft = { ...blank, step: "confirm", action: "move", points, reason } as const;
  return cutToBalance(till, { ...draft, card: from.id, to: to.id }, from.id);
}

/** No button offers what cannot be: what is there instead. Null points are all of it. */
async function cutToBalance(till: Till, draft: Draft, card: number): Promise<Drafted> {
  const balance = (await balanceAtTill(till.db, card)) ?? 0;
  const { points, action } = draft;
  if (balance <= 0) return { kind: "empty", card, action: action ?? "debit", balance };
  if (points !== null && points <= balance) return { draft, cut: false };
  return { draft: { ...draft, points: balance }, cut: points !== null };
}

/**
 * A card with its bill: what points can pay of it is what the button will spend. `paid` is what was paid of it before.
 * Null when the card's owner has asked to be forgotten.
 */
export async function draftOfCard(
  till: Till,
  card: number,
  bill: Kopecks | null,
  paid: Kopecks = 0,
): Promise<Draft | null> {
  const balance = await balanceAtTill(till.db, card);
  if (balance === null) return null;
  if (bill === null) return { ...blank, card };
  const points = payable(bill, balance, till.rules.spendMaxPercent, paid);
  return { ...blank, card, bill, paid, action: "spend", points: points > 0 ? points : null };
}
