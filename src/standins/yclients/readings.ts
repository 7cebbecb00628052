// The ways in which the loyalty calls of YCLIENTS may behave: each fact that nobody could see is a switch.

/** One way for the API to be. The first value of each is the careful one: what hurts most while being plausible. */
export type LoyaltyReading = {
  /** Whether answers of `/visit/loyalty/…` stand in the envelope. Refusals always do. */
  shape: "bare" | "enveloped";
  /** A withdrawal above what is left to pay, the card's balance or the type's limit: less, without a word, or 422. */
  over: "capped" | "refused";
  /** What a card type's greatest discount does; 0 is no limit, but in the second, where it lets nothing through. */
  limits: "cap" | "zero_is_nothing" | "ignored";
  /** A second withdrawal by one card in a visit: comes to the first, or in its place. */
  twice: "adds" | "replaces";
  /** A withdrawal is a row for each line, by numbers with noise in the last place, or one row. */
  rows: "lines" | "one";
  /** A line's share goes by its price, paid or not, or by what is left to pay of it. */
  spread: "price" | "left";
  /** Whether a withdrawal is taken whoever came or did not, or from a visit of somebody who has arrived alone. */
  attendance: "any" | "arrived";
  /** What cancelling takes off a visit: all of the card's rows, points back; all and no points; the last one. */
  cancel: "returns" | "burns" | "last";
  /** `cost` and `cost_to_pay` of a record's services and goods once a card has paid a part of them. */
  recordPrices: "fall" | "stay";
  /** `items[].cost` of a visit, and `cost_to_pay_total` of its sale. */
  billPrices: "stay" | "fall";
  /** Whether a payment by card moves `last_change_date` and posts `record update`. */
  stamps: "stay" | "move";
  /** Whether a card's change is posted as `loyalty_card`, five seconds later. */
  cardHook: "never" | "later";
  /** Whether what cards paid counts for `paid_full`. */
  paidFull: "counts_cards" | "money_only";
  /** Rows of a record that was deleted, given to another client or lost a line, and of a bill that fell below them. */
  visitChanged: "vanish" | "stay" | "shrink";
  /** Rows of a visit a payment of which was deleted. */
  paymentDeleted: "stay" | "vanish";
  /** Taking more by hand than the card holds. */
  overdraw: "refused" | "below_zero";
  /** Issuing a card to who has one of this type. */
  secondCard: "issued" | "refused" | "first";
  /** A write whose answer is lost: done at once or up to 90 s later, each in turn, or not done. A fault may say which. */
  lost: "late" | "undone";
  /** How late the chain's list shows a row, in milliseconds. */
  chainLagMs: number;
  /** What becomes of a row that was taken back. */
  gone: "vanishes" | "changes_status";
  /** In which order rows are listed. */
  order: "oldest_first" | "newest_first";
  /** How 403 and 404 are said: by the status, or by 200 and `success: false`. */
  refusals: "status" | "success_false";
  /** Whether a printed receipt stops withdrawals and their cancelling. */
  receipt: "blocks" | "works";
  /** Whether a document's sale has its own record alone, or the whole visit. */
  saleScope: "record" | "visit";
  /** Whether a row has the same number in a sale as in the other lists. */
  saleIds: "same" | "own";
  /** Whether lookups of cards answer with a list, or with the one card there is. */
  lookup: "list" | "object";
  /** The last day asked of the chain's list: left out, or in it. */
  lastDay: "left_out" | "in";
  /** Whose days the chain's list takes. */
  days: "utc" | "branch";
  /** Under which name the right to loyalty is printed. */
  rightName: "loyalty_access" | "has_loyalty_access";
  /** Whether a record has a document for consumables too, before its own. */
  documents: "consumables_first" | "one";
  /** The status of an issued card's answer. */
  issued: 201 | 200;
};

/** Every switch as it hurts most. What holds here and with each of the other values needs nobody's word. */
export const carefulReading: LoyaltyReading = {
  ...{ shape: "bare", over: "capped", limits: "cap", twice: "adds", rows: "lines", spread: "price" },
  ...{ attendance: "any", cancel: "returns", recordPrices: "fall", billPrices: "stay", stamps: "stay" },
  ...{ cardHook: "never", paidFull: "counts_cards", visitChanged: "vanish", paymentDeleted: "stay" },
  ...{ overdraw: "refused", secondCard: "issued", lost: "late", chainLagMs: 10_000, gone: "vanishes" },
  ...{ refusals: "status", receipt: "blocks", saleScope: "record", saleIds: "same" },
  ...{ lookup: "list", lastDay: "left_out", days: "utc" },
  ...{ order: "oldest_first", rightName: "loyalty_access", documents: "consumables_first", issued: 201 },
};

/** The other values of each switch. */
export const otherReadings: { [Name in keyof LoyaltyReading]: LoyaltyReading[Name][] } = {
  ...{ shape: ["enveloped"], over: ["refused"], limits: ["zero_is_nothing", "ignored"] },
  ...{ twice: ["replaces"], rows: ["one"], spread: ["left"], attendance: ["arrived"] },
  ...{ cancel: ["burns", "last"], recordPrices: ["stay"], billPrices: ["fall"], stamps: ["move"] },
  ...{ cardHook: ["later"], paidFull: ["money_only"], visitChanged: ["stay", "shrink"] },
  ...{ paymentDeleted: ["vanish"], overdraw: ["below_zero"], secondCard: ["refused", "first"] },
  ...{ lost: ["undone"], chainLagMs: [0], gone: ["changes_status"], refusals: ["success_false"] },
  ...{ receipt: ["works"], saleScope: ["visit"], saleIds: ["own"] },
  ...{ lookup: ["object"], lastDay: ["in"], days: ["branch"] },
  ...{ order: ["newest_first"], rightName: ["has_loyalty_access"], documents: ["one"], issued: [200] },
};
