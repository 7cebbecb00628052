// Plays steps in the stand-ins' world, waits for what each must bring, and prints it as a chat.

import type { Db } from "../db/connect.ts";
import { messageOf } from "../errors.ts";
import type { Shown } from "../standins/telegram/chats.ts";
import type { Person } from "../standins/telegram/people.ts";
import type { Telegram } from "../standins/telegram/server.ts";
import type { Journal } from "../standins/yclients/journal.ts";
import type { Branch } from "../standins/yclients/record.ts";

/** What the day is played in. `signal` breaks it off. */
export interface Salon {
  company: Branch;
  journal: Journal;
  telegram: Telegram;
  db: Db;
  signal: AbortSignal;
}

/** Something that happens, the messages of the bot that must follow, these and no others, and what must be so then. */
export interface DayStep {
  title: string;
  act: () => unknown;
  hears?: { person: Person; words: RegExp[] };
  sees?: { what: string; holds: () => Promise<boolean> };
}

/** Many times what is needed on an idle machine: a pass, settling and the next sending are some three seconds. */
const limitMs = 30_000;
/** Longer than a pass, settling and the next sending: what was to be told twice has been by then. */
const quietMs = 5_000;

/**
 * Plays the steps and prints them. False when something expected did not come in time, or something else came; that is
 * printed too, and ends the day. Throws when the salon's signal breaks it off.
 */
export async function play(
  salon: Salon,
  steps: DayStep[],
  out: (text: string) => void | Promise<void>,
): Promise<boolean> {
  for (const step of steps) {
    await out(`\n── ${step.title}\n`);
    const before = step.hears?.person.chat.messages.length ?? 0;
    const keys = labels(step.hears?.person.chat.keyboard ?? []).join();
    const fault = await played(salon, step, before);
    if (step.hears) await out(chatLines(step.hears.person, before, keys));
    if (fault === null && step.sees) await out(`   ✓ ${step.sees.what}\n`);
    if (fault !== null) return wrong(fault);
  }
  await out("\n── Some seconds pass\n");
  const fault = await repeated(salon, steps);
  if (fault !== null) return wrong(fault);
  await out("   ✓ nobody was told anything twice\n");
  return true;

  async function wrong(fault: string): Promise<false> {
    await out(`\nWRONG: ${fault}\n`);
    return false;
  }
}

/** Does it and waits for what must follow; a sentence when that did not come. */
async function played(salon: Salon, { act, hears, sees }: DayStep, before: number): Promise<string | null> {
  const wanted = hears?.words ?? [];
  const acting = { done: false, broken: null as string | null };
  Promise.try(act).then(
    () => {
      acting.done = true;
    },
    (error) => {
      acting.broken = messageOf(error);
    },
  );
  for (const end = Date.now() + limitMs; ; await Bun.sleep(25)) {
    salon.signal.throwIfAborted();
    if (acting.broken !== null) return acting.broken;
    const came = hears ? told(hears.person, before) : [];
    const wrong = came.findIndex((one, at) => !wanted[at]?.test(one.text));
    if (wrong >= 0) return `${hears?.person.profile.firstName} was to be told ${wanted[wrong] ?? "no more"}.`;
    const missing = !acting.done
      ? "taking of the update by the program"
      : came.length < wanted.length
        ? `message ${wanted[came.length]}`
        : !sees || (await sees.holds())
          ? null
          : sees.what;
    if (missing === null) return null;
    if (Date.now() > end) return `within ${limitMs / 1000} s there came no ${missing}.`;
  }
}

/** A sentence when somebody was told more than the steps expected by the time that all is quiet. */
async function repeated({ signal }: Salon, steps: DayStep[]): Promise<string | null> {
  for (const end = Date.now() + quietMs; Date.now() < end; await Bun.sleep(25)) signal.throwIfAborted();
  const expected = new Map<Person, number>();
  for (const { hears } of steps)
    if (hears) expected.set(hears.person, (expected.get(hears.person) ?? 0) + hears.words.length);
  for (const [person, count] of expected) {
    const [extra] = told(person, 0).slice(count);
    if (extra) return `${person.profile.firstName} was told more than was to be: ${extra.text}`;
  }
  return null;
}

function told({ chat }: Person, from: number): Shown[] {
  return chat.messages.slice(from).filter((one) => one.from === "bot");
}

/** A chat from a message on. The keyboard at its bottom is shown when it is not that of `keys` any more. */
function chatLines({ chat, profile }: Person, from: number, keys: string): string {
  const lines = chat.messages.slice(from).flatMap((shown) => {
    const who = shown.from === "bot" ? "Bot" : profile.firstName;
    const text = said(shown).replaceAll(/\n(?=.)/g, "\n      ");
    return [`${who}: ${text}`, ...brackets(shown.inline)];
  });
  const keyboard = labels(chat.keyboard).join() === keys ? [] : brackets(chat.keyboard);
  return [...lines, ...keyboard].map((line) => `   ${line}\n`).join("");
}

/** What a message says, without its marks. */
export function said({ text, contact }: Shown): string {
  return contact ? `☎ ${contact.phone_number}` : text;
}

/** The labels of a keyboard. */
function labels(keyboard: readonly (readonly (string | { text: string })[])[]): string[] {
  return keyboard.flat().map((button) => (typeof button === "string" ? button : button.text));
}

function brackets(keyboard: Parameters<typeof labels>[0]): string[] {
  const all = labels(keyboard);
  return all.length > 0 ? [`      ${all.map((label) => `[${label}]`).join(" ")}`] : [];
}
