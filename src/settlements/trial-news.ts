// What a trial is asked for, what it tells and asks of whoever looks on, and how it may end.

import type { CompanyId, RecordId } from "../rules/ids.ts";
import type { Kopecks } from "../rules/money.ts";
import type { CardType } from "../yclients/loyalty-answers.ts";
import type { SettlingRight } from "../yclients/rights.ts";
import type { NoCardType } from "./ground.ts";
import type { SettlementLook, Settling } from "./look.ts";
import type { Move, Obstacle } from "./settlement.rule.ts";
import type { StoredSettlement } from "./settlements.store.ts";
import type { TrialFacts, TrialFault } from "./trial.rule.ts";

export interface TrialOrder {
  company: CompanyId;
  record: RecordId;
  amount: Kopecks;
  /** The kind of card that the settings name; null: the branch has one. */
  cardType: number | null;
  /** What visits earn on. */
  paidBy: "payments" | "prices";
}

/** Why nothing could be tried; nothing was asked of the journal. */
export type NotTried =
  | { why: "unknown_branch" | "no_record" | "no_visit" | "spend_there" }
  | { why: "rights"; missing: SettlingRight[] }
  | NoCardType;

/** What whoever looks on is told, in the order in which it happens. */
export type TrialNews =
  | { kind: "earlier"; record: RecordId }
  | { kind: "begins"; order: TrialOrder; visit: number; type: CardType }
  | { kind: "first"; seen: SettlementLook }
  | { kind: "step"; one: StoredSettlement; move: Move; seen: SettlementLook }
  | { kind: "busy" | "failed" | "other_prices" | "listing" | "taking_back" | "not_asked" }
  | { kind: "listed"; shown: boolean }
  | { kind: "paid"; paid: boolean | null; stays: boolean | null };

/** What is asked of whoever looks on at the journal. */
export type TrialQuestion = { what: "pay"; left: Kopecks } | { what: "unpay"; again: boolean };

/** How a trial works with whoever looks on. */
export interface Trying {
  settling: Settling;
  tell(news: TrialNews): Promise<void>;
  /** Whether it was done; false: it was not, or nobody is there to do it. */
  ask(question: TrialQuestion): Promise<boolean>;
  wait(ms: number): Promise<void>;
}

/** What of it a person has to undo, as it was seen last; sums are null where it could not be read. */
export interface LeftBehind {
  record: RecordId;
  visit: number;
  reservedCard: number | null;
  onCard: Kopecks | null;
  onBill: Kopecks | null;
  /** What is left to pay, where it was something else before. */
  toPay: { was: Kopecks; is: Kopecks } | null;
}

export type TrialEnd =
  | { end: "not_tried"; of: NotTried }
  | { end: "nothing_learnt"; why: Obstacle | "unread" }
  | { end: "passed"; facts: TrialFacts }
  | { end: "failed"; facts: TrialFacts; faults: TrialFault[] }
  | { end: "left"; left: LeftBehind };
