// How fast one bot speaks: what nobody asked for in turns, below Telegram's thirty a second; answers at once.
import { expect, test } from "bun:test";
import { Pace } from "../../../src/channels/telegram/pace.ts";

const call = async () => ({ ok: true, result: true }) as never;
const never = new AbortController().signal;
const answer = (pace: Pace) => pace.answers(call, "sendMessage", { chat_id: 1, text: "" });

test("messages go in the order of asking, and no thirty-first within a second", async () => {
  const pace = new Pace();
  const order: number[] = [];
  const at: number[] = [];
  const turns = Array.from({ length: 32 }, async (_, place) => {
    await pace.turn(never);
    order.push(place);
    at.push(performance.now());
  });
  await Promise.all(turns);
  expect(order).toEqual(Array.from({ length: 32 }, (_, place) => place));
  for (const [place, time] of at.entries())
    expect((at[place + 30] ?? Infinity) - time).toBeGreaterThan(1_000);
});

test("an answer waits for none of them, and puts off those behind it", async () => {
  const pace = new Pace();
  await pace.turn(never);
  const began = performance.now();
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
  expect(performance.now() - began).toBeGreaterThan(4.5 * 35); // the turn before, three answers, one between
});

test("what is said to nobody takes no turn", async () => {
  const pace = new Pace();
  const order: string[] = [];
  await answer(pace);
  const turn = pace.turn(never).then(() => order.push("turn"));
  const later = Bun.sleep(200).then(() => order.push("200 ms"));
  for (let each = 0; each < 10; each++) await pace.answers(call, "getMe", {} as never);
  await Promise.all([turn, later]);
  expect(order).toEqual(["turn", "200 ms"]);
});

test("many answers at once put off a telling for a second at most, and the next ones no longer", async () => {
  const pace = new Pace();
  for (let each = 0; each < 300; each++) await answer(pace);
  const began = performance.now();
  await Promise.all(Array.from({ length: 8 }, () => pace.turn(never)));
  expect(performance.now() - began).toBeLessThan(5_000); // 35 ms for each answer would be 10 s
  expect(performance.now() - began).toBeGreaterThan(900);
});

test("answers without end do not keep a telling from ever going", async () => {
  const pace = new Pace();
  await answer(pace);
  const asking = setInterval(() => void answer(pace), 5);
  await pace.turn(never);
  clearInterval(asking);
});

test("a program that stops waits for no turn", async () => {
  const pace = new Pace();
  for (let each = 0; each < 40; each++) await answer(pace);
  const stopping = new AbortController();
  const began = performance.now();
  const turns = [1, 2, 3].map(() => pace.turn(stopping.signal));
  stopping.abort();
  await Promise.all(turns);
  expect(performance.now() - began).toBeLessThan(700); // a turn would come after a second
});
