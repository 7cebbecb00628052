// What each step does to a simulated world.

import { playFault } from "./faults.ts";
import { deed, say, tap, tapFirst } from "./hands.ts";
import type { Step } from "./steps.ts";
import { BRANCH, type World } from "./world.ts";

const day = 86_400_000;

/** Does one step. A second passes before it, since the journal's stamps know whole seconds alone. */
export async function play(world: World, step: Step): Promise<void> {
  await world.clock.advance(1_000);
  world.count(step.do);
  if (await playRound(world, step)) return;
  if (playJournal(world, step)) return;
  if (await playFault(world, step)) return;
  await playPeople(world, step);
}

async function playRound(world: World, step: Step): Promise<boolean> {
  switch (step.do) {
    case "pass":
    case "tell":
    case "digest":
      await world.program(step.program)[step.do]();
      return true;
    case "sweep":
      await world.clock.advance(20_000); // a sweep waits for a dead program's lease to end
      await world.program(step.program).sweep();
      return true;
    case "race":
      await Promise.all(world.programs.flatMap((program) => [program.pass(), program.tell()]));
      return true;
    case "wait":
      await world.clock.advance(step.ms);
      return true;
    case "skew":
      world.program(step.program).state.skew = step.ms;
      return true;
    default:
      return false;
  }
}

function playJournal(world: World, step: Step): boolean {
  const { journal, clock } = world;
  if (step.do === "book") {
    const startsAt = new Date(clock.now().getTime() - step.daysAgo * day);
    const client = step.client === null ? null : world.guest(step.client).inJournal;
    const services = [{ title: "Стрижка", cost: step.price }];
    const twin = step.twin ? world.records.at(-1) : undefined;
    const visitId = twin === undefined ? undefined : journal.record(twin).visit_id;
    const booking = { companyId: BRANCH, client, startsAt, services };
    world.records.push(journal.book({ ...booking, ...(visitId && { visitId }) }));
    return true;
  }
  if (!("record" in step)) return false;
  const id = world.records.at(step.record % world.records.length);
  if (id === undefined) return true;
  world.unspoil(id);
  const stamp = "silent" in step ? { stamp: !step.silent } : {};
  switch (step.do) {
    case "pay":
      journal.pay(id, { ...(step.sum !== null && { kopecks: step.sum }), goods: step.goods, ...stamp });
      return true;
    case "prepay":
      journal.prepay(id);
      return true;
    case "price":
      journal.editPrice(id, step.sum);
      return true;
    case "refund":
      journal.refund(id);
      return true;
    case "refundPart":
      journal.refundByNegative(id, step.sum);
      return true;
    case "attend":
      journal.arrive(id, stamp);
      return true;
    case "noShow":
      journal.noShow(id, stamp);
      return true;
    case "remove":
      journal.remove(id, stamp);
      return true;
    case "restore":
      journal.restore(id, stamp);
      return true;
    case "give":
      journal.changeClient(id, world.guest(step.client).inJournal);
      return true;
    case "reschedule":
      journal.reschedule(id, new Date(world.clock.now().getTime() + step.days * day));
      return true;
    case "repeat":
      journal.put({ ...journal.record(id) });
      return true;
    case "spoil":
      world.spoil(id, step.how);
      return true;
    default:
      return false;
  }
}

async function playPeople(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case "link": {
      const { person } = world.guest(step.client);
      if (person.chat.blocked || !person.profile.phone) return;
      await deed(world, person.start());
      return deed(world, person.shareContact());
    }
    case "steal": {
      const { person } = world.guest(step.client);
      const other = world.guest(step.from).inJournal;
      if (person.chat.blocked || !other.phone || step.client === step.from) return;
      return deed(world, person.forwardContact({ phone: other.phone, firstName: other.name }));
    }
    case "block":
    case "return": {
      const { person } = world.guest(step.client);
      if (person.chat.blocked === (step.do === "block")) return;
      return deed(world, step.do === "block" ? person.block() : person.start());
    }
    case "ask":
      return say(world, world.guest(step.client).person, step.text);
    case "unlink":
    case "forget": {
      const guest = world.guest(step.client);
      if (guest.person.chat.blocked) return;
      await say(world, guest.person, `/${step.do}`);
      if (step.do === "forget") guest.forgotten = true;
      return tapFirst(world, guest.person, 1);
    }
    default:
      return playTill(world, step);
  }
}

async function playTill(world: World, step: Step): Promise<void> {
  if (!("admin" in step)) return playTogether(world, step);
  const admin = world.admins[step.admin];
  if (!admin) return;
  if (step.do === "undo") return tap(world, admin, /:(undo|give)$/, 1);
  const { phone } = world.guest(step.client).inJournal;
  if (!phone) return;
  if (step.do === "spend") {
    await say(world, admin, `${phone} ${step.bill}`);
    return tap(world, admin, /:go$/, step.taps);
  }
  if (step.do === "move") {
    const other = world.guest(step.to).inJournal.phone;
    if (!other || other === phone) return;
    await say(world, admin, `/move ${phone} ${other} ${step.points}`);
    return tapFirst(world, admin, 1);
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

async function playTogether(world: World, step: Step): Promise<void> {
  if (step.do === "late") {
    const update = world.updates.at(-step.back);
    for (let time = 0; update && time < step.times; time++) void world.telegram.redeliver(update);
    return world.settled();
  }
  if (step.do !== "together") return;
  const { phone } = world.guest(step.client).inJournal;
  if (!phone) return;
  for (const admin of world.admins) await say(world, admin, `${phone} ${step.bill}`);
  await Promise.all(world.admins.map((admin) => tap(world, admin, /:go$/, 2)));
}
