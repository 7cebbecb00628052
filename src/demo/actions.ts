// What the page may ask for, proved field by field and done in the stand-ins: what a front desk and two people do.

import * as v from "valibot";
import type { Telegram } from "../standins/telegram/server.ts";
import type { Journal } from "../standins/yclients/journal.ts";
import { paidFor } from "../standins/yclients/record.ts";
import { type DemoFaults, faultNames } from "./faults.ts";
import type { PageAction } from "./page/protocol.ts";
import type { Program } from "./program.ts";
import { admin, anna, type ClientWord, clients, company } from "./salon.ts";

/** Where actions are done. */
export interface Stage {
  journal: Journal;
  telegram: Telegram;
  program: Program;
  faults: DemoFaults;
}

const visit = v.pipe(v.number(), v.integer());
const kopecks = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_00));
const who = v.picklist(["anna", "admin"]);
const line = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most));

const action = v.variant("do", [
  v.object({ do: v.picklist(["arrive", "pay", "prepay", "noShow", "remove", "restore"]), visit }),
  v.object({ do: v.picklist(["payInPart", "editPrice", "refund"]), visit, kopecks }),
  v.object({
    do: v.literal("book"),
    client: v.picklist(Object.keys(clients) as ClientWord[]),
    title: line(60),
    kopecks,
  }),
  v.object({ do: v.picklist(["start", "contact"]), who }),
  v.object({ do: v.literal("say"), who, text: line(4096) }),
  v.object({ do: v.literal("link"), who, payload: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)) }),
  v.object({ do: v.literal("tap"), who, message: visit, data: line(64) }),
  v.object({ do: v.literal("fault"), name: v.picklist(faultNames), on: v.boolean() }),
  v.object({ do: v.literal("kill") }),
  v.object({ do: v.literal("language"), language: v.picklist(["ru", "en"]) }),
]);

type Read = v.InferOutput<typeof action>;
type Of<Name extends PageAction["do"]> = Extract<Read, { do: Name }>;

/** Does what was asked. A sentence when it could not be: the action is none, or there is no such visit or button. */
export function doAction(stage: Stage, asked: unknown): string | null {
  const read = v.safeParse(action, asked);
  if (!read.success) return `Not an action: ${read.issues[0].message}`;
  try {
    perform(stage, read.output);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function perform(stage: Stage, asked: Read): unknown {
  const { journal, telegram, program, faults } = stage;
  switch (asked.do) {
    case "payInPart":
    case "editPrice":
    case "refund":
      return chargeVisit(journal, asked);
    case "book":
      return bookVisit(journal, asked);
    case "start":
    case "contact":
    case "say":
    case "link":
    case "tap":
      return inChat(telegram, asked);
    case "fault":
      return faults.set(asked.name, asked.on);
    case "kill":
      return program.kill();
    case "language":
      // The till's chat has one language.
      telegram.person(anna).user.language_code = asked.language;
      return null;
    default:
      return journal[asked.do](asked.visit);
  }
}

/** Money given back in part is an operation of its own; all of it, the payments are deleted. */
function chargeVisit(journal: Journal, asked: Of<"payInPart" | "editPrice" | "refund">): void {
  const record = journal.record(asked.visit);
  if (asked.do !== "refund") journal[asked.do](asked.visit, asked.kopecks);
  else if (asked.kopecks >= paidFor(record)) journal.refund(asked.visit);
  else if (asked.kopecks > 0) journal.refundByNegative(asked.visit, asked.kopecks);
}

function bookVisit(journal: Journal, { client, title, kopecks }: Of<"book">): number {
  const services = [{ title, cost: kopecks }];
  return journal.book({ companyId: company.id, client: clients[client], startsAt: new Date(), services });
}

/** Not waited for: what Telegram cannot deliver now waits there, and the page shows it. */
function inChat(telegram: Telegram, asked: Of<"start" | "contact" | "say" | "link" | "tap">): void {
  const person = telegram.person(asked.who === "anna" ? anna : admin);
  const act = () => {
    switch (asked.do) {
      case "start":
        return person.start();
      case "contact":
        return person.shareContact();
      case "say":
        return person.say(asked.text);
      case "link":
        return person.start(asked.payload);
      case "tap":
        return person.tap({ data: asked.data }, { message: asked.message });
    }
  };
  act().catch(() => {}); // a button that is gone by now
}
