// What the front desk does in the journals of a simulated world.

import { must } from "../../src/errors.ts";
import { goodsLine, type JournalRecord, operation, stampOf } from "../../src/standins/yclients/record.ts";
import { birthdayIn } from "./birthdays.ts";
import { playOdd } from "./odd.ts";
import type { Guest } from "./people.ts";
import type { Entry } from "./spoilt.ts";
import type { Step } from "./steps.ts";
import { BRANCHES, type World } from "./world.ts";

const day = 86_400_000;

/** Does the step, if it is one of the journal's. */
export async function playJournal(world: World, step: Step): Promise<boolean> {
  switch (step.do) {
    case "book":
      book(world, step);
      return true;
    case "odd":
      playOdd(world, step);
      return true;
    case "phone":
      await correctPhone(world, step.client, step.whose);
      return true;
    case "birthday":
      keepBirthday(world, world.guest(step.client), step.inDays);
      return true;
    case "zone":
      correctZone(world, step.branch % world.journals.length, step.zone);
      return true;
    default:
      return "record" in step && step.do !== "openToday" && playRecord(world, step);
  }
}

function book(world: World, step: Extract<Step, { do: "book" }>): void {
  const branch = (step.branch ?? 0) % world.journals.length;
  const journal = world.journalOf(branch);
  const startsAt = new Date(world.clock.now().getTime() - step.daysAgo * day);
  const client = step.client === null ? null : world.guest(step.client).in(branch);
  const services = [{ title: "Стрижка", cost: step.price }];
  const twin = step.twin ? world.records.findLast((entry) => entry.branch === branch) : undefined;
  const visitId = twin && world.record(twin).visit_id;
  const id = branch === 0 ? undefined : freeNumber(world, branch);
  const booking = { companyId: BRANCHES[branch] ?? 0, client, startsAt, services };
  const booked = journal.book({ ...booking, ...(visitId && { visitId }), ...(id && { id }) });
  world.records.push({ journal, branch, id: booked });
  // It was entered in its day, before anybody read the journal.
  const { timeZone = "" } = journal.company(booking.companyId) ?? {};
  if (step.daysAgo > 100) journal.record(booked).last_change_date = stampOf(startsAt, timeZone);
}

/** A number that the first branch has a record of, and this one has not. */
function freeNumber(world: World, branch: number): number | undefined {
  const taken = world.records.filter((entry) => entry.branch === branch).map(({ id }) => id);
  return world.records.find((entry) => entry.branch === 0 && !taken.includes(entry.id))?.id;
}

/** The journal has somebody else's phone for the client from now on, or their own. */
async function correctPhone(world: World, client: number, whose: number): Promise<void> {
  const guest = world.guest(client);
  const { phone } = world.guest(whose);
  // What a webhook hinted at is being read: let it come to its end, so that it is known what was read.
  await world.reread();
  world.spoilt.mend();
  guest.written.push({ at: world.clock.now().getTime(), phone });
  for (const [branch, journal] of world.journals.entries()) journal.changePhone(guest.idIn(branch), phone);
}

function keepBirthday(world: World, guest: Guest, inDays: number | "02-29"): void {
  const at = world.clock.now().getTime();
  const birthday = birthdayIn(inDays, at);
  world.birthdays.push({ phone: guest.phone, day: birthday, at });
  for (const [branch, journal] of world.journals.entries())
    journal.birthdays.set(guest.idIn(branch), `1992-${birthday}`);
}

function correctZone(world: World, branch: number, zone: string): void {
  world.spoilt.mend();
  world.zones.push(zone);
  world.journalOf(branch).correctZone(BRANCHES[branch] ?? 0, zone);
}

function playRecord(world: World, step: Extract<Step, { record: number }>): boolean {
  const entry = world.records.at(step.record % world.records.length);
  if (entry === undefined) return true;
  world.spoilt.mend(entry);
  const { journal, id } = entry;
  // What is older than the nights read again changes by its stamp alone.
  const age = world.clock.now().getTime() - Date.parse(world.record(entry).date.slice(0, 10));
  const stamp = "silent" in step ? { stamp: !step.silent || age > 10 * day } : {};
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
      journal.changeClient(id, world.guest(step.client).in(entry.branch));
      return true;
    default:
      return playOther(world, step, entry);
  }
}

function playOther(world: World, step: Extract<Step, { record: number }>, entry: Entry): boolean {
  const { journal, id } = entry;
  switch (step.do) {
    case "reschedule":
      world.rescheduled.add(entry);
      journal.reschedule(id, new Date(world.clock.now().getTime() + step.days * day));
      return true;
    case "cover":
      put(world, entry, { paid_full: 1, payment_status: 1 });
      return true;
    case "sellCertificate":
      put(world, entry, withCertificate(world.record(entry), step.sum));
      return true;
    case "repeat":
      journal.put({ ...journal.record(id) });
      return true;
    case "spoil":
      world.spoilt.spoil(entry, step.how);
      return true;
    default:
      return false;
  }
}

/** The record is another by now, and says so. */
function put(world: World, { journal, branch, id }: Entry, changes: Partial<JournalRecord>): void {
  const { timeZone } = must(journal.company(BRANCHES[branch] ?? 0), `branch ${branch}`);
  const last_change_date = stampOf(world.clock.now(), timeZone);
  journal.put({ ...journal.record(id), ...changes, last_change_date });
}

/** YCLIENTS API: it is among the visit's goods, and its money has an item of its own, which is neither services nor goods. */
function withCertificate(record: JournalRecord, kopecks: number): Partial<JournalRecord> {
  const line = { ...goodsLine(5_900_000, kopecks), loyalty_certificate_id: 88 };
  const id = 991_000 + record.finance_transactions.length;
  const made = operation({ id, record, kind: "goods", line: line.id, kopecks });
  const item = { id: 412_346, title: "Продажа сертификатов", type: 7 };
  return {
    goods_transactions: [...record.goods_transactions, line],
    finance_transactions: [...record.finance_transactions, { ...made, expense_id: item.id, expense: item }],
  };
}
