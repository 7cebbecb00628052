// What people do in a simulated Telegram: they write and tap, and wait for what comes of it.

import type { Update } from "grammy/types";
import type { Person } from "../../src/demo/telegram-people.ts";
import { tapOf } from "./till.ts";
import type { World } from "./world.ts";

/** The person writes this, and whoever answers has answered. */
export function say(world: World, person: Person, text: string): Promise<void> {
  return person.chat.blocked ? Promise.resolve() : deed(world, person.say(text));
}

/** What a person does is done, and dealt with. */
export async function deed(world: World, done: Promise<Update>): Promise<void> {
  void done.then((update) => world.updates.push(update));
  await world.settled();
}

/** Taps the button of the newest message whose data is like this, so many times at once. */
export async function tap(world: World, person: Person, data: RegExp, times: number): Promise<void> {
  const shown = person.lastMessage();
  const button = shown?.inline.flat().find((one) => "callback_data" in one && data.test(one.callback_data));
  if (!shown || !button || !("callback_data" in button)) return;
  const changes = tapOf(person, shown.message_id, { data: button.callback_data, label: button.text });
  if (changes) world.taps.push(changes);
  for (let time = 0; time < times; time++) {
    const pressed = person.tap({ data: button.callback_data }, { message: shown.message_id });
    void pressed.then((update) => world.updates.push(update));
  }
  await world.settled();
}

/** The same of its first button. */
export const tapFirst = (world: World, person: Person, times: number) => tap(world, person, /./, times);
