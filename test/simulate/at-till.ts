// What admins and the owner do at the till of a simulated world.

import { type Face, lastOf } from "./faces.ts";
import { buttonIn, buttonOf, say, tap } from "./hands.ts";
import { screenIn, sumIn } from "./said.ts";
import type { Step } from "./steps.ts";
import { BRANCHES, type World } from "./world.ts";

/** Does the step, if it is one of the till's. */
export async function playTill(world: World, step: Step): Promise<boolean> {
  switch (step.do) {
    case "giveBack":
      await giveBack(world);
      return true;
    case "together":
      await spendTogether(world, step.client, step.bill);
      return true;
    default:
      if (!("admin" in step)) return false;
      await playAdmin(world, step);
      return true;
  }
}

async function playAdmin(world: World, step: Extract<Step, { admin: number }>): Promise<void> {
  const admin = world.admins[step.admin];
  if (!admin) return;
  if (step.do === "undo") return tap(world, admin, /:(undo|give)$/, 1);
  if (step.do === "press") return tap(world, admin, /:go(:\d+)?$/, 1);
  if (step.do === "answer") return answer(world, step.yes);
  if (step.do === "openToday") return openToday(world, step);
  const { phone } = world.guest(step.client);
  if (step.do === "open") return say(world, admin, `${phone} ${step.bill}`);
  if (step.do === "type") return typeSum(world, admin, `${phone} ${step.bill}`, step.points);
  if (step.do === "spend") {
    await say(world, admin, `${phone} ${step.bill}`);
    return tap(world, admin, /:go$/, step.taps);
  }
  if (step.do === "move") {
    const other = world.guest(step.to).phone;
    if (other === phone) return;
    await say(world, admin, `/move ${phone} ${other} ${step.points}`);
    return tap(world, admin, /:go$/, 1);
  }
  if (step.do === "debit") {
    await say(world, admin, `/debit ${phone} ${step.points} ошибка`);
    return tap(world, admin, /:go$/, step.taps);
  }
  // No two credits are the same, so that each can be found in the ledger by its sum.
  const points = step.points * 100 + world.credits.length;
  if (world.credits.includes(points)) return;
  world.credits.push(points);
  await say(world, admin, `/credit ${phone} ${points / 100} за ожидание`);
  return tap(world, admin, /:go$/, step.taps);
}

/** The screen of one of today's records: it belongs to the client whom the record had when its list was shown. */
async function openToday(
  world: World,
  { admin: at, record }: Extract<Step, { do: "openToday" }>,
): Promise<void> {
  const admin = world.admins[at];
  const entry = world.records.at(record % world.records.length);
  if (!admin || !entry) return;
  await say(world, admin, "/today");
  const { client } = world.record(entry);
  const itself = new RegExp(`^today:record:${entry.id}:${BRANCHES[entry.branch]}$`);
  // What is paid is folded.
  if (!buttonOf(admin, itself)) await tap(world, admin, /^today:list:paid:0$/, 1);
  await tap(world, admin, itself, 1);
  const button = buttonOf(admin, /:go(:\d+)?$/);
  const [, asked] = /^till:(\d{10,}):/.exec(button?.data ?? "") ?? [];
  if (!button || !asked || !client) return;
  const text = lastOf(admin)?.text ?? "";
  const [, bill = "", paid = "0"] =
    /[Сс]чёт (?:на )?([\d\u00a0,]+)\D+?(?:внесено ([\d\u00a0,]+))?/.exec(text) ?? [];
  const screen = `${admin.messenger.bot}:${admin.account}:${asked}`;
  const since = world.clock.now().getTime();
  const of = { card: client.id, to: null, at: since, record: `${BRANCHES[entry.branch]} ${entry.id}` };
  world.wishes.set(screen, { kind: "spend", sum: sumIn(bill), paid: sumIn(paid), ...of });
}

/** A sum of the admin's own in place of what the screen offers, and a tap on what comes of it. */
async function typeSum(world: World, admin: Face, bill: string, points: number): Promise<void> {
  await say(world, admin, bill);
  const [, asked] = /^till:(\d+):/.exec(buttonOf(admin, /:sum$/)?.data ?? "") ?? [];
  if (!asked) return;
  await tap(world, admin, /:sum$/, 1);
  const screen = `${admin.messenger.bot}:${admin.account}:${asked}`;
  world.typed.set(screen, [...(world.typed.get(screen) ?? []), points * 100]);
  await say(world, admin, String(points));
  return tap(world, admin, /:go$/, 1);
}

/** The owner answers the newest question that still has its buttons, whatever was said since. */
async function answer(world: World, yes: boolean): Promise<void> {
  const { owner } = world;
  const data = yes ? /^owner:.*:yes$/ : /^owner:.*:no$/;
  const asked = owner.messages().findLast((one) => buttonIn(one, data));
  return asked && tap(world, owner, data, 1, asked);
}

/** The owner gives back what was spent on a visit that was refunded. */
async function giveBack(world: World): Promise<void> {
  const { owner } = world;
  const button = buttonOf(owner, /^refund:/);
  const row = Number(button?.data.split(":")[1]);
  const [spend] = await world.database.sql<{ key: string }[]>`
    select key from bonuslog where id = ${row || 0}`;
  const named = screenIn(spend?.key ?? "");
  if (!button || !named) return;
  const shown = `${owner.messenger.bot}:${owner.account}:${button.message}`;
  world.taps.push({ screen: named.screen, verb: "give", sum: Number.NaN, shown });
  await tap(world, owner, /^refund:/, 1);
}

async function spendTogether(world: World, client: number, bill: number): Promise<void> {
  const { phone } = world.guest(client);
  for (const admin of world.admins) await say(world, admin, `${phone} ${bill}`);
  await Promise.all(world.admins.map((admin) => tap(world, admin, /:go$/, 2)));
}
