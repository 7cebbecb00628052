// What the words of a trial are, whichever language they are in; and where a person finds rights in YCLIENTS.

import type { Words } from "../texts/words.ts";
import type { SettlingRight } from "../yclients/rights.ts";
import type { Came, Obstacle, Write } from "./settlement.rule.ts";
import type { TrialFacts, TrialFault } from "./trial.rule.ts";
import type { NotTried } from "./trial-news.ts";

type Reason = Exclude<NotTried["why"], "rights" | "many_types">;
export type Learnt = Exclude<keyof TrialFacts, "why" | "all_back" | "sum_exact" | "left_falls_once">;

/** What stands between the sentences is filled in as written money, and as numbers of YCLIENTS. */
export interface TrialWords {
  words: Words;
  begins: (company: number, record: number, visit: number, sum: string) => string;
  type: (kind: string, chain: number) => string;
  again: string;
  earlier: (record: number) => string;
  first: string;
  seen: (card: string, bill: string, left: string) => string;
  onCard: (sum: string) => string;
  noCard: string;
  unknown: string;
  asks: Record<Write, (sum: string, card: string) => string>;
  answers: { yes: string; no: (words: string) => string; none: string };
  came: Record<Came, string>;
  missing: (seconds: number) => string;
  later: (seconds: number) => string;
  turned: (why: string) => string;
  stands: string;
  returned: string;
  stuck: (why: string) => string;
  kept: string;
  busy: string;
  failed: string;
  otherPrices: string;
  listing: string;
  listed: (shown: boolean) => string;
  takingBack: string;
  notAsked: string;
  pay: (left: string) => string;
  unpay: string;
  unpayAgain: string;
  paid: (paid: boolean | null) => string;
  outlives: (stays: boolean) => string;
  obstacles: Record<Obstacle, string>;
  faults: Partial<Record<TrialFault, string>>;
  rights: Record<SettlingRight, string>;
  reasons: Record<Reason, string>;
  rightsMissing: (all: string) => string;
  manyTypes: (all: string) => string;
  learnt: string;
  facts: Record<Learnt, (is: boolean) => string>;
  passed: string;
  unseenPaid: string;
  notTried: string;
  notPassed: string;
  clean: string;
  nothingLearnt: (why: string) => string;
  unread: string;
  broken: string;
  left: (record: number, visit: number) => string;
  leftOnBill: (sum: string, card: string) => string;
  leftOnCard: (sum: string, card: string) => string;
  leftOwed: (sum: string, card: string) => string;
  leftToPay: (is: string, was: string) => string;
  leftUnread: (card: string) => string;
  leftThen: string;
}

export const rightsPage = "Настройки → Пользователи → Права доступа";
