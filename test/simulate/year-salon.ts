// A salon in the days of its simulated year: visits are booked, paid, changed and refunded, points are given and spent at the
// till, newcomers come by friends, clients ask, and the owner chooses other terms.

import { giveLevel, playOwner } from "./at-owners.ts";
import { lastOf } from "./faces.ts";
import { promiseOf } from "./friends.ts";
import { deed, tap, say as write } from "./hands.ts";
import { playMoment } from "./moments.ts";
import { Random } from "./random.ts";
import type { Entry } from "./spoilt.ts";
import { BRANCH, type World } from "./world.ts";
import type { Invited } from "./year-friends.ts";

/** How large a salon is: visits on each day on which it works, which is one in `every`. */
export interface Size {
  visitsADay?: number;
  every?: number;
  seed?: number;
}

const [hour, day] = [3_600_000, 86_400_000];
/** The first of the linked clients in Telegram, and of those who link in the course of the year. */
const [firstId, firstNewId] = [50_000, 60_000];
/** So few invite all newcomers that the limits are reached. */
const inviters = 20;
/** How often a client comes, and after which time some regret their first visit: its gifts have been given by then. */
const [daysBetweenVisits, regretMs] = [15, 5 * day];

/** Does a round of a program, and remembers what it took. */
export type Timed = (name: string, work: () => Promise<void>) => Promise<void>;

/** What its people do on a day. */
export class Salon {
  readonly #random: Random;
  readonly #clients: number;
  readonly #linked: number;
  readonly #visitsADay: number;
  #newcomers = 0;
  /** First visits that are refunded some days later, when what they gave has been given. */
  readonly #regretted: { visit: Entry; at: number }[] = [];
  /** Who came by whom. */
  readonly invited: Invited[] = [];
  /** Codes of those who have asked for their link. */
  readonly #links = new Map<number, string>();

  constructor(
    private readonly world: World,
    private readonly timed: Timed,
    { visitsADay = 137, every = 1, seed = 1 }: Size,
  ) {
    this.#random = new Random(seed);
    this.#visitsADay = visitsADay;
    this.#clients = Math.ceil((visitsADay * daysBetweenVisits) / every);
    this.#linked = Math.min(300, this.#clients >> 1);
  }

  /** Some clients have had a card for long, and the journal knows their birthdays. */
  async open(): Promise<void> {
    const { world } = this;
    const all = Array.from({ length: this.#linked }, (_, client) => client);
    for (const client of all) {
      this.world.telegram.person(this.#who(client)).chat.started = true;
      this.#keepBirthday(client);
    }
    await world.database.sql`
      with p as (select * from unnest(${all.map(phoneOf)}::text[]) with ordinality as p (phone, place)),
      cards as (insert into clients (phone) select phone from p returning id, phone)
      insert into accounts (channel, external_id, client_id, linked_at)
      select 'telegram', ${firstId - 1} + place, c.id, sim.now() from p join cards c using (phone)`;
  }

  /** Other terms from now on; the owner accepts what is worse for some and waits for that. */
  async choose(set: Record<string, string>): Promise<void> {
    await playMoment(this.world, { do: "terms", set });
    if (set.LEVELS !== undefined) await playOwner(this.world, { do: "programme", how: "accept" });
  }

  /** A day's work, from noon until half past ten in the evening. */
  async works(): Promise<void> {
    const { world } = this;
    for (let visit = 0; visit < this.#visitsADay; visit++)
      this.#book(this.#random.below(this.#clients), this.#random.below(10) * hour);
    await this.#newcomer();
    await this.#atTheTill();
    if (this.#random.once(10))
      await giveLevel(world, phoneOf(this.#random.below(this.#linked)), 1 + this.#random.below(3), 20);
    if (this.#random.once(30)) await playOwner(world, { do: "levelBack", taps: 1 });
    for (let turn = 0; turn < 7; turn++) await this.#workHours();
    await this.timed("digest", () => world.program(0).digest());
  }

  /** An hour and a half: visits are paid, a few of the last days' are changed, the journal is read, clients are told. */
  async #workHours(): Promise<void> {
    const { world } = this;
    const { journal, records } = world;
    await world.clock.advance(1.5 * hour);
    const today = records.slice(-this.#visitsADay);
    for (let paid = 0; paid < this.#visitsADay / 7; paid++) journal.pay(this.#random.one(today).id);
    const lately = records.slice(-this.#visitsADay * 10);
    for (const change of ["refund", "noShow", "remove", "arrive"] as const) {
      if (this.#random.once(3)) journal[change](this.#random.one(lately).id);
    }
    for (const { visit, at } of this.#regretted.splice(0)) {
      if (at <= world.clock.now().getTime()) journal.refund(visit.id);
      else this.#regretted.push({ visit, at });
    }
    await this.timed("pass", () => world.program(this.#random.below(2)).pass());
    await world.clock.advance(60_000);
    await this.timed("tell", () => world.program(this.#random.below(2)).tell());
  }

  /** Clients are given points, spend some, and have it taken back; a few others ask what they have. */
  async #atTheTill(): Promise<void> {
    const { world } = this;
    const random = this.#random;
    const admin = random.one(world.admins);
    const client = random.below(this.#linked);
    await write(world, admin, `/credit ${phoneOf(client)} ${100 + random.below(900)} за ожидание`);
    await tap(world, admin, /:go$/, 1);
    for (const who of [client, random.below(this.#linked), random.below(this.#linked)]) {
      await write(world, admin, `${phoneOf(who)} ${100 + random.below(4_000)}`);
      await tap(world, admin, /:go$/, 1);
      if (random.once(6)) await tap(world, admin, /:undo$/, 1);
    }
    for (const asked of ["/balance", "/statement", "/history"])
      await write(world, this.#person(random.below(this.#linked)), asked);
  }

  /** Somebody comes for the first time: by a client's link, by a name said at the desk, or by themselves. */
  async #newcomer(): Promise<void> {
    const { world } = this;
    const client = this.#clients + this.#newcomers++;
    const inviter = this.#random.below(Math.min(inviters, this.#linked));
    const how = this.#random.one(["link", "desk", "none"] as const);
    const promise = how === "none" ? null : promiseOf((name) => world.settings[name]);
    const person = this.#person(client);
    if (promise && how === "desk")
      await write(world, this.#random.one(world.admins), `/friend ${phoneOf(client)} ${phoneOf(inviter)}`);
    await deed(world, person.start(promise && how === "link" ? await this.#linkOf(inviter) : undefined));
    const from = world.clock.now().getTime();
    await deed(world, person.share());
    const at = world.clock.now().getTime();
    world.links.push({ account: person.account, phone: phoneOf(client), from, to: at });
    this.#keepBirthday(client);
    const visit = this.#book(client, 2 * hour);
    world.journal.arrive(visit.id);
    world.journal.pay(visit.id);
    const by = phoneOf(inviter);
    if (promise)
      this.invited.push({ promised: promise, phone: phoneOf(client), inviter: by, client: idOf(client), at });
    if (this.#random.once(4)) this.#regretted.push({ visit, at: at + regretMs });
  }

  async #linkOf(client: number): Promise<string | undefined> {
    const known = this.#links.get(client);
    if (known) return known;
    const person = this.#person(client);
    await write(this.world, person, "/invite");
    const [, code] = /start=(f_[\w-]+)/.exec(lastOf(person)?.text ?? "") ?? [];
    if (code) this.#links.set(client, code);
    return code;
  }

  #book(client: number, inMs: number): Entry {
    const { journal, records, clock } = this.world;
    const startsAt = new Date(clock.now().getTime() + inMs);
    const services = [{ title: "Стрижка", cost: 100 * (100 + this.#random.below(9_000)) }];
    const who = { id: idOf(client), name: "Клиент", phone: phoneOf(client) };
    const id = journal.book({ companyId: BRANCH, client: who, startsAt, services });
    const booked = { journal, branch: 0, id };
    records.push(booked);
    return booked;
  }

  /** Their birthdays are spread over the year. */
  #keepBirthday(client: number): void {
    const at = this.world.clock.now().getTime();
    const birthday = new Date(at + ((client * 53) % 365) * day).toISOString().slice(5, 10);
    this.world.birthdays.push({ phone: phoneOf(client), day: birthday, at });
    this.world.journal.birthdays.set(idOf(client), `1990-${birthday}`);
  }

  #person(client: number) {
    const { id, firstName: name, phone } = this.#who(client);
    return this.world.on("telegram").face({ id, name, phone });
  }

  #who(client: number) {
    const isNew = client >= this.#clients;
    const id = isNew ? firstNewId + client - this.#clients : firstId + client;
    return { id, firstName: "Клиент", phone: phoneOf(client) };
  }
}

const idOf = (client: number) => 20_000 + client;
const phoneOf = (client: number) => `+79${String(10_000_000 + client * 4_001).padStart(9, "0")}`;
