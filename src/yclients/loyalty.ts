// Cards, withdrawals and bills in YCLIENTS: what a settling spend reads and changes there.

import * as v from "valibot";
import { Refused } from "../errors.ts";
import type { CompanyId, RecordId, YclientsClientId } from "../rules/ids.ts";
import { decimal, type Kopecks } from "../rules/money.ts";
import {
  allRowsSchema,
  cardSchema,
  cardTypeSchema,
  inForce,
  type LoyaltyRow,
  manyOf,
  promotionSchema,
  type RecordState,
  recordSchema,
  rowsSchema,
  saleSchema,
  withdrawal,
} from "./loyalty-answers.ts";
import type { Answer } from "./pages.ts";
import { id } from "./record.ts";

/**
 * What came of a change: `no`: it is not made; `busy`: it was turned away at the door, and may be asked again later;
 * `unknown`: it may be made, or may yet be.
 */
export type ChangeAnswer =
  | { kind: "yes"; data: unknown }
  | { kind: "no" | "unknown"; words: string }
  | { kind: "busy" };

/** How many rows of a chain are asked for at once, and how often. */
const perPage = 1000;
const mostPages = 50;

type Ask = (path: string, query?: Record<string, string>) => Promise<Answer>;
type Prepare = (path: string, body: object) => Promise<() => Promise<ChangeAnswer>>;

/** The questions of a settling spend. All throw as the journal's do; what cannot be read is no zero. */
export function loyaltyQuestions(ask: Ask, change: Prepare) {
  const read = async <T>(path: string, schema: v.GenericSchema<unknown, T>, query = {}): Promise<T> => {
    const { data } = await ask(path, query);
    const parsed = v.safeParse(schema, data);
    if (parsed.success) return parsed.output;
    const where = parsed.issues.map((issue) => v.getDotPath(issue) ?? "all of it").join(", ");
    throw new Refused("YCLIENTS", 200, `its answer cannot be read: ${where}`);
  };
  const onVisit = (what: string, companyId: CompanyId, card: number, body: object) =>
    change(`/visit/loyalty/${what}_card_withdrawal/${companyId}/${card}`, body);

  return {
    /** The kinds of card that are valid in a branch. */
    cardTypes: (companyId: CompanyId) =>
      read(`/loyalty/card_types/salon/${companyId}`, manyOf(cardTypeSchema)),

    /** The numbers of the promotions that work in a branch. */
    promotions: (companyId: CompanyId) =>
      read(
        `/company/${companyId}/loyalty/programs/search`,
        manyOf(
          v.pipe(
            v.object({ id }),
            v.transform((one) => one.id),
          ),
        ),
      ),

    /** The kinds of card that a chain's promotion is tied to. */
    promotedTypes: (chain: number, promotion: number) =>
      read(`/chain/${chain}/loyalty/programs/${promotion}`, promotionSchema, {
        include: "loyalty_card_types",
      }),

    /** All cards of a client of a branch (YCLIENTS API: by client, for a phone in an address is kept in logs). */
    cardsOf: (client: YclientsClientId) => read(`/loyalty/client_cards/${client}`, manyOf(cardSchema)),

    /** What stands on a visit by all means of loyalty, what is in force alone; nothing does on one that is no more. */
    visitRows: (visit: number) =>
      read(`/visit/loyalty/transactions/${visit}`, rowsSchema).catch((error) => unlessGone(error, [])),

    /** A sale as it is to be paid. */
    sale: (companyId: CompanyId, document: number) =>
      read(`/company/${companyId}/sale/${document}`, saleSchema),

    /** Withdrawals by a card in its chain, or by all its cards (null), on these days (`YYYY-MM-DD`), whichever visit they are of. */
    async withdrawals(chain: number, card: number | null, from: string, to: string): Promise<LoyaltyRow[]> {
      const found: LoyaltyRow[] = [];
      // YCLIENTS API: `meta.count` is of this answer alone, so the pages go on until a short one.
      for (let page = 1; page <= mostPages; page++) {
        const all = await read(`/chain/${chain}/loyalty/transactions`, allRowsSchema, {
          ...{ created_after: from, created_before: to, "types[]": String(withdrawal) },
          ...(card !== null && { loyalty_card_id: String(card) }),
          ...{ page: String(page), count: String(perPage) },
        });
        found.push(
          ...inForce(all).filter((row) => row.kind === withdrawal && (card ?? row.card) === row.card),
        );
        if (all.length < perPage) return found;
      }
      throw new Refused("YCLIENTS", 200, "too many withdrawals in a chain");
    },

    /** A record as a settling spend needs it; null when YCLIENTS knows none by that number. */
    async recordState(companyId: CompanyId, record: RecordId): Promise<RecordState | null> {
      const query = { include_finance_transactions: "1", with_deleted: "1" };
      const state = await read(`/record/${companyId}/${record}`, recordSchema, query).catch((error) =>
        unlessGone(error, null),
      );
      if (state && (state.id !== record || (state.companyId ?? companyId) !== companyId))
        throw new Refused("YCLIENTS", 200, "its answer is of another record");
      return state;
    },

    /** Issues a card of a kind to whoever has this phone (E.164) in the branch. */
    issueCard: (companyId: CompanyId, type: number, phone: string) =>
      change(`/loyalty/cards/${companyId}`, { loyalty_card_type_id: type, phone: Number(phone.slice(1)) }),

    /** Points onto a card by hand, or off it where the sum is below zero. */
    movePointsByHand: (companyId: CompanyId, card: number, sum: Kopecks, title: string) =>
      change(`/company/${companyId}/loyalty/cards/${card}/manual_transaction`, {
        amount: roubles(sum),
        title,
      }),

    /** Points of a card onto the bill of a visit: at most what is left to pay, and nobody says if it is less. */
    applyCard: (
      companyId: CompanyId,
      card: number,
      of: { record: RecordId; visit: number; amount: Kopecks },
    ) =>
      onVisit("apply", companyId, card, {
        record_id: of.record,
        visit_id: of.visit,
        amount: roubles(of.amount),
      }),

    /** All that a card has paid of a visit off its bill again. */
    cancelCard: (companyId: CompanyId, card: number, of: { record: RecordId; visit: number }) =>
      onVisit("cancel", companyId, card, { record_id: of.record, visit_id: of.visit }),
  };
}

function unlessGone<T>(error: unknown, none: T): T {
  if (error instanceof Refused && error.code === 404) return none;
  throw error;
}

const roubles = (sum: Kopecks) => Number(decimal(sum));
