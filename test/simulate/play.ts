// What each step does to a simulated world.

import { playJournal } from "./at-journal.ts";
import { acceptedAgain, playOwner } from "./at-owners.ts";
import { playTill } from "./at-till.ts";
import { playFault } from "./faults.ts";
import { deed, say, tapFirst } from "./hands.ts";
import { playFriends, proveNumber, saidAgain, sayBirthday } from "./invite.ts";
import { playMoment } from "./moments.ts";
import { oddContact } from "./odd.ts";
import { proveSecond } from "./second.ts";
import type { Step } from "./steps.ts";
import { carryCard, putOffOther, sayIfSame, unlinkEverywhere } from "./two-messengers.ts";
import type { World } from "./world.ts";

/** Does one step. A second passes before it, since the journal's stamps know whole seconds alone. */
export async function play(world: World, step: Step): Promise<void> {
  await world.clock.advance(1_000);
  world.count(step.do);
  world.began.push(world.clock.now().getTime());
  const parts = [
    ...[playRound, playJournal, playFault, playFriends],
    ...[playTill, playOwner, playMoment, playPeople],
  ];
  for (const part of parts) if (await part(world, step)) return;
}

async function playRound(world: World, step: Step): Promise<boolean> {
  switch (step.do) {
    case "pass":
    case "tell":
    case "digest":
      await world.program(step.program)[step.do]();
      return true;
    case "daily":
      await world.program(step.program).ofTheDay();
      return true;
    case "sweep":
      await world.wait(20_000); // a sweep waits for a dead program's lease to end
      await world.program(step.program).sweep();
      return true;
    case "race":
      await Promise.all(
        world.programs.flatMap((program) => [program.pass(), program.tell(), program.ofTheDay()]),
      );
      return true;
    case "begin":
    case "messengers":
      return true; // of that the world is made
    case "wait":
      await world.wait(step.ms);
      return true;
    case "skew":
      world.program(step.program).state.skew = step.ms;
      world.skewed = true;
      return true;
    default:
      return false;
  }
}

async function playPeople(world: World, step: Step): Promise<boolean> {
  switch (step.do) {
    case "late":
      return late(world, step.back, step.times).then(() => true);
    case "oddContact":
      return oddContact(world, step.at).then(() => true);
    default:
      if ("client" in step && step.client !== null) await playGuest(world, step);
      return true;
  }
}

/** An update comes again, from the bot that it was for. */
async function late(world: World, back: number, times: number): Promise<void> {
  const late = world.done.filter(({ face }) => world.isHere(face)).at(-back);
  const from = world.clock.now().getTime();
  for (let time = 0; late && time < times; time++) void late.again();
  if (late) await saidAgain(world, late);
  await world.settled();
  if (late) acceptedAgain(world, late, from);
}

/** After these a card may be another account's. */
const leaving = new Set<Step["do"]>(["unlink", "forget", "everywhere", "second", "putOff"]);

async function playGuest(world: World, step: Extract<Step, { client: number | null }>): Promise<void> {
  const guest = world.guest(step.client ?? 0);
  const face = guest.on("on" in step ? step.on : undefined);
  if (leaving.has(step.do)) for (const account of guest.accounts) world.known.left.add(account);
  switch (step.do) {
    case "link":
      return proveNumber(world, face);
    case "second":
      return proveSecond(world, guest, face, step.yes);
    case "steal": {
      const other = world.guest(step.from);
      if (face.blocked || other === guest) return;
      await deed(world, face.forward(other));
      return;
    }
    case "block":
    case "return": {
      if (face.blocked === (step.do === "block")) return;
      world.known.untold.add(face.account);
      await deed(world, step.do === "block" ? face.block() : face.start());
      return;
    }
    case "carry":
      return carryCard(world, guest, face);
    case "same":
      return sayIfSame(world, face, step.yes);
    case "putOff":
      return putOffOther(world, face);
    case "everywhere":
      return unlinkEverywhere(world, face);
    case "sayBirthday":
      return sayBirthday(world, guest, face, step.inDays);
    case "ask":
      return say(world, face, step.text);
    case "unlink":
    case "forget": {
      if (face.blocked) return;
      await say(world, face, `/${step.do}`);
      if (step.do === "forget") guest.forgotten = true;
      world.known.letGo.push({ account: face.account, at: world.clock.now().getTime() });
      return tapFirst(world, face, 1);
    }
  }
}
