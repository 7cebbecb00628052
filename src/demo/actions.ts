// What the page may ask for, proved field by field and done in the stand-ins: what a front desk and two people do.

import * as v from "valibot";
import type { Max } from "../standins/max/server.ts";
import type { Profile } from "../standins/telegram/chats.ts";
import type { Telegram } from "../standins/telegram/server.ts";
import type { Journal } from "../standins/yclients/journal.ts";
import type { ChainLoyalty } from "../standins/yclients/loyalty.ts";
import { type Branch, paidFor } from "../standins/yclients/record.ts";
import type { DemoClock } from "./clock.ts";
import type { Choice } from "./env.ts";
import { type DemoFaults, faultNames } from "./faults.ts";
import { actInMax, annaIn } from "./max.ts";
import type { PageAction, Who, World } from "./page/protocol.ts";
import type { Program } from "./program.ts";
import { anna, type ClientWord, clients, people } from "./salon.ts";
import type { DemoTrial } from "./settling.ts";

/** Where actions are done. */
export interface Stage {
  company: Branch;
  place: Pick<World, "id" | "open" | "command">;
  journal: Journal;
  chain: ChainLoyalty;
  telegram: Telegram;
  max: Max;
  program: Program;
  faults: DemoFaults;
  clock: Pick<DemoClock, "now" | "days" | "minutes" | "leap">;
  trial: DemoTrial;
  /** What the owner has switched on that is off at first, and how she does. */
  chosen: ReadonlySet<Choice>;
  choose: (choice: Choice) => void;
}

const visit = v.pipe(v.number(), v.integer());
const kopecks = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_00));
const who = v.picklist([...Object.keys(people), "max"] as Who[]);
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
  v.object({ do: v.picklist(["kill", "programme", "settling", "max", "atOnce"]) }),
  v.object({ do: v.literal("trial"), language: v.picklist(["ru", "en"]) }),
  v.object({ do: v.literal("leap"), days: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(31)) }),
  v.object({
    do: v.literal("pass"),
    minutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60)),
  }),
  v.object({ do: v.literal("language"), language: v.picklist(["ru", "en"]), chosen: v.boolean() }),
]);

type Read = v.InferOutput<typeof action>;
type Of<Name extends PageAction["do"]> = Extract<Read, { do: Name }>;

/** Does what was asked. A sentence when it could not be: the action is none, or there is no such visit or button. */
export async function doAction(stage: Stage, asked: unknown): Promise<string | null> {
  const read = v.safeParse(action, asked);
  if (!read.success) return `Not an action: ${read.issues[0].message}`;
  try {
    await perform(stage, read.output);
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
      return bookVisit(stage, asked);
    case "start":
    case "contact":
    case "say":
    case "link":
    case "tap":
      return asked.who === "max" ? actInMax(stage.max, asked) : inChat(telegram, people[asked.who], asked);
    case "fault":
      return faults.set(asked.name, asked.on);
    case "kill":
      return program.kill();
    case "programme":
    case "settling":
    case "max":
    case "atOnce":
      return stage.choose(asked.do);
    case "trial":
      return void stage.trial.run(asked.language); // the page shows how far it is
    case "leap":
      return leap(stage, asked.days);
    case "pass":
      return pass(stage, asked.minutes);
    case "language":
      return speakTo(stage, asked);
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

function bookVisit({ journal, company, clock }: Stage, { client, title, kopecks }: Of<"book">): number {
  const services = [{ title, cost: kopecks }];
  return journal.book({ companyId: company.id, client: clients[client], startsAt: clock.now(), services });
}

/** Longer than any of the programme's terms in the demo, and far from where a calendar ends. */
const mostDays = 366;

function leap({ clock }: Stage, days: number): Promise<void> {
  if (clock.days + days > mostDays) throw new Error("No more than a year passes in the demo.");
  return clock.leap({ days });
}

/** By minutes nobody goes on for more than a day. */
const mostMinutes = 24 * 60;

function pass({ clock }: Stage, minutes: number): Promise<void> {
  if (clock.minutes + minutes > mostMinutes) throw new Error("No more than a day passes by minutes.");
  return clock.leap({ minutes });
}

/**
 * Anna's Telegram has the page's language; who stands at the till has Russian. A bot learns of it by the next thing a person
 * does, so once it is chosen anew she opens the bot again. A page that is merely opened takes it from nobody.
 */
function speakTo({ telegram, max }: Stage, { language, chosen }: Of<"language">): void {
  annaIn(max).profile.locale = language;
  const person = telegram.person(anna);
  const { started } = person.chat;
  if (person.user.language_code === language || (started && !chosen)) return;
  person.user.language_code = language;
  if (started) person.start().catch(() => {});
}

/** Not waited for: what Telegram cannot deliver now waits there, and the page shows it. */
function inChat(
  telegram: Telegram,
  profile: Profile,
  asked: Of<"start" | "contact" | "say" | "link" | "tap">,
): void {
  const person = telegram.person(profile);
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
