// What somebody says of themselves in a simulated salon: who sent them, by the link or at the desk; their number; their birthday.

import { birthdayIn } from "./birthdays.ts";
import { type Done, lastOf } from "./faces.ts";
import { buttonOf, deed, say, tap } from "./hands.ts";
import type { Guest } from "./people.ts";
import type { Step } from "./steps.ts";
import { BRANCHES, type World } from "./world.ts";

/** Somebody said who sent them. */
export interface Invitation {
  friend: Guest;
  inviter: Guest;
  at: number;
  /** It is a tie at once: at the desk, or by the link of whoever has a card. Else it is one once they prove their number. */
  atOnce: boolean;
  /** What was written to the bot. */
  text: string;
}

/** Does the step, if it is one of these. */
export async function playFriends(world: World, step: Step): Promise<boolean> {
  if (step.do === "hire") {
    hire(world, world.guest(step.client));
    return true;
  }
  if (step.do !== "invite") return false;
  const [friend, inviter] = [world.guest(step.friend), world.guest(step.client)];
  if (step.how === "desk") await atTheDesk(world, step.desk, friend, inviter);
  else await byLink(world, friend, inviter);
  if (step.how === "link") await proveNumber(world, friend);
  return true;
}

/** They press Start and share their own phone. */
export async function proveNumber(world: World, { face, phone }: Guest): Promise<void> {
  if (face.blocked) return;
  await deed(world, face.start());
  const from = world.clock.now().getTime();
  await deed(world, face.share());
  world.links.push({ account: face.account, phone, from, to: world.clock.now().getTime() });
}

async function atTheDesk(world: World, admin: number, friend: Guest, inviter: Guest): Promise<void> {
  const person = world.admins[admin];
  if (!person) return;
  const [card] = await world.database.sql`select from clients where phone = ${inviter.phone}`;
  const text = `/friend ${friend.phone} ${inviter.phone}`;
  const at = world.clock.now().getTime();
  await say(world, person, text);
  if (card && friend !== inviter) world.invitations.push({ friend, inviter, at, atOnce: true, text });
}

async function byLink(world: World, friend: Guest, inviter: Guest): Promise<void> {
  await say(world, inviter.face, "/invite");
  const link = /\?start=(f_[\w-]+)/.exec(lastOf(inviter.face)?.text ?? "")?.[1];
  if (!link || friend.face.blocked) return;
  const at = world.clock.now().getTime();
  const atOnce = await hasCard(world, friend);
  await deed(world, friend.face.start(link));
  world.invitations.push({ friend, inviter, at, atOnce, text: `/start ${link}` });
}

async function hasCard(world: World, { face: { account } }: Guest): Promise<boolean> {
  const rows = await world.database.sql`
    select from accounts where channel || ':' || external_id = ${account} and client_id is not null`;
  return rows.length > 0;
}

/** An update that came again may say it again: who sent somebody, or whose phone it is. */
export async function saidAgain(world: World, { face, text, data, shared }: Done): Promise<void> {
  const at = world.clock.now().getTime();
  const same = world.invitations.find((one) => one.text === text);
  const desk = same?.text.startsWith("/friend");
  if (same) world.invitations.push({ ...same, at, atOnce: desk || (await hasCard(world, same.friend)) });
  const [, day] = /^birthday:set:(.*)$/.exec(data ?? "") ?? [];
  const guest = world.guests.find((one) => one.face.account === face.account);
  if (day !== undefined && guest) await keep(world, guest, day, at);
  if (shared !== undefined) world.links.push({ account: face.account, phone: shared, from: at, to: at });
}

/** They write the day, and say yes to it. */
export async function sayBirthday(world: World, guest: Guest, inDays: number | "02-29"): Promise<void> {
  const at = world.clock.now().getTime();
  const day = birthdayIn(inDays, at);
  const [month, date] = day.split("-");
  await say(world, guest.face, `/birthday ${date}.${month}`);
  const itself = new RegExp(`^birthday:set:${day}$`);
  if (guest.face.blocked || !buttonOf(guest.face, itself)) return;
  await keep(world, guest, day, at);
  await tap(world, guest.face, itself, 1);
}

/** Only whoever has a card says it, while birthdays are given anything. */
async function keep(world: World, guest: Guest, day: string, at: number): Promise<void> {
  const points = world.settings.BIRTHDAY_POINTS ?? "off";
  if (points !== "off" && (await hasCard(world, guest))) world.said.push({ guest, day, at });
}

/** The salon takes somebody on: they stand in the journals' lists of staff from now on. */
function hire(world: World, { phone, name }: Guest): void {
  world.hired.push({ phone, at: world.clock.now().getTime() });
  for (const [branch, journal] of world.journals.entries()) {
    const company = journal.company(BRANCHES[branch] ?? 0);
    if (company)
      journal.addCompany({
        ...company,
        staff: [...(company.staff ?? []), { id: 50 + world.hired.length, name, phone }],
      });
  }
}
