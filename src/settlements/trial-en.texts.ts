// A trial of settling in English. Plain text.

import { enWords } from "../texts/words.ts";
import { rightsPage, type TrialWords } from "./trial-words.texts.ts";

export const enTrial: TrialWords = {
  words: enWords,
  begins: (company, record, visit, sum) =>
    `A trial: branch ${company}, record ${record}, visit ${visit}, ${sum} by points. The bot's ledger is not changed.`,
  type: (kind, chain) => `Kind of card: ${kind}, chain ${chain}.`,
  again: "If it stops in the middle, run it again: it first brings back what is left.",
  earlier: (record) => `Left by a trial that was stopped (record ${record}): it is brought back first.`,
  first: "Now:",
  seen: (card, bill, left) => `${card}, paid by the card ${bill}, left to pay ${left}`,
  onCard: (sum) => `on the card ${sum}`,
  noCard: "no card yet",
  unknown: "not shown",
  asks: {
    issue: () => "Asking for a card for the client",
    put: (sum, card) => `Putting ${sum} onto card ${card} by hand`,
    take: (sum, card) => `Taking ${sum} off card ${card} by hand`,
    apply: (sum, card) => `Paying ${sum} of the visit by card ${card}`,
    cancel: (sum, card) => `Taking off the bill the ${sum} that card ${card} paid`,
  },
  answers: { yes: "yes", no: (words) => `no, "${words}"`, none: "no answer" },
  came: { done: "done", undone: "not done", odd: "otherwise than was asked" },
  missing: (seconds) => `Less is on the card than ought to be. Looking again in ${seconds} s.`,
  later: (seconds) => `Not seen yet. Looking again in ${seconds} s.`,
  turned: (why) => `It does not work: ${why}. Putting all back.`,
  stands: "The points stand on the visit's bill.",
  returned: "All is off the bill and off the card.",
  stuck: (why) => `It goes no further by itself: ${why}.`,
  kept: "YCLIENTS does not let the points off the bill.",
  busy: "Another program is at it just now. Waiting.",
  failed: "YCLIENTS did not answer as it should, the log says more. Trying again.",
  otherPrices:
    "The bill shows points in another way: prices themselves seem to fall. Trying again, reckoning so.",
  listing: "Looking for the withdrawal in the chain's list (up to a minute).",
  listed: (shown) =>
    shown
      ? "The chain's list shows it with its visit."
      : "The chain's list does not show it with this visit.",
  takingBack: "Putting back.",
  notAsked:
    "Whether the visit counts as paid once the rest is paid in money was not tried: the rest was not taken.",
  pay: (left) =>
    `Take the rest, ${left}, in the journal and press Enter. Print no receipt. To skip, write no: `,
  unpay: "Now delete that payment in the journal and press Enter: ",
  unpayAgain: "The payment is still there. Delete it and press Enter: ",
  paid: (paid) =>
    paid === null
      ? "No payment of the rest is seen, so this was not learnt."
      : paid
        ? "The visit counts as paid in full."
        : "The visit does not count as paid in full.",
  outlives: (stays) =>
    stays
      ? "With the payment deleted the points stayed on the bill."
      : "With the payment deleted the points left the bill.",
  obstacles: {
    record_gone: "there is no such record, or it is deleted",
    no_show: "the visit is marked as a no-show",
    no_visit: "the record has no visit, or another one by now",
    other_client: "the record has no client, or another one by now",
    receipt: "the visit's receipt is printed",
    paid: "the visit is paid in full",
    certificate: "a certificate or a membership pays in this visit",
    foreign_rows: "this card pays something of the visit already",
    too_little_left: "too little is left to pay (beside the points at least 1 ₽ must remain)",
    two_cards: "the client has two cards of this kind, delete one",
    prices_unclear: "it is not shown what is left to pay",
    refused: "YCLIENTS refused",
    short: "the card paid less than was asked",
    gone: "the points are neither on the card nor on this visit",
    card_gone: "the card is gone",
    never_done: "it is asked, and nothing changes in the journal",
    by_hand: "somebody moved points on the card by hand",
    too_much: "the rules do not let so many points pay of such a bill",
    no_phone: "the client has no phone in YCLIENTS, or none that is shown: a card is issued to a phone",
    bill_otherwise: "what is left to pay is not what it ought to be",
    card_waits: "an earlier spend by this card waits for a person",
    taken_off: "the points were taken off the bill in the journal",
  },
  faults: {
    sum: "the card paid another sum than was asked. Take the limits off the kind of card",
    left: "what is left to pay is not what it ought to be: the bill cannot be relied on",
    not_listed: `there is no list of the chain's withdrawals with their visits. Give the bot's user the right to loyalty in the chain (${rightsPage})`,
    not_paid: "the visit does not count as paid once the rest is paid in money: it would earn no points",
    limited:
      "the kind of card does not pay for everything, or not all of a bill. Allow it any services and goods, without a limit",
    not_back: "not all in the journal is as before",
    as_money:
      "prices on the record do not fall, and by PAID_BY=prices a visit earns on them: spent points would make new ones. Set PAID_BY=payments and run the trial again",
    refused: `YCLIENTS refused, its words stand above. See the rights of the bot's user (${rightsPage}) and the settings of the kind of card`,
    short: "the card paid less than was asked. Take the limits off the kind of card",
    never_done:
      "it is asked, and nothing changes in the journal. See what the kind of card may pay for: all services and goods, without a limit",
  },
  rights: {
    loyalty: "access to loyalty",
    byHand: "moving points on cards by hand",
    visits: "a record's window and the client in it",
    visitPayments: "a visit's payments",
    visitDays: "payments of visits of past days",
  },
  reasons: {
    unknown_branch: "the bot has not read this branch's journal yet. Run serve or sync first",
    no_record: "the branch has no such record. Its number stands in the visit's address in YCLIENTS",
    no_visit: "the record has no visit. Choose one with a client",
    spend_there: "a spend is on this visit already. Choose another one, for the trial alone",
    no_types: "the branch has no kind of card. Make one in the chain: Лояльность → Типы карт",
    all_promoted: "every kind of card has a promotion. Make another one, without",
    type_gone:
      "the branch has no kind of card by the number in SETTLE_CARD_TYPE. Mend it, or leave the setting out: the trial then says which there are",
    type_promoted: "the kind of card in SETTLE_CARD_TYPE has a promotion. Untie it, or make another kind",
    no_chain:
      "YCLIENTS does not say whose chain the kind of card is of. Make a chain, and the kind of card in it",
  },
  rightsMissing: (all) => `the bot's user lacks rights: ${all}. Give them: ${rightsPage}`,
  manyTypes: (all) =>
    `there are several kinds of card: ${all}. Write the number of the right one in SETTLE_CARD_TYPE`,
  learnt: "What was learnt:",
  facts: {
    bill_falls: (is) =>
      is ? "prices on the bill fall" : "prices on the bill stay, points stand beside them",
    record_price_falls: (is) => (is ? "prices on the record fall" : "prices on the record stay"),
    listed_with_visit: (is) =>
      is ? "the chain's list shows the visit" : "the chain's list does not show the visit",
    paid_full: (is) =>
      is ? "with the rest paid the visit is paid" : "with the rest paid the visit is not paid",
    outlives_payment: (is) =>
      is ? "a deleted payment leaves the points" : "a deleted payment takes the points off too",
    cancel_returns: (is) =>
      is ? "what leaves the bill is on the card again" : "what leaves the bill is not on the card again",
    unlimited: (is) => (is ? "the card pays for everything" : "the card does not pay for everything"),
  },
  passed:
    "PASSED. Ask the client whether YCLIENTS sent them a message: if so, switch notifications off in the kind of card. Then switch it on: SPEND_SETTLES=on",
  unseenPaid:
    "Run the trial once more on a terminal and take the rest: that shows whether the visit counts as paid.",
  notTried: "NOT TRIED:",
  notPassed: "NOT PASSED:",
  clean: "All in the journal is as before.",
  nothingLearnt: (why) =>
    `This visit is no good for a trial: ${why}. All in the journal is as before, and what an earlier trial found holds. Take another visit.`,
  unread:
    "YCLIENTS did not answer as it should, and the trial did not come to its end. All in the journal is as before. The log says more; run the trial later.",
  broken:
    "The trial was broken off, and something may be left in the journal: visit and card are named above. Run the trial again, it begins by putting that back.",
  left: (record, visit) => `LEFT IN THE JOURNAL: record ${record}, visit ${visit}.`,
  leftOnBill: (sum, card) =>
    `Card ${card} pays ${sum}: open the visit, «Оплата визита», and delete the withdrawal by card.`,
  leftOnCard: (sum, card) => `On card ${card} there is ${sum}: take it off by hand in the client's card.`,
  leftOwed: (sum, card) =>
    `Card ${card} is ${sum} below zero: put that onto it by hand in the client's card.`,
  leftToPay: (is, was) => `Left to pay is ${is}, and it was ${was}: look at the visit's payments and prices.`,
  leftUnread: (card) =>
    `The journal could not be read. See for yourself: no withdrawal by card ${card} on the visit, and 0 on the card.`,
  leftThen: "Or run the trial again: it begins by putting this back.",
};
