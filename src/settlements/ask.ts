// What is asked of YCLIENTS for a settlement: stored, then asked, once; what came of it is looked for.

import type { Tx } from "../db/connect.ts";
import { must } from "../errors.ts";
import type { Kopecks } from "../rules/money.ts";
import type { ChangeAnswer } from "../yclients/loyalty.ts";
import { readCard } from "../yclients/loyalty-answers.ts";
import type { SettlementLook, Settling } from "./look.ts";
import type { Move, Write } from "./settlement.rule.ts";
import { isStillTo, type StoredSettlement } from "./settlements.store.ts";
import { dropWrite, keepAnswer, openWrite } from "./writes.store.ts";

/** Somebody has decided otherwise since it was read, such as to take it back: it is read again. */
export class Redecided extends Error {}

/** Throws `Redecided` unless it is still to come to what it was to when it was read; it stays so until the transaction ends. */
export async function mustStillBe(tx: Tx, one: StoredSettlement): Promise<void> {
  if (!(await isStillTo(tx, one))) throw new Redecided(`settlement ${one.id} is to come to something else`);
}

/** What was seen last in this run. `told`: an answer has told since what the card holds; `past`: it was asked for something since. */
export interface Memory {
  seen: SettlementLook | null;
  is: "read" | "told" | "past";
}

/** Stored, then asked, once. Whoever dies in between leaves it open, and the next one looks what came of it. */
export async function askOnce(
  settling: Settling,
  one: StoredSettlement,
  move: Extract<Move, { kind: "ask" }>,
  memory: Memory,
  write: (work: (tx: Tx) => Promise<void>) => Promise<void>,
): Promise<void> {
  const seen = must(memory.seen, "what was seen before it is asked");
  const send = await prepared(settling, one, move, seen);
  let open = 0;
  await write(async (tx) => {
    await mustStillBe(tx, one);
    open = await openWrite(tx, one, move, seen);
  });
  memory.is = "past";
  const answer = await send();
  if (answer.kind === "busy") return write((tx) => dropWrite(tx, open));
  const words = answer.kind === "yes" ? null : answer.words;
  await keepAnswer(settling.db, open, answer.kind === "unknown" ? null : answer.kind, words);
  // A movement by hand is answered with the card as it is now.
  const card = answer.kind === "yes" && isByHand(move.write) ? readCard(answer.data) : null;
  if (card === null || card.id !== one.reservedCard) return;
  Object.assign(memory, { seen: { ...seen, balance: card.balance }, is: "told" });
}

const isByHand = (write: Write) => write === "put" || write === "take";

function prepared(
  { yclients }: Settling,
  one: StoredSettlement,
  { write, amount }: { write: Write; amount: Kopecks },
  seen: SettlementLook,
): Promise<() => Promise<ChangeAnswer>> {
  const { company, record, visit, cardType, reservedCard } = one;
  if (write === "issue") {
    // A card is a phone's in YCLIENTS: by another one than the visit's client has there it would be somebody else's.
    const phone = must(seen.record?.phone, "the phone of the visit's client");
    return yclients.issueCard(company, cardType, phone);
  }
  if (reservedCard === null) throw new Error("a card is there to write on");
  switch (write) {
    case "put":
    case "take": {
      const sum = write === "put" ? amount : -amount;
      return yclients.movePointsByHand(company, reservedCard, sum, `loyalty-bot ${one.id}`);
    }
    case "apply":
      return yclients.applyCard(company, reservedCard, { record, visit, amount });
    default:
      // What pays of a record goes with it where it goes over to another visit.
      return yclients.cancelCard(company, reservedCard, { record, visit: seen.record?.visitId ?? visit });
  }
}
