// Cards, withdrawals and bills in YCLIENTS: what a settling spend reads and changes there.

import * as v from "valibot";
import { Refused } from "../errors.ts";
import type { CompanyId, RecordId, YclientsClientId } from "../rules/ids.ts";
import { decimal, type Kopecks } from "../rules/money.ts";
import {
  cardSchema,
  cardTypeSchema,
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

    /** What stands on a visit by all means of loyalty, what is in force alone. */
    visitRows: (visit: number) => read(`/visit/loyalty/transactions/${visit}`, rowsSchema),

    /** A sale as it is to be paid. */
    sale: (companyId: CompanyId, document: number) =>
      read(`/company/${companyId}/sale/${document}`, saleSchema),

    /** Withdrawals by a card in its chain on these days (`YYYY-MM-DD`), whichever visit they are of. */
    withdrawals: (chain: number, card: number, from: string, to: string) =>
      read(`/chain/${chain}/loyalty/transactions`, rowsSchema, {
        ...{
          created_after: from,
          created_before: to,
          loyalty_card_id: String(card),
          "types[]": String(withdrawal),
        },
        ...{ page: "1", count: "1000" },
      }).then((rows) => {
        if (rows.length >= 1000) throw new Refused("YCLIENTS", 200, "too many withdrawals by one card");
        return rows.filter((row) => row.card === card && row.kind === withdrawal);
      }),

    /** A record as a settling spend needs it; null when YCLIENTS knows none by that number. */
    async recordState(companyId: CompanyId, record: RecordId): Promise<RecordState | null> {
      try {
        return await read(`/record/${companyId}/${record}`, recordSchema, {
          include_finance_transactions: "1",
          with_deleted: "1",
        });
      } catch (error) {
        if (error instanceof Refused && error.code === 404) return null;
        throw error;
      }
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

const roubles = (sum: Kopecks) => Number(decimal(sum));
