// A simulated world: a branch's journal, a Telegram, a PostgreSQL, two replicas of the program, five clients, two admins
// and an owner, on one clock.

import type { Update } from "grammy/types";
import { Journal } from "../../src/demo/journal.ts";
import type { ClientInput, JournalRecord } from "../../src/demo/journal-record.ts";
import { startTelegram } from "../../src/demo/telegram.ts";
import type { Person } from "../../src/demo/telegram-people.ts";
import { startYclients } from "../../src/demo/yclients.ts";
import { WorldClock } from "./clock.ts";
import type { WorldDatabase } from "./databases.ts";
import { type Program, startProgram } from "./program.ts";
import { adminCount, clientCount, programCount } from "./steps.ts";
import type { Tap } from "./till.ts";

/** The branch in YCLIENTS, and when every world begins. */
export const BRANCH = 4242;
export const START = new Date("2026-03-10T09:00:00Z");
const TOKEN = "7000000001:AAEsimulatedsimulatedsimulatedsimul";
const names = ["Аглая", "Богдана", "Веста", "Глафира", "Дарина"];

/** A client of the salon: who they are in the journal, and in Telegram. */
export interface Guest {
  inJournal: ClientInput;
  person: Person;
  /** They have asked to be forgotten at least once. */
  forgotten: boolean;
}

/** What a world has been through, by name: faults, kills, steps. */
export type Tally = Map<string, number>;

/** All of it in one process, so that a test can look into every party. */
export class World {
  readonly log: string[] = [];
  readonly guests: Guest[];
  readonly admins: Person[];
  readonly records: number[] = [];
  /** The YCLIENTS clients that each record has ever had. */
  readonly owners = new Map<number, number[]>();
  /** Every update that anybody made, to be delivered again. */
  readonly updates: Update[] = [];
  /** Points of each credit that an admin was to give, in hundredths: no two are the same. */
  readonly credits: number[] = [];
  /** Every button of the till that was pressed to change points. */
  readonly taps: Tap[] = [];
  readonly programs: Program[] = [];
  /** How often a program may have said something and not known that it has: killed, or an answer lost. */
  cutShort = 0;

  private constructor(
    readonly database: WorldDatabase,
    readonly clock: WorldClock,
    readonly journal: Journal,
    readonly yclients: ReturnType<typeof startYclients>,
    readonly telegram: ReturnType<typeof startTelegram>,
    readonly tally: Tally,
  ) {
    telegram.webhook.backoffMs = 5;
    telegram.webhook.timeoutMs = 5_000;
    telegram.webhook.reroute = () => this.#living()?.address ?? "http://127.0.0.1:1";
    this.guests = names.slice(0, clientCount).map((firstName, index) => {
      const phone = index === clientCount - 1 ? "" : `+7900${1_112_233 + index * 1_111_111}`;
      const profile = { id: 501 + index, firstName, ...(phone && { phone }) };
      const inJournal = { id: 9_001 + index, name: firstName, phone };
      return { inJournal, person: telegram.person(profile), forgotten: false };
    });
    journal.onChange(({ recordId, record }) => {
      if (record.client) this.owners.set(recordId, [...(this.owners.get(recordId) ?? []), record.client.id]);
    });
    this.admins = Array.from({ length: adminCount }, (_, index) =>
      telegram.person({ id: 601 + index, firstName: `Админ${index}` }),
    );
    telegram.person({ id: 700, firstName: "Хозяйка" });
  }

  /** A world on a database of its own: its programs run, its webhook is set, its admins have pressed Start. */
  static async open(database: WorldDatabase, tally: Tally, programs = programCount): Promise<World> {
    const clock = new WorldClock(database.sql, START);
    await clock.advance(0);
    const now = () => clock.now();
    const journal = new Journal({ now });
    journal.addCompany({ id: BRANCH, title: "Салон", timeZone: "Europe/Moscow" });
    const free = { perMinute: 0, perSecond: 0 };
    const yclients = startYclients({ journal, partnerToken: "p", userToken: "u", now, ...free });
    const limits = { perSecond: 1_000 };
    const telegram = startTelegram({ token: TOKEN, now: () => now().getTime(), limits });
    const world = new World(database, clock, journal, yclients, telegram, tally);
    for (let index = 0; index < programs; index++) await world.start(index);
    await Promise.all(world.programs.map((program) => program.initialised));
    telegram.webhook.set("https://salon.example/telegram/webhook", { secret_token: world.program(0).secret });
    for (const admin of [...world.admins, telegram.person({ id: 700, firstName: "" })]) void admin.start();
    await world.settled();
    return world;
  }

  program(index: number): Program {
    const program = this.programs[index];
    if (!program) throw new Error(`no program ${index}`);
    return program;
  }

  guest(index: number): Guest {
    const guest = this.guests[index % this.guests.length];
    if (!guest) throw new Error("no guests");
    return guest;
  }

  count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }

  readonly #spoilt = new Map<number, JournalRecord>();

  /** From now on the journal's answers about this record cannot be read, or say nothing of its payments. */
  spoil(id: number, how: "noOperations" | "text" | "noId"): void {
    const whole = this.journal.record(id);
    const { finance_transactions, ...rest } = structuredClone(whole);
    if (how !== "noId") this.#spoilt.set(id, whole);
    const answers = {
      noId: { ...whole, id: "0" },
      text: { ...rest, finance_transactions: "нет" },
      noOperations: rest,
    };
    this.journal.put(answers[how]);
  }

  /** Its answers are as they were. */
  unspoil(...ids: number[]): void {
    for (const id of ids.length > 0 ? ids : this.#spoilt.keys()) {
      const whole = this.#spoilt.get(id);
      if (whole) this.journal.put(whole);
      this.#spoilt.delete(id);
    }
  }

  /** Starts a program in the place of one that is dead. */
  async start(index: number): Promise<void> {
    this.programs[index] = await startProgram(
      {
        ...{ database: this.database.url, telegram: this.telegram.url, yclients: this.yclients.url },
        ...{ clock: this.clock, log: (line) => void this.log.push(line), env: settings },
      },
      () => {
        this.cutShort += 1;
        this.count("killed in mid-message");
      },
    );
  }

  /** Whoever is dead is started again, as Docker would. */
  async restart(): Promise<void> {
    for (const [index, program] of this.programs.entries()) {
      if (program.wires.alive) continue;
      await this.start(index);
    }
  }

  /** Waits until every update has been dealt with, starting dead programs when nobody lives to do it. */
  async settled(): Promise<void> {
    for (let waited = 0; !this.telegram.webhook.idle; waited += 5) {
      if (!this.#living()) await this.restart();
      // Telegram keeps what is not answered; sooner or later it is reached again, and PostgreSQL has a connection to spare.
      if (waited === 200) {
        this.telegram.faults.clear();
        for (const { wires } of this.programs) wires.refusesDatabase = false;
      }
      if (waited > 20_000) throw new Error("an update is not answered for 20 seconds");
      await Bun.sleep(5);
    }
    await this.telegram.idle();
  }

  /** Everybody stops, and the database goes. */
  async close(): Promise<void> {
    for (const program of this.programs) program.kill();
    await this.yclients.stop();
    await this.telegram.stop();
    await this.database.drop();
  }

  #turn = 0;
  /** One of the programs that live, each in its turn, as nginx would. */
  #living(): Program | undefined {
    const living = this.programs.filter((program) => program.wires.alive);
    return living[this.#turn++ % Math.max(1, living.length)];
  }
}

const settings = {
  ...{ FATHERBOT_TOKEN: TOKEN, YCLIENTS_PARTNER_TOKEN: "p", YCLIENTS_USER_TOKEN: "u" },
  ...{ COMPANY_ID: String(BRANCH), ADMINS_IDS: "601,602", OWNER_IDS: "700", LEGAL_NAME: "ИП Петрова" },
  ...{ PUBLIC_URL: "https://salon.example", PROGRAM_START: "2026-03-01" },
  YCLIENTS_REQUESTS_PER_MINUTE: "100000",
};
