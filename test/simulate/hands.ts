// What people do in simulated messengers: they write and tap, and wait for what comes of it.

import { type Done, type Face, type Key, lastOf, type Seen } from "./faces.ts";
import { answerOf, tapOf } from "./said.ts";
import type { World } from "./world.ts";

/** The person writes this, and whoever answers has answered. */
export async function say(world: World, face: Face, text: string): Promise<void> {
  if (!face.blocked) await deed(world, face.say(text));
}

/** What a person does is done, and dealt with. */
export async function deed(world: World, done: Promise<Done>): Promise<Done> {
  remember(world, done);
  await world.settled();
  return done;
}

function remember(world: World, done: Promise<Done>): void {
  void done.then((one) => world.done.push(one));
}

/** The button of the newest message whose data is like this. */
export const buttonOf = (face: Face, data: RegExp) => buttonIn(lastOf(face), data);

/** The same of any message. */
export function buttonIn(shown: Seen | undefined, data: RegExp): (Key & { message: string }) | undefined {
  const button = shown?.keys.find((one) => data.test(one.data));
  return shown && button && { message: shown.id, ...button };
}

/** Taps the button of a message, the newest one, whose data is like this, so many times at once. */
export async function tap(
  world: World,
  face: Face,
  data: RegExp,
  times: number,
  shown = lastOf(face),
): Promise<void> {
  const button = buttonIn(shown, data);
  if (!button) return;
  const changes = tapOf(face, button);
  if (changes) world.taps.push(changes);
  const answer = answerOf(world, button.data);
  if (answer) world.answers.push(answer);
  for (let time = 0; time < times; time++) remember(world, face.tap(button.data, button.message));
  await world.settled();
}

/** The same of its first button. */
export const tapFirst = (world: World, face: Face, times: number) => tap(world, face, /./, times);
