// What an owner of a simulated salon decides of levels: they accept what waits of the settings, and give levels by hand.

import type { Update } from "grammy/types";
import { dayIn } from "./ends.ts";
import { deed, say } from "./hands.ts";
import { type Scheme, schemeOf } from "./levels.ts";
import type { Moved } from "./second.ts";
import type { Step } from "./steps.ts";
import type { World } from "./world.ts";

/** What an owner was shown below /programme: levels that wait, and how many clients they touch. */
export interface Preview {
  from: number;
  at: number;
  scheme: Scheme;
  text: string;
  /** The message, and what its button carries. */
  message: number;
  data: string;
}

/** A level that an owner wrote for a client's phone, and whether the bot said that it is given. */
export interface ByHand {
  from: number;
  at: number;
  phone: string;
  place: number;
  until: string;
  done: boolean;
}

/** What a world knows of its owner's decisions and of whoever moved or may not be told all. */
export class Known {
  /** What an owner was shown of levels that wait and has accepted; levels that they gave by hand and took back. */
  readonly previews: Preview[] = [];
  readonly accepted: { from: number; at: number; shown: Preview }[] = [];
  readonly byHand: ByHand[] = [];
  readonly handsBack: { from: number; at: number; change: number; done: boolean }[] = [];
  /** When a review of levels was over, on days without any fault. */
  readonly reviews: number[] = [];
  /** Whoever has blocked the bot, or seemed to, is not told all. */
  readonly untold = new Set<number>();
  /** Cards whose points went to another number of their client. */
  readonly moved: Moved[] = [];
}

/** Does the step, if it is an owner's. */
export async function playOwner(world: World, step: Step): Promise<boolean> {
  switch (step.do) {
    case "programme":
      await decide(world, step.how);
      return true;
    case "level":
      await giveLevel(world, world.guest(step.client).phone, step.place, step.days);
      return true;
    case "levelBack":
      await takeBack(world, step.taps);
      return true;
    default:
      return false;
  }
}

const acceptance = /^levels:accept:/;

/** Whether somebody accepts levels by this. */
export const isAcceptance = ({ callback_query }: Update) =>
  acceptance.test((callback_query && "data" in callback_query && callback_query.data) || "");

async function decide(world: World, how: Extract<Step, { do: "programme" }>["how"]): Promise<void> {
  if (how !== "late" && !(await isShown(world))) return;
  const shown = world.known.previews.at(-1);
  if (!shown || how === "leave") return;
  const from = now(world);
  const times = how === "twice" ? 2 : 1;
  for (let time = 0; time < times; time++) {
    const { data, message } = shown;
    await deed(world, world.owner.tap({ data }, { message }));
    world.known.accepted.push({ from, at: now(world), shown });
  }
}

/** Asks what is in force. Whom it touches is counted behind the answer: it comes a while later, if anything waits. */
async function isShown(world: World): Promise<boolean> {
  const { owner } = world;
  const from = now(world);
  const { LEVELS = "off", LEVELS_OVER = "all", BONUS_PERCENT = "1" } = world.settings;
  const before = owner.lastMessage()?.message_id ?? 0;
  await say(world, owner, "/programme");
  for (let waited = 0; waited < 1_000; waited += 5) {
    const said = owner.chat.messages.filter(
      (one) => one.from === "bot" && one.message_id > before && !/^(⚠️|✅)/.test(one.text),
    );
    const button = said.at(-1)?.inline.flat()[0];
    const last = said.at(-1);
    if (last && button && "callback_data" in button && acceptance.test(button.callback_data)) {
      const scheme = schemeOf({ LEVELS, LEVELS_OVER, BONUS_PERCENT });
      const { text, message_id: message } = last;
      world.known.previews.push({ from, at: now(world), scheme, text, message, data: button.callback_data });
      return true;
    }
    if (said.length === 0 || !said[0]?.text.includes("ждут вашего решения")) return false;
    await Bun.sleep(5);
  }
  return false;
}

/** The same tap came again, late: it may accept what waits by now. */
export function acceptedAgain(world: World, update: Update, from: number): void {
  const data = update.callback_query && "data" in update.callback_query ? update.callback_query.data : "";
  const shown = world.known.previews.findLast((one) => one.data === data);
  if (isAcceptance(update) && shown) world.known.accepted.push({ from, at: now(world), shown });
}

/** Writes a level by hand for whoever has this phone, and keeps what came of it. */
export async function giveLevel(world: World, phone: string, place: number, days: number): Promise<void> {
  const { owner } = world;
  const from = now(world);
  const until = dayIn("Europe/Moscow", from + days * 86_400_000);
  const before = owner.lastMessage()?.message_id ?? 0;
  await say(world, owner, `/level ${phone} ${place} ${until.split("-").reverse().join(".")} за верность`);
  const done = owner.chat.messages.some(
    ({ from, message_id, text }) =>
      from === "bot" && message_id > before && text.startsWith("✅ Уровень поставлен"),
  );
  world.known.byHand.push({ from, at: now(world), phone, place, until, done });
}

/** Taps what takes the last level by hand back. */
async function takeBack(world: World, times: number): Promise<void> {
  const { owner } = world;
  const given = owner.chat.messages.findLast(({ inline }) =>
    inline.flat().some((one) => "callback_data" in one && /^level:back:/.test(one.callback_data)),
  );
  const button = given?.inline.flat()[0];
  if (!given || !button || !("callback_data" in button)) return;
  const data = button.callback_data;
  const from = now(world);
  for (let time = 0; time < times; time++)
    await deed(world, owner.tap({ data }, { message: given.message_id }));
  const done = given.text.startsWith("↩️ Отменено");
  world.known.handsBack.push({ from, at: now(world), change: Number(data.split(":")[2]), done });
}

const now = (world: World) => world.clock.now().getTime();
