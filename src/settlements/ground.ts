// What a branch has for settling in YCLIENTS, before anything is asked of it: the kind of card that is kept for this, and rights.

import type { CompanyId } from "../rules/ids.ts";
import type { Yclients } from "../yclients/client.ts";
import type { CardType } from "../yclients/loyalty-answers.ts";
import type { SettlingRight } from "../yclients/rights.ts";

/** Why there is no kind of card to settle by, and what there is. */
export type NoCardType =
  | { why: "no_types" | "all_promoted" | "type_gone" | "type_promoted" | "no_chain" }
  | { why: "many_types"; types: CardType[] };

/** The kind of card that is kept for settling: the one that the settings name, else the only one that no promotion is tied to. */
export async function findCardType(
  yclients: Yclients,
  company: CompanyId,
  chosen: number | null,
): Promise<CardType | NoCardType> {
  const types = await yclients.cardTypes(company);
  if (types.length === 0) return { why: "no_types" };
  if (chosen !== null && !types.some(({ id }) => id === chosen)) return { why: "type_gone" };
  const chains = new Set(types.map(({ chain }) => chain));
  if (chains.has(0)) return { why: "no_chain" };
  const promoted = await promotedIn(yclients, company, chains);
  if (chosen !== null && promoted.has(chosen)) return { why: "type_promoted" };
  const free = types.filter(({ id }) => (chosen === null ? !promoted.has(id) : id === chosen));
  const [first, ...others] = free;
  if (!first) return { why: "all_promoted" };
  return others.length > 0 ? { why: "many_types", types: free } : first;
}

/** The kinds of card to which a promotion of the branch is tied, in any of these chains. */
async function promotedIn(
  yclients: Yclients,
  company: CompanyId,
  chains: ReadonlySet<number>,
): Promise<Set<number>> {
  const promoted = new Set<number>();
  for (const promotion of await yclients.promotions(company))
    for (const chain of chains)
      for (const type of await yclients.promotedTypes(chain, promotion)) promoted.add(type);
  return promoted;
}

/** The rights that the user token lacks for settling, as far as YCLIENTS says. */
export async function rightsMissing(yclients: Yclients, company: CompanyId): Promise<SettlingRight[]> {
  const rights = await yclients.settlingRights(company);
  return (Object.keys(rights) as SettlingRight[]).filter((right) => rights[right] === false);
}
