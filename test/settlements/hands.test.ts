/** Hands in the journal at every moment of a settlement: points never pay twice, and are never lost unseen. */
import { expect, test } from "bun:test";
import { settleDue } from "../../src/settlements/settle.ts";
import { addService, joinVisit } from "../../src/standins/yclients/hands.ts";
import { atEachMoment, interrupted } from "../helpers/interrupted.ts";
import { seed } from "../helpers/seed.ts";
import { type SettlingSalon, settlingSalon } from "../helpers/settling-salon.ts";

const N = 50_000;
/**
 * The journal is the same after an answer and before the next request: every other moment is one of its own. A third of these,
 * others by another seed.
 */
const step = 6;
const from = 1 + 2 * (seed % (step / 2));
const BORIS = { id: 9002, name: "Борис", phone: "+79007654321" };

type At = { companyId: number; recordId: number };
type Hand = (salon: SettlingSalon, at: At, other: At) => unknown;

const cardsOf = (salon: SettlingSalon) =>
  salon.loyalty.cards.filter((card) => card.typeId === salon.type.id && !card.isDeleted);
const cardOf = (salon: SettlingSalon) =>
  cardsOf(salon)[0] ?? salon.loyalty.issue(salon.type.id, "+79001234567");
const open = (act: () => unknown) => {
  try {
    act();
  } catch {} // the journal refuses it: nobody did anything
};

/** What somebody does, and how a settlement may end that meets it. */
const hands: Record<string, { does: Hand; mayEnd: string[] }> = {
  "the price goes down": {
    does: ({ journal }, { recordId }) => journal.editPrice(recordId, 30_000),
    mayEnd: ["stands", "returned"],
  },
  "the price goes below what stands with a rouble to pay": {
    does: ({ journal }, { recordId }) => journal.editPrice(recordId, N + 50),
    mayEnd: ["stands", "returned"],
  },
  "another service comes": {
    does: ({ loyalty }, at) => addService(loyalty, at, { title: "Укладка", cost: 120_000 }),
    mayEnd: ["stands", "returned"],
  },
  "the receipt is printed": {
    does: ({ loyalty }, at) => loyalty.printReceipt(at),
    mayEnd: ["stands", "returned", "stuck: refused"],
  },
  "it is paid in full": {
    does: ({ journal }, { recordId }) => journal.pay(recordId),
    mayEnd: ["stands", "returned"],
  },
  "a part is paid": {
    does: ({ journal }, { recordId }) => journal.payInPart(recordId, 10_000),
    mayEnd: ["stands", "returned"],
  },
  "all but the points is paid": {
    does: ({ journal }, { recordId }) => journal.payInPart(recordId, 316_000 - N),
    mayEnd: ["stands", "returned"],
  },
  "it is deleted": {
    does: ({ journal }, { recordId }) => journal.remove(recordId),
    mayEnd: ["stands", "returned", "stuck: refused"],
  },
  "it is another client's": {
    does: ({ journal }, { recordId }) => journal.changeClient(recordId, BORIS),
    mayEnd: ["stands", "returned"],
  },
  "they did not come": {
    does: ({ journal }, { recordId }) => journal.noShow(recordId),
    mayEnd: ["stands", "returned"],
  },
  "it is of another visit": {
    does: ({ loyalty, visitOf }, at, other) => joinVisit(loyalty, at, visitOf(other.recordId)),
    mayEnd: ["stands", "returned"],
  },
  "a certificate pays a part": {
    does: ({ loyalty }, at) => loyalty.payOtherwise(at, "certificate", 20_000),
    mayEnd: ["stands", "returned"],
  },
  "all of the card pays of this visit": {
    does: (salon, at) => {
      const { id, kopecks } = cardOf(salon);
      open(() => salon.loyalty.withdraw({ cardId: id, kopecks, ...at }));
    },
    mayEnd: ["stands", "returned"],
  },
  "all of the card pays of another visit": {
    does: (salon, _, other) => {
      const { id, kopecks } = cardOf(salon);
      open(() => salon.loyalty.withdraw({ cardId: id, kopecks, ...other }));
    },
    mayEnd: ["stands", "returned", "stuck: gone"],
  },
  "the card is emptied": {
    does: (salon) => {
      const { id, kopecks } = cardOf(salon);
      if (kopecks > 0) salon.loyalty.moveByHand(id, -kopecks);
    },
    mayEnd: ["stands", "returned"],
  },
  "points come onto the card": {
    does: (salon) => salon.loyalty.moveByHand(cardOf(salon).id, 700),
    mayEnd: ["stands", "returned"],
  },
  "it is taken off the bill": {
    does: (salon, at) => open(() => salon.loyalty.cancel({ cardId: cardOf(salon).id, ...at })),
    mayEnd: ["stands", "returned"],
  },
  "the card is deleted": {
    does: (salon) => salon.loyalty.deleteCard(cardOf(salon).id),
    mayEnd: ["stands", "returned", "stuck: card_gone", "stuck: refused"],
  },
  "a second card is issued": {
    does: (salon) => salon.loyalty.issue(salon.type.id, "+79001234567"),
    mayEnd: ["stands", "returned"],
  },
};

async function interruptedBy(hand: string, goal: "settle" | "back") {
  await using salon = await settlingSalon();
  const { does, mayEnd } = hands[hand] ?? { does: () => {}, mayEnd: [] };
  return await atEachMoment(
    async (n) => {
      // Each time with a client's first card, or an empty one, and another visit of theirs beside it.
      for (const card of salon.loyalty.cards) card.isDeleted = true;
      if (n % 4 === 1) salon.card(0);
      const at = salon.book([{ title: "Стрижка", cost: 316_000 }]);
      const other = salon.book([{ title: "Стрижка", cost: 316_000 }]);
      const row = await salon.spend(at.recordId, N);
      if (goal === "back") {
        await salon.rest(row);
        await salon.back(row);
      }
      let moment = "";
      const { settling, met } = interrupted(salon.settling, n, async () => {
        moment = salon.yclients.requests.at(-1)?.path ?? "";
        await does(salon, at, other);
      });
      await settleDue(settling);
      const reads = met();
      if (reads >= n) await salon.rest(row);
      const one = await salon.one(row);
      const [applied, elsewhere] = [at, other].map((each) =>
        salon.loyalty.rows
          .filter(
            (line) =>
              line.stands && line.type === 3 && line.shares.some((share) => share.recordId === each.recordId),
          )
          .reduce((sum, line) => sum + line.kopecks, 0),
      );
      const end = one.state === "stuck" ? `stuck: ${one.why}` : one.state;
      const held = cardsOf(salon).map((card) => card.kopecks);
      const isGivenBack = (await salon.ended(row, at.recordId)).includes("given back");
      return {
        met: reads,
        came: { n, isLast: n > reads - 4, moment, end, mayEnd, isGivenBack, applied, elsewhere, held },
      };
    },
    step,
    from,
  );
}

for (const goal of ["settle", "back"] as const)
  for (const hand of Object.keys(hands))
    test(`${hand}, at any moment of ${goal === "settle" ? "settling" : "taking it back"}`, async () => {
      const all = await interruptedBy(hand, goal);
      for (const came of all) {
        const { end, mayEnd, isGivenBack, applied = 0, elsewhere = 0, isLast } = came;
        const told = JSON.stringify(came);
        if (isGivenBack) expect([told, applied + elsewhere]).toEqual([told, 0]);
        expect([told, isGivenBack]).toEqual([told, end === "returned"]);
        if (end === "stands" && !isLast) expect([told, applied, elsewhere]).toEqual([told, N, 0]);
        expect([told, mayEnd]).toEqual([told, expect.arrayContaining([end])]);
      }
      expect(all.length).toBeGreaterThan(20 / step - 1);
    });
