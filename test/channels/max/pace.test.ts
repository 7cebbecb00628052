// How fast one bot calls MAX: two calls a second in a dialog, few enough in all, and answers before what nobody asked for.
import { expect, test } from "bun:test";
import { MaxPace } from "../../../src/channels/max/pace.ts";

const never = new AbortController().signal;

/** A pace on a clock that passes only where it is waited for. */
function paced() {
  let at = 0;
  const pace = new MaxPace(
    () => at,
    async (ms, signal) => {
      await Bun.sleep(0);
      if (signal?.aborted) return;
      at += ms;
      if (at > 600_000) throw new Error("a turn does not come");
    },
  );
  const went: { name: string; at: number }[] = [];
  /** Makes a call, and notes when it went. */
  const call = async (name: string, whose: string | null, asked = true) => {
    await pace.call(whose, asked);
    went.push({ name, at });
  };
  return { pace, call, went, at: () => at };
}

/** The most that went within any second. */
function inASecond(times: number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

test("of one person two calls go at once, and never a third within a second, whatever the order", async () => {
  const { call, went } = paced();
  await Promise.all(Array.from({ length: 9 }, (_, at) => call(`${at}`, "max:1", at % 3 > 0)));
  expect(went.filter(({ at }) => at === 0)).toHaveLength(2);
  expect(inASecond(went.map(({ at }) => at))).toBe(2);
  expect(went).toHaveLength(9);
});

test("one person's calls keep their order, and hold up nobody else", async () => {
  const { call, went } = paced();
  const own = Array.from({ length: 5 }, (_, at) => call(`own ${at}`, "max:1"));
  await Promise.all([...own, call("other", "max:2")]);
  expect(went.find(({ name }) => name === "other")?.at).toBe(0);
  expect(went.filter(({ name }) => name !== "other").map(({ name }) => name)).toEqual(
    Array.from({ length: 5 }, (_, at) => `own ${at}`),
  );
});

test("to many people at most 25 calls a second go, of which nobody's own count too", async () => {
  const { call, went } = paced();
  const people = Array.from({ length: 60 }, (_, at) => call("to one", `max:${at}`));
  const nobodys = Array.from({ length: 20 }, () => call("for files", null));
  await Promise.all([...people, ...nobodys]);
  expect(inASecond(went.map(({ at }) => at))).toBe(25);
  expect(went.at(-1)?.at).toBeLessThan(4_000);
});

test("answers go before what nobody asked for, in all and to the same person", async () => {
  const { call, went } = paced();
  const told = Array.from({ length: 40 }, (_, at) => call("told", `max:${at}`, false));
  const answered = Array.from({ length: 20 }, (_, at) => call("answer", `max:${100 + at}`));
  const same = [call("same told", "max:7", false), call("same answer", "max:7")];
  await Promise.all([...told, ...answered, ...same]);
  const names = went.map(({ name }) => name);
  expect(names.lastIndexOf("answer")).toBeLessThan(names.lastIndexOf("told"));
  expect(names.indexOf("same answer")).toBeLessThan(names.indexOf("same told"));
});

test("what nobody asked for leaves room: an answer goes at once all the same", async () => {
  const { call, went } = paced();
  await Promise.all(Array.from({ length: 20 }, (_, at) => call("told", `max:${at}`, false)));
  const more = call("told later", "max:50", false);
  await call("answer", "max:60");
  await more;
  expect(went.find(({ name }) => name === "answer")?.at).toBe(0);
  expect(went.find(({ name }) => name === "told later")?.at).toBeGreaterThan(1_000);
});

test("a turn waits for room without taking it, and comes at once when the program stops", async () => {
  const { pace, call, at } = paced();
  for (let each = 0; each < 30; each++) await pace.turn(never);
  await Promise.all(Array.from({ length: 20 }, (_, one) => call("told", `max:${one}`, false)));
  expect(at()).toBe(0);
  await pace.turn(never);
  await pace.turn(never);
  expect(at()).toBe(1_050);
  await Promise.all(Array.from({ length: 20 }, (_, one) => call("told", `max:${one}`, false)));
  const stopping = new AbortController();
  const turn = pace.turn(stopping.signal);
  stopping.abort();
  await turn;
  expect(at()).toBe(1_050);
});

test("who gives up waiting counts for nothing", async () => {
  const { pace, call, went } = paced();
  await Promise.all([call("first", "max:1"), call("second", "max:1")]);
  const stopping = new AbortController();
  const given = Array.from({ length: 30 }, () => pace.call("max:1", true, stopping.signal));
  stopping.abort();
  await Promise.all(given);
  await call("another's", "max:2");
  await call("third", "max:1");
  expect(went.slice(-2).map(({ at }) => at)).toEqual([0, 1_050]);
});
