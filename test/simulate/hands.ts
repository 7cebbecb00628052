// What people do in a simulated Telegram: they write and tap, and wait for what comes of it.

import type { Update } from "grammy/types";
import type { Person } from "../../src/standins/telegram/people.ts";
import { answerOf, tapOf } from "./said.ts";
import type { World } from "./world.ts";

/** The person writes this, and whoever answers has answered. */
export function say(world: World, person: Person, text: string): Promise<void> {
  return person.chat.blocked ? Promise.resolve() : deed(world, person.say(text));
}

/** What a person does is done, and dealt with. */
export async function deed(world: World, done: Promise<Update>): Promise<void> {
  remember(world, done);
  await world.settled();
}

function remember(world: World, done: Promise<Update>): void {
  const bot = world.telegram;
  void done.then((update) => world.updates.push({ bot, update }));
}

/** A button of a message, and what it says. */
interface Seen {
  message: number;
  data: string;
  label: string;
}

/** The button of the newest message whose data is like this. */
export const buttonOf = (person: Person, data: RegExp) => buttonIn(person.lastMessage(), data);

/** The same of any message. */
export function buttonIn(shown: ReturnType<Person["lastMessage"]>, data: RegExp): Seen | undefined {
  const buttons = shown?.inline.flat().filter((one) => "callback_data" in one) ?? [];
  const button = buttons.find((one) => data.test(one.callback_data));
  return shown && button && { message: shown.message_id, data: button.callback_data, label: button.text };
}

/** Taps the button of a message, the newest one, whose data is like this, so many times at once. */
export async function tap(
  world: World,
  person: Person,
  data: RegExp,
  times: number,
  shown = person.lastMessage(),
): Promise<void> {
  const button = buttonIn(shown, data);
  if (!button) return;
  const changes = tapOf(world.telegram, person.user.id, button.message, button);
  if (changes) world.taps.push(changes);
  const answer = answerOf(world.telegram, button.data, world.clock.now().getTime());
  if (answer) world.answers.push(answer);
  for (let time = 0; time < times; time++)
    remember(world, person.tap({ data: button.data }, { message: button.message }));
  await world.settled();
}

/** The same of its first button. */
export const tapFirst = (world: World, person: Person, times: number) => tap(world, person, /./, times);
