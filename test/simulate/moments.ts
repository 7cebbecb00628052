// What happens in a simulated world while something else is under way, or for good: a card that goes to another account
// while Telegram is slow, trouble told by all programs at once, another bot, another first day of the programme.

import type { Face } from "./faces.ts";
import { mend } from "./faults.ts";
import { sealOf } from "./forge.ts";
import { deed, say, tapFirst } from "./hands.ts";
import { proveNumber } from "./invite.ts";
import type { Guest } from "./people.ts";
import type { Step } from "./steps.ts";
import { BRANCH, OWNER, type World } from "./world.ts";

/** As many messages as a program sends at once: whoever comes behind them waits. */
const crowdCount = 8;

type Handover = Extract<Step, { do: "handover" }>;

/** Does the step, if it is one of these. */
export async function playMoment(world: World, step: Step): Promise<boolean> {
  switch (step.do) {
    case "handover":
      await handOver(world, world.guest(step.client), step);
      return true;
    case "trouble":
      await trouble(world);
      return true;
    case "bot":
      await world.use(step.bot);
      for (const { faces } of world.guests) for (const face of faces) if (!face.blocked) void face.start();
      await world.settled();
      return true;
    case "start":
      await setTo(world, { PROGRAM_START: step.day });
      world.starts.push({ at: world.clock.now().getTime(), day: step.day });
      return true;
    case "terms":
      await choose(world, step.set);
      return true;
    case "days":
      await passDays(world, step.days);
      return true;
    case "seal":
      world.seals.push(await sealOf(world));
      return true;
    case "forge":
      world.forgeries.push(step);
      return true;
    default:
      return false;
  }
}

async function choose(world: World, set: Record<string, string>): Promise<void> {
  const from = world.clock.now().getTime();
  await setTo(world, set);
  world.terms.push({ from, at: world.clock.now().getTime(), set });
}

/** The programs are stopped, and begin again with these settings. */
async function setTo(world: World, settings: Record<string, string>): Promise<void> {
  await world.wait(0);
  for (const program of world.programs) program.kill();
  Object.assign(world.settings, settings);
  await world.restart();
}

/** All is well meanwhile: what the journal said without a stamp is read before it is too old for the nights to find it. */
async function passDays(world: World, days: number): Promise<void> {
  await mend(world);
  // The programs forget what they called a message after 90 days.
  await world.learnNames();
  for (let day = 0; day < days; day++) {
    await world.wait(86_400_000);
    await world.restart();
    await world.program(day % world.programs.length).sweep();
    await Promise.all(world.programs.map((program) => program.ofTheDay()));
    if (world.programs.every(({ state }) => state.skew === 0))
      world.known.reviews.push(world.clock.now().getTime());
    await world.program(0).pass();
    await world.wait(61_000);
    await world.program(0).tell();
    world.calm.push(world.clock.now().getTime());
  }
  await world.settled();
}

/** The client's message waits behind a crowd's that Telegram holds; meanwhile the card goes. Nobody tells the account before. */
async function handOver(world: World, guest: Guest, { how, on }: Handover): Promise<void> {
  const face = guest.on(on);
  if (face.blocked) return;
  for (const account of guest.accounts) world.known.left.add(account);
  await mend(world);
  // A clock that is hours off calls the question outdated at once, and then nothing goes.
  for (const { state } of world.programs) state.skew = 0;
  await noon(world);
  await proveNumber(world, face);
  await paidVisits(world, guest);
  const { promise, resolve } = Promise.withResolvers<void>();
  const chats = new Set(crowdIds);
  world.telegram.faults.always({ method: "sendMessage", chats, until: promise });
  const before = world.telegram.calls.length;
  const telling = world.program(0).tell();
  const held = () =>
    world.telegram.calls.slice(before).filter(({ payload }) => chats.has(Number(payload.chat_id)));
  for (let waited = 0; held().length < crowdCount && waited < 5_000; waited += 5) await Bun.sleep(5);
  world.holding = true;
  await letGo(world, guest, face, how).finally(() => {
    world.holding = false;
  });
  await Bun.sleep(20);
  const heard = saidBy(world, face.account);
  resolve();
  await telling;
  await mend(world);
  const after = saidBy(world, face.account);
  if (after > heard) world.wrong.push(`${guest.name} was told of a card after ${how}`);
}

async function letGo(world: World, guest: Guest, face: Face, how: Handover["how"]): Promise<void> {
  if (how === "prove") {
    const heir = face.messenger.face({ id: 800 + world.heirs.length, name: "Новый" });
    world.heirs.push(heir);
    void heir.start();
    await world.settled();
    await deed(world, heir.share(guest.phone));
    return;
  }
  await say(world, face, `/${how}`);
  if (how === "forget") guest.forgotten = true;
  return tapFirst(world, face, 1);
}

const crowdIds = Array.from({ length: crowdCount }, (_, index) => 650 + index);

/** Everybody of the crowd has a card and something to be told, and the client behind them. */
async function paidVisits(world: World, guest: Guest): Promise<void> {
  const crowd = crowdIds.map((id, index) => ({
    id,
    phone: `+7901${2_000_000 + index * 1_001}`,
    number: 9_300 + index,
  }));
  for (const { id, phone } of crowd) void world.telegram.person({ id, firstName: "Гость", phone }).start();
  await world.database.sql`
    with crowd as (select * from unnest(${crowd.map((one) => one.phone)}::text[], ${crowdIds}::bigint[]) as crowd (phone, account)),
    cards as (insert into clients (phone) select phone from crowd on conflict do nothing returning id, phone)
    insert into accounts (channel, external_id, client_id, linked_at)
    select 'telegram', account, c.id, sim.now() from crowd join cards c using (phone)`;
  await world.settled();
  for (const { number, phone } of crowd) pay(world, { id: number, name: "Гость", phone });
  await world.program(0).pass();
  await world.clock.advance(2_000);
  pay(world, guest.in(0));
  await world.program(0).pass();
  await world.clock.advance(61_000);
}

function pay(world: World, client: { id: number; name: string; phone: string }): void {
  const { journal } = world;
  const services = [{ title: "Стрижка", cost: 7_770_000 }];
  const id = journal.book({ companyId: BRANCH, client, startsAt: world.clock.now(), services });
  journal.pay(id);
  world.records.push({ journal, branch: 0, id });
}

/** Clients are not told at night, in any of the branch's zones. */
async function noon(world: World): Promise<void> {
  const hours = (33 - world.clock.now().getUTCHours()) % 24;
  await world.clock.advance(hours * 3_600_000);
}

/** How many messages the bot has ever sent there, seen or not. */
const saidBy = (world: World, account: string) =>
  world.messengers
    .flatMap((one) => one.calls())
    .filter((call) => call.account === account && call.message === null).length;

/** The journal refuses everybody for a while; all programs tell the owner at once, of the trouble and of its end. */
async function trouble(world: World): Promise<void> {
  await mend(world);
  world.yclients.faults.always({ status: 401 });
  for (let time = 0; time < 3; time++) {
    await world.wait(61_000);
    await world.program(0).pass();
  }
  await tellTogether(world);
  world.yclients.faults.clear();
  await world.wait(61_000);
  await world.program(0).pass();
  await tellTogether(world);
}

/** While the first waits for Telegram's answer, the others come to tell the same. */
async function tellTogether(world: World): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  world.telegram.faults.always({ method: "sendMessage", chats: new Set([OWNER]), until: promise });
  const before = saidBy(world, world.owner.account);
  const [first, ...others] = world.programs;
  const tellings = [first?.tell()];
  for (let waited = 0; saidBy(world, world.owner.account) === before && waited < 300; waited += 5)
    await Bun.sleep(5);
  tellings.push(...others.map((program) => program.tell()));
  await Promise.race([Promise.all(tellings.slice(1)), Bun.sleep(150)]);
  resolve();
  await Promise.all(tellings);
  world.telegram.faults.clear();
}
