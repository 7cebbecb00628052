// How fast one bot speaks: what nobody asked for in turns, below Telegram's thirty a second; answers at once.
import { expect, test } from "bun:test";
import { Pace } from "../../../src/channels/telegram/pace.ts";

const call = async () => ({ ok: true, result: true }) as never;
const never = new AbortController().signal;
const answer = (pace: Pace) => pace.answers(call, "sendMessage", { chat_id: 1, text: "" });

/** A pace on a clock that passes only where it is waited for; `meanwhile` happens in each wait. */
function paced(meanwhile: (pace: Pace) => void = () => {}) {
  let at = 0;
  const pace: Pace = new Pace(
    () => at,
    async (ms, signal) => {
      await Bun.sleep(0);
      at += signal?.aborted ? 1 : ms;
      if (at > 60_000) throw new Error("a turn does not come");
      meanwhile(pace);
    },
  );
  return { pace, at: () => at };
}

test("messages go in the order of asking, and no thirty-first within a second", async () => {
  const { pace, at } = paced();
  const order: number[] = [];
  const times: number[] = [];
  const turns = Array.from({ length: 32 }, async (_, place) => {
    await pace.turn(never);
    order.push(place);
    times.push(at());
  });
  await Promise.all(turns);
  expect(order).toEqual(Array.from({ length: 32 }, (_, place) => place));
  for (const [place, time] of times.entries())
    expect((times[place + 30] ?? Infinity) - time).toBeGreaterThan(1_000);
});

test("an answer waits for none of them, and puts off those behind it", async () => {
  const { pace, at } = paced();
  await pace.turn(never);
  const order: string[] = [];
  const waiting = ["first", "second"].map(async (name) => {
    await pace.turn(never);
    order.push(name);
  });
  for (let each = 0; each < 3; each++) {
    await answer(pace);
    order.push("answer");
  }
  await Promise.all(waiting);
  expect(order).toEqual(["answer", "answer", "answer", "first", "second"]);
  expect(at()).toBe(5 * 35); // the turn before, three answers, one between
});

test("what is said to nobody takes no turn", async () => {
  const { pace, at } = paced();
  await answer(pace);
  const turn = pace.turn(never);
  for (let each = 0; each < 10; each++) await pace.answers(call, "getMe", {} as never);
  await turn;
  expect(at()).toBe(35);
});

test("many answers at once put off a telling for a second at most, and the next ones no longer", async () => {
  const { pace, at } = paced();
  for (let each = 0; each < 300; each++) await answer(pace);
  await Promise.all(Array.from({ length: 8 }, () => pace.turn(never)));
  expect(at()).toBe(1_000 + 7 * 35); // 35 ms for each answer would be 10 s
});

test("answers without end do not keep a telling from ever going", async () => {
  const { pace, at } = paced((pace) => void answer(pace));
  await answer(pace);
  await pace.turn(never);
  expect(at()).toBe(1_000);
});

test("a program that stops waits for no turn", async () => {
  const { pace, at } = paced();
  for (let each = 0; each < 40; each++) await answer(pace);
  const stopping = new AbortController();
  const turns = [1, 2, 3].map(() => pace.turn(stopping.signal));
  stopping.abort();
  await Promise.all(turns);
  expect(at()).toBe(0);
});

test("the machine's clock is the one that passes by itself", async () => {
  const pace = new Pace();
  const from = performance.now();
  for (let each = 0; each < 3; each++) await pace.turn(never);
  expect(performance.now() - from).toBeGreaterThan(69);
});
