// What somebody says of themselves in a simulated salon: who sent them, by the link or at the desk; their number; their birthday.

import { birthdayIn } from "./birthdays.ts";
import { type Done, type Face, lastOf } from "./faces.ts";
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
  /** What was written to the bot, and by which account of the friend's; null at the desk. */
  text: string;
  account: string | null;
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
  else await byLink(world, friend.on(step.on), { friend, inviter });
  if (step.how === "link") await proveNumber(world, friend.on(step.on));
  return true;
}

/** They press Start and share their own phone. */
export async function proveNumber(world: World, face: Face): Promise<void> {
  if (face.blocked) return;
  await deed(world, face.start());
  const from = world.clock.now().getTime();
  const { shared: phone = "" } = await deed(world, face.share());
  world.links.push({ account: face.account, phone, from, to: world.clock.now().getTime() });
}

async function atTheDesk(world: World, admin: number, friend: Guest, inviter: Guest): Promise<void> {
  const person = world.admins[admin];
  if (!person) return;
  const [card] = await world.database.sql`select from clients where phone = ${inviter.phone}`;
  const text = `/friend ${friend.phone} ${inviter.phone}`;
  const at = world.clock.now().getTime();
  await say(world, person, text);
  if (card && friend !== inviter)
    world.invitations.push({ friend, inviter, at, atOnce: true, text, account: null });
}

/** By the link of the messenger that the friend is in. */
async function byLink(
  world: World,
  face: Face,
  { friend, inviter }: Pick<Invitation, "friend" | "inviter">,
): Promise<void> {
  const by = inviter.on(face.messenger.channel);
  await say(world, by, "/invite");
  const link = /\?start=(f_[\w-]+)/.exec(lastOf(by)?.text ?? "")?.[1];
  if (!link || face.blocked) return;
  const at = world.clock.now().getTime();
  const { account } = face;
  const atOnce = await hasCard(world, account);
  await deed(world, face.start(link));
  world.invitations.push({ friend, inviter, at, atOnce, text: `/start ${link}`, account });
}

async function hasCard(world: World, account: string): Promise<boolean> {
  const rows = await world.database.sql`
    select from accounts where channel || ':' || external_id = ${account} and client_id is not null`;
  return rows.length > 0;
}

/** An update that came again may say it again: who sent somebody, or whose phone it is. */
export async function saidAgain(world: World, { face, text, data, shared }: Done): Promise<void> {
  if (face.messenger.knowsAgain) return;
  const at = world.clock.now().getTime();
  const same = world.invitations.find(
    (one) => one.text === text && (one.account ?? face.account) === face.account,
  );
  const desk = same?.text.startsWith("/friend");
  if (same) world.invitations.push({ ...same, at, atOnce: desk || (await hasCard(world, face.account)) });
  const [, day] = /^birthday:set:(.*)$/.exec(data ?? "") ?? [];
  const guest = world.guests.find(({ accounts }) => accounts.includes(face.account));
  if (day !== undefined && guest) await keep(world, guest, { day, at, account: face.account });
  if (shared !== undefined) world.links.push({ account: face.account, phone: shared, from: at, to: at });
}

/** They write the day, and say yes to it. */
export async function sayBirthday(
  world: World,
  guest: Guest,
  face: Face,
  inDays: number | "02-29",
): Promise<void> {
  const at = world.clock.now().getTime();
  const day = birthdayIn(inDays, at);
  const [month, date] = day.split("-");
  await say(world, face, `/birthday ${date}.${month}`);
  const itself = new RegExp(`^birthday:set:${day}$`);
  if (face.blocked || !buttonOf(face, itself)) return;
  await keep(world, guest, { day, at, account: face.account });
  await tap(world, face, itself, 1);
}

/** Only whoever has a card says it, while birthdays are given anything. */
async function keep(
  world: World,
  guest: Guest,
  said: { day: string; at: number; account: string },
): Promise<void> {
  const points = world.settings.BIRTHDAY_POINTS ?? "off";
  if (points !== "off" && (await hasCard(world, said.account))) world.said.push({ guest, ...said });
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
