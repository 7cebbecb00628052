// What an owner of a simulated salon decides of levels: they accept what waits of the settings, and give levels by hand.

import { dayIn } from "./ends.ts";
import type { Done, Face } from "./faces.ts";
import { deed, say } from "./hands.ts";
import { type Scheme, schemeOf } from "./levels.ts";
import type { Moved } from "./second.ts";
import type { Step } from "./steps.ts";
import type { Opened } from "./two-messengers.ts";
import type { World } from "./world.ts";

/** What an owner was shown below /programme: levels that wait, and how many clients they touch. */
export interface Preview {
  from: number;
  at: number;
  scheme: Scheme;
  text: string;
  /** The message, and what its button carries. */
  message: string;
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
  readonly untold = new Set<string>();
  /** Messengers that have answered so that nobody can tell whether they did what they were asked. */
  readonly unsure = new Set<string>();
  /** Who let go of their card by themselves, and when. */
  readonly letGo: { account: string; at: number }[] = [];
  /** Accounts that have let go of a card, or may have; and what each account read of its card at the end. */
  readonly left = new Set<string>();
  readonly read = new Map<string, string>();
  /** Phones whose card went from one account to another that said it was a stranger's: the database, whose clock is its own, took it for passed on. */
  readonly passed = new Set<string>();
  /** Whose history may be seen by which other account of the card. */
  readonly opened: Opened[] = [];
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
export const isAcceptance = ({ data }: Done) => acceptance.test(data ?? "");

async function decide(world: World, how: Extract<Step, { do: "programme" }>["how"]): Promise<void> {
  if (how !== "late" && !(await isShown(world))) return;
  const shown = world.known.previews.at(-1);
  if (!shown || how === "leave") return;
  const from = now(world);
  const times = how === "twice" ? 2 : 1;
  for (let time = 0; time < times; time++) {
    const { data, message } = shown;
    await deed(world, world.owner.tap(data, message));
    world.known.accepted.push({ from, at: now(world), shown });
  }
}

/** Asks what is in force. Whom it touches is counted behind the answer: it comes a while later, if anything waits. */
async function isShown(world: World): Promise<boolean> {
  const { owner } = world;
  const from = now(world);
  const { LEVELS = "off", LEVELS_OVER = "all", BONUS_PERCENT = "1" } = world.settings;
  const before = owner.messages().length;
  await say(world, owner, "/programme");
  for (let waited = 0; waited < 1_000; waited += 5) {
    const said = newSince(owner, before).filter(({ text }) => !/^(⚠️|✅)/.test(text));
    const last = said.at(-1);
    const button = last?.keys[0];
    if (last && button && acceptance.test(button.data)) {
      const scheme = schemeOf({ LEVELS, LEVELS_OVER, BONUS_PERCENT });
      const { text, id: message } = last;
      world.known.previews.push({ from, at: now(world), scheme, text, message, data: button.data });
      return true;
    }
    if (said.length === 0 || !said[0]?.text.includes("ждут вашего решения")) return false;
    await Bun.sleep(5);
  }
  return false;
}

/** The same tap came again, late: it may accept what waits by now. */
export function acceptedAgain(world: World, done: Done, from: number): void {
  const shown = world.known.previews.findLast((one) => one.data === done.data);
  if (isAcceptance(done) && shown) world.known.accepted.push({ from, at: now(world), shown });
}

/** Writes a level by hand for whoever has this phone, and keeps what came of it. */
export async function giveLevel(world: World, phone: string, place: number, days: number): Promise<void> {
  const { owner } = world;
  const from = now(world);
  const until = dayIn("Europe/Moscow", from + days * 86_400_000);
  const before = owner.messages().length;
  await say(world, owner, `/level ${phone} ${place} ${until.split("-").reverse().join(".")} за верность`);
  const done = newSince(owner, before).some(({ text }) => text.startsWith("✅ Уровень поставлен"));
  world.known.byHand.push({ from, at: now(world), phone, place, until, done });
}

/** Taps what takes the last level by hand back. */
async function takeBack(world: World, times: number): Promise<void> {
  const { owner } = world;
  const given = owner.messages().findLast(({ keys }) => keys.some(({ data }) => /^level:back:/.test(data)));
  const button = given?.keys[0];
  if (!given || !button) return;
  const { data } = button;
  const from = now(world);
  for (let time = 0; time < times; time++) await deed(world, owner.tap(data, given.id));
  const done = owner.messages().some(({ id, text }) => id === given.id && text.startsWith("↩️ Отменено"));
  world.known.handsBack.push({ from, at: now(world), change: Number(data.split(":")[2]), done });
}

/** What the bot has said since there were so many messages. */
const newSince = (face: Face, before: number) =>
  face
    .messages()
    .slice(before)
    .filter(({ by }) => by === "bot");

const now = (world: World) => world.clock.now().getTime();
