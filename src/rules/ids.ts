// The kinds of numbers and words that must not be taken for one another: to hand one where another is due does not compile.

declare const kind: unique symbol;

/**
 * A value of one kind. A plain value, as it comes from outside or out of arithmetic, becomes of the kind that is due where
 * it is first named; from then on it is taken for no other.
 */
export type Branded<T, Kind extends string> = T & { readonly [kind]?: Kind };

/** `clients.id`: a loyalty card. */
export type CardId = Branded<number, "card">;
/** `bonuslog.id`: a row of the ledger. */
export type EntryId = Branded<number, "entry">;
/** A record's number in YCLIENTS, a branch's own: another branch may have the same. */
export type RecordId = Branded<number, "record">;
/** A branch's number in YCLIENTS. */
export type CompanyId = Branded<number, "company">;
/** A record and whose it is. */
export interface RecordOfBranch {
  companyId: CompanyId;
  recordId: RecordId;
}
/** A client's number in YCLIENTS. */
export type YclientsClientId = Branded<number, "YCLIENTS client">;
/** A bot's own number in its messenger: messages are numbered within it. */
export type BotId = Branded<number, "bot">;
/** Hundredths of a percent. */
export type Percent = Branded<number, "percent">;
