/** A salon at work on whatever answers: an admin at the till, clients who ask, a desk that is paid; what each of them met. */
import { type BusyYear, chatOf, firstAdmin, phoneOf } from "./busy-year.ts";
import { until, type World } from "./program.ts";
import { soft } from "./soft.ts";
import { ask } from "./till-salon.ts";

/** Something that somebody asked of the bot: when, how long it took, and what came that was not the answer. */
interface Asked {
  at: number;
  ms: number;
  wrong: string | null;
}

/** Works until `end`. The till credits cards of people who are not linked, each time with a reason of its own. */
export function atWork(w: World, { untold, linked, clients, pay }: BusyYear) {
  const admin = w.telegram.person({ id: firstAdmin, firstName: "Ольга" });
  const asking = linked
    .slice(untold.length)
    .map((client) => w.telegram.person({ id: chatOf(client), firstName: "К" }));
  const acts: (Asked & { reason: string })[] = [];
  const questions: Asked[] = [];
  const paid: number[] = [];
  let over = false;
  const unlinked = (n: number) => linked.length + (n % (clients - linked.length));

  /** What the bot has said in a chat since a message, and how long `work` took. */
  async function timed(
    chat: number,
    work: () => Promise<unknown>,
    right: (text: string) => boolean,
  ): Promise<Asked> {
    const [at, before] = [performance.now(), w.telegram.messages(chat).at(-1)?.message_id ?? 0];
    const threw = await work().then(() => "", String);
    const since = w.telegram.messages(chat).filter((one) => one.from === "bot" && one.message_id > before);
    const texts = since.map(({ text }) => soft(text));
    return { at, ms: performance.now() - at, wrong: texts.some(right) ? null : texts.join(" | ") || threw };
  }

  async function till(): Promise<void> {
    for (let n = 1; !over; n++) {
      const [points, reason] = [1 + (n % 50), `за ожидание ${n}`];
      const act = () =>
        ask(admin, `/credit ${phoneOf(unlinked(n * 3))} ${points} ${reason}`, `Начислить ${points}`);
      acts.push({ reason, ...(await timed(firstAdmin, act, (text) => text.startsWith("✅"))) });
      await Bun.sleep(50);
    }
  }
  async function chat(): Promise<void> {
    for (let n = 0; !over; n++) {
      const person = asking[n % asking.length];
      if (person) {
        const question = () => person.say("Баланс");
        questions.push(await timed(person.user.id, question, (text) => text.includes("На карте")));
      }
      await Bun.sleep(1_000);
    }
  }
  async function desk(): Promise<void> {
    for (let n = 0; !over; n++) {
      paid.push(pay(unlinked(n), 2_000 + n));
      await Bun.sleep(1_000);
    }
  }
  const all = Promise.all([till(), chat(), desk()]);
  const done = () => acts.filter(({ wrong }) => wrong === null).length;
  return {
    ...{ acts, questions, paid },
    /** Until so many more acts at the till were done. */
    more: async (times: number) => {
      const before = done();
      await until(() => done() >= before + times, 120_000);
    },
    end: async () => {
      over = true;
      await all;
    },
  };
}

/** The longest that somebody waited of those who asked then; milliseconds. */
export function longest(all: Asked[], from = 0, to = Number.POSITIVE_INFINITY): number {
  return Math.max(0, ...all.filter(({ at, ms }) => at + ms > from && at < to).map(({ ms }) => ms));
}

/** What was answered wrong, each in its words once. */
export function wrongs(all: Asked[]): string[] {
  return [...new Set(all.flatMap(({ wrong }) => wrong ?? []).map((text) => text.replace(/\d+/g, "…")))];
}
