// The demo's spends that pay a part of their visit: the kind of card that is kept for them, and the trial, which is the program's own.

import type { Shell } from "../cli/commands.ts";
import { settle } from "../cli/settle.ts";
import { wait } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { Journal } from "../standins/yclients/journal.ts";
import { ChainLoyalty } from "../standins/yclients/loyalty.ts";
import type { Branch } from "../standins/yclients/record.ts";
import type { DemoClock } from "./clock.ts";
import { clients } from "./salon.ts";

type Language = "ru" | "en";
type TrialState = "none" | "running" | "passed";

const trialVisit = { title: "Пробный визит", cost: 100_00 };
/** What the trial pays of it. */
const points = "3";
/** Between two things that it says, so that they can be followed. Milliseconds. */
const lineMs = 150;

/** The chain of the salon's branch with its kind of card, in a hurry: nobody waits here for a list that lags or a record unread. */
export function openChain(journal: Journal, { id }: Branch, now: () => Date): ChainLoyalty {
  const chain = new ChainLoyalty({ journals: [journal], now, reading: { chainLagMs: 0, stamps: "move" } });
  chain.addType({ companies: [id], title: "Баллы бота" });
  return chain;
}

/** What the owner tries on a visit of her own; `env` has the program's settings of now. */
export function createTrial(
  log: Shell["log"],
  { journal, company, clock }: { journal: Journal; company: Branch; clock: Pick<DemoClock, "now"> },
  env: () => Shell["env"],
) {
  let state: TrialState = "none";
  let printed = { language: "ru" as Language, text: "" };

  /** `settle try` as an operator runs it, who takes the rest in the journal when asked to, and gives it back. */
  async function tried(language: Language): Promise<number> {
    const startsAt = clock.now();
    const booking = { companyId: company.id, client: clients.elena, startsAt, services: [trialVisit] };
    const record = journal.book(booking);
    const flags = { record: String(record), points, language };
    printed = { language, text: `$ loyalty-bot settle try --record ${record} --points ${points}\n` };
    const out = async (text: string) => {
      printed.text += text;
      await Bun.sleep(lineMs);
    };
    let asked = 0;
    const ask = async (question: string) => {
      await out(`${question}\n`);
      journal[asked++ === 0 ? "pay" : "refund"](record);
      return "";
    };
    const questions = () => ({ ask, [Symbol.dispose]() {} });
    const shell = { env: env(), log, out, bytes: null, terminal: null, questions };
    return settle(shell, flags, ["try"], { now: clock.now, wait });
  }

  return {
    get state(): TrialState {
      return state;
    },
    get printed(): { language: Language; text: string } {
      return printed;
    },
    /** Once at a time, until it has passed. */
    async run(language: Language): Promise<void> {
      if (state !== "none") return;
      state = "running";
      try {
        state = (await tried(language)) === 0 ? "passed" : "none";
      } catch (error) {
        printed.text += `${messageOf(error)}\n`;
        state = "none";
      }
    },
  };
}

export type DemoTrial = ReturnType<typeof createTrial>;
