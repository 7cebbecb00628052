// A simulated world: the journals of two branches, a Telegram, a PostgreSQL, two replicas of the program, five clients,
// two admins and an owner, on one clock.

import { must } from "../../src/errors.ts";
import { type Max, startMax } from "../../src/standins/max/server.ts";
import { startTelegram, type Telegram } from "../../src/standins/telegram/server.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { ChainLoyalty } from "../../src/standins/yclients/loyalty.ts";
import type { JournalRecord } from "../../src/standins/yclients/record.ts";
import { startYclients } from "../../src/standins/yclients/server.ts";
import { Known } from "./at-owners.ts";
import { WorldClock } from "./clock.ts";
import type { WorldDatabase } from "./databases.ts";
import { type Done, type Face, type Messenger, telegramMessenger } from "./faces.ts";
import { maxFaces } from "./faces-max.ts";
import type { KeptSeal } from "./forge.ts";
import { Histories } from "./histories.ts";
import type { Invitation } from "./invite.ts";
import { type BesideTelegram, numberIn, type Where } from "./messengers.ts";
import type { Wish } from "./model.ts";
import type { Odd } from "./odd.ts";
import { Guest } from "./people.ts";
import { type Program, startProgram, type Turns } from "./program.ts";
import type { Answer, Tap } from "./said.ts";
import { type Entry, Spoilt } from "./spoilt.ts";
import { adminCount, clientCount, newcomerCount, programCount } from "./steps.ts";

/** The branches in YCLIENTS, and when every world begins. */
export const BRANCHES = [4242, 4343] as const;
export const [BRANCH] = BRANCHES;
const START = new Date("2026-03-10T09:00:00Z");
/** The owner's number in Telegram. */
export const OWNER = 700;
/** Of the bot that a world begins with, and of another one on the same database. */
const tokens = [
  "7000000001:AAEsimulatedsimulatedsimulatedsimul",
  "7000000002:AAEsimulatedsimulatedsimulatedother",
];

/** What a world has been through, by name: faults, kills, steps. */
export type Tally = Map<string, number>;

/** How many of each a world has. */
export interface Size {
  programs?: number;
  branches?: number;
  start?: Date;
  beside?: BesideTelegram | null;
}

/** All of it in one process, so that a test can look into every party. */
export class World {
  readonly log: string[] = [];
  readonly guests: readonly Guest[];
  readonly records: Entry[] = [];
  readonly spoilt = new Spoilt();
  /** What people did, to be delivered again by the bot that it was for. */
  readonly done: Done[] = [];
  /** Points of each credit that an admin was to give, in hundredths: no two are the same. */
  readonly credits: number[] = [];
  /** Every button of the till that was pressed to change points, and what is wished on screens that no message asked for. */
  readonly taps: Tap[] = [];
  readonly wishes = new Map<string, Wish>();
  /** When each step began. */
  readonly began: number[] = [];
  /** Sums that were typed for a screen in place of what it offered, in hundredths; and what owners answered. */
  readonly typed = new Map<string, number[]>();
  readonly answers: Answer[] = [];
  /** The programme's first days in force, from when on; and the records whose day was another once. */
  readonly starts: { at: number; day: string }[] = [];
  readonly rescheduled = new Set<Entry>();
  /** The settings that were changed, from when on; the zones that the branches ever had. */
  readonly terms: { from: number; at: number; set: Record<string, string> }[] = [];
  readonly zones = ["Europe/Moscow"];
  /** Birthdays as the journal has them, and as people have said, from when on: month and day. */
  readonly birthdays: { phone: string; day: string; at: number }[] = [];
  readonly said: { guest: Guest; day: string; at: number; account: string }[] = [];
  /** Some program's clock was another at some time. */
  skewed = false;
  /** Who shared their own phone, and when that was under way. */
  readonly links: { account: string; phone: string; from: number; to: number }[] = [];
  /** Who said that somebody sent them; who was taken on by the salon, from when on. */
  readonly invitations: Invitation[] = [];
  readonly hired: { phone: string; at: number }[] = [];
  /** What the journals said at each moment. */
  readonly histories = new Histories();
  /** When all was well, the journal was read and the programme had done what was due. */
  readonly calm: number[] = [];
  /** What owners have decided, who moved, and who may not be told all. */
  readonly known = new Known();
  readonly programs: Program[] = [];
  /** The turns of every program that there ever was, with the host that it called MAX by: of two dead ones it may be the same. */
  readonly turns: { host: string; taken: Turns["taken"] }[] = [];
  readonly bots: Telegram[] = [];
  /** Every bot that there ever was, as people see it. */
  readonly messengers: Messenger[] = [];
  readonly odd: Odd[] = [];
  /** What a messenger calls the messages that the programs have numbered: by `account:number`. */
  readonly names = new Map<string, string>();
  /** Seals that were written down elsewhere, and what is done to the ledger at the end. */
  readonly seals: KeptSeal[] = [];
  readonly forgeries: { how: string; at: number }[] = [];
  /** Accounts that have proved a client's phone. */
  readonly heirs: Face[] = [];
  /** What a step itself has seen go wrong. */
  readonly wrong: string[] = [];
  readonly settings: Record<string, string>;
  /** MAX, where the salon has it. */
  readonly max: Max | null;
  /** How often a program may have said something and not known that it has: killed, or an answer lost. */
  cutShort = 0;
  readonly #owners = new Map<string, Set<number>>();

  private constructor(
    readonly database: WorldDatabase,
    readonly clock: WorldClock,
    readonly journals: readonly Journal[],
    readonly loyalty: ChainLoyalty,
    readonly yclients: ReturnType<typeof startYclients>,
    readonly tally: Tally,
    readonly beside: BesideTelegram | null,
  ) {
    this.settings = {
      ...settings,
      COMPANY_ID: BRANCHES.slice(0, journals.length).join(","),
      ...(beside && settingsBeside(beside)),
    };
    this.max = beside && this.#newMax(beside);
    this.guests = Array.from({ length: clientCount + newcomerCount }, (_, index) => new Guest(index, this));
    for (const journal of journals)
      journal.onChange(({ companyId, recordId, record }) => {
        this.histories.note(clock.now().getTime(), record);
        const key = `${companyId} ${recordId}`;
        if (record.client) this.#owners.set(key, (this.#owners.get(key) ?? new Set()).add(record.client.id));
      });
  }

  /** A world on a database of its own: its programs run, its webhook is set, its admins have pressed Start. */
  static async open(
    database: WorldDatabase,
    tally: Tally,
    { programs = programCount, branches = 1, start = START, beside = null }: Size = {},
  ): Promise<World> {
    const clock = new WorldClock(database.sql, start);
    await clock.advance(0);
    const now = () => clock.now();
    const journals = BRANCHES.slice(0, branches).map((id) => {
      const journal = new Journal({ now, overpaid: 2 });
      journal.addCompany({ id, title: `Салон ${id}`, timeZone: "Europe/Moscow" });
      return journal;
    });
    const loyalty = new ChainLoyalty({ journals, now });
    const free = { perMinute: 0, perSecond: 0 };
    const tokens = { partnerToken: "p", userToken: "u" };
    const yclients = startYclients({ journal: journals, loyalty, ...tokens, now, ...free });
    const world = new World(database, clock, journals, loyalty, yclients, tally, beside);
    world.starts.push({ at: start.getTime(), day: world.programStart });
    await world.use(0, programs);
    return world;
  }

  /** The bot that people write to. */
  get telegram(): Telegram {
    return must(
      this.bots.find((one) => this.settings.FATHERBOT_TOKEN?.startsWith(String(one.me.id))),
      "a bot",
    );
  }

  /** The messengers that the programs run in, as people see them: Telegram first. */
  get here(): Messenger[] {
    return this.messengers
      .filter(({ channel, bot }) => channel === "max" || bot === this.telegram.me.id)
      .sort((one, other) => other.channel.localeCompare(one.channel));
  }

  /** One of them; Telegram where the salon has no other. */
  on(where: Where): Messenger {
    return must(this.here.find(({ channel }) => channel === where) ?? this.here[0], "a bot");
  }

  /** Whether the bot that this was done for still runs. */
  isHere({ messenger }: Face): boolean {
    return this.here.some(({ bot }) => bot === messenger.bot);
  }

  get journal(): Journal {
    return this.journalOf(0);
  }

  journalOf(branch: number): Journal {
    const journal = this.journals[branch % this.journals.length];
    if (!journal) throw new Error("no journals");
    return journal;
  }

  get admins(): Face[] {
    return Array.from({ length: adminCount }, (_, index) =>
      this.#staff(this.beside?.admins[index], 601 + index, `Админ${index}`),
    );
  }

  get owner(): Face {
    return this.#staff(this.beside?.owner, OWNER, "Хозяйка");
  }

  #staff(where: Where = "telegram", number: number, name: string): Face {
    const messenger = this.on(where);
    return messenger.face({ id: numberIn(messenger.channel, number), name });
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

  /** A record as its journal has it now. */
  record({ journal, id }: Entry): JournalRecord {
    return journal.record(id);
  }

  /** The numbers of all clients that a record has ever had. */
  ownersOf({ branch, id }: Entry): ReadonlySet<number> {
    return this.#owners.get(`${BRANCHES[branch]} ${id}`) ?? new Set();
  }

  /** Telegram holds some of the programs' calls back: what comes of an update is known without them. */
  holding = false;

  /** The programme's first day, by the setting. */
  get programStart(): string {
    return this.settings.PROGRAM_START ?? "";
  }

  count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }

  /** Runs the programs on this bot: its webhook is set, and whoever works here has pressed Start. */
  async use(bot: number, programs = this.programs.length): Promise<void> {
    await this.wait(0); // to be killed in the middle of a telling is another step's business, which counts it
    for (const program of this.programs) program.kill();
    const token = tokens[bot % tokens.length] ?? "";
    this.settings.FATHERBOT_TOKEN = token;
    if (!this.bots.some((one) => token.startsWith(String(one.me.id)))) this.bots.push(this.#newBot(token));
    this.telegram.faults.clear(); // whoever changes the bot waits until Telegram knows it
    for (let index = 0; index < programs; index++) await this.start(index);
    await Promise.all(this.programs.map((program) => program.initialised));
    const { webhooks } = this.program(0);
    const { url, secret } = must(webhooks.telegram, "a webhook");
    this.telegram.webhook.set(new URL(new URL(url).pathname, PUBLIC).href, { secret_token: secret });
    if (webhooks.max && this.max?.webhook.url === "" && this.beside?.listens === "webhook")
      this.max.webhook.set(new URL(new URL(webhooks.max.url).pathname, PUBLIC).href, webhooks.max);
    for (const face of [...this.admins, this.owner]) void face.start();
    await this.settled();
  }

  #newBot(token: string): Telegram {
    const bot = startTelegram({ token, now: () => this.clock.now().getTime(), limits: { perSecond: 1_000 } });
    bot.webhook.backoffMs = 5;
    bot.webhook.timeoutMs = 5_000;
    bot.webhook.reroute = () => this.#living()?.webhooks.telegram?.url ?? nowhere;
    this.messengers.push(telegramMessenger(bot, () => this.clock.now().getTime()));
    return bot;
  }

  #newMax({ reading }: BesideTelegram): Max {
    const limits = { perSecond: 1_000, perChatPerSecond: 1_000, pollsPerSecond: 1_000 };
    const now = () => this.clock.now().getTime();
    const max = startMax({ token: maxToken, now, limits, readings: reading });
    Object.assign(max.webhook, { backoffMs: 5, timeoutMs: 5_000, retries: Number.POSITIVE_INFINITY });
    max.webhook.reroute = () => this.#living()?.webhooks.max?.url ?? nowhere;
    this.messengers.push(maxFaces(max, now));
    return max;
  }

  /** Starts a program in the place of one that is dead. */
  async start(index: number): Promise<void> {
    this.programs[index] = await startProgram(
      {
        ...{ database: this.database.url, telegram: this.telegram.url, yclients: this.yclients.url },
        ...{ clock: this.clock, log: (line) => void this.log.push(line), env: this.settings },
        max: this.max && { url: this.max.url, polls: this.beside?.listens === "polling" },
      },
      () => {
        this.cutShort += 1;
        this.count("killed in mid-message");
      },
    );
    const { turns, ports } = this.program(index);
    this.turns.push({ host: `127.0.0.1:${ports.max}`, taken: turns.taken });
    for (const where of this.#refusing) this.refuse(where, true);
  }

  /** Whoever is dead is started again, as Docker would. */
  async restart(): Promise<void> {
    for (const [index, program] of this.programs.entries()) {
      if (program.wires.alive) continue;
      await this.start(index);
    }
  }

  /** Time passes. What a tap began to tell is told by then: no minute goes by while a message is on its way. */
  async wait(ms: number): Promise<void> {
    const living = this.programs.filter((program) => program.wires.alive);
    await Promise.race([Promise.all(living.map((program) => program.told())), Bun.sleep(2_000)]);
    await this.clock.advance(ms);
  }

  /** Waits until what webhooks hinted at is read. */
  async reread(): Promise<void> {
    await this.yclients.posted();
    await Promise.all(this.programs.map((program) => program.reread()));
  }

  /** Learns which numbers the programs have given to messages. */
  async learnNames(): Promise<void> {
    if (!this.max) return;
    const rows = await this.database.sql<{ account: string; number: string; name: string }[]>`
      select account, number::text, name from message_numbers`;
    for (const { account, number, name } of rows) this.names.set(`${account}:${number}`, name);
  }

  /** Waits until every update has been dealt with, starting dead programs when nobody lives to do it. */
  async settled(): Promise<void> {
    const polls = this.beside?.listens === "polling";
    // A leap ends leases: whoever is at an update would lose it to another, as no program does that is not stuck for seconds.
    const isAtWork = () => this.programs.some(({ wires, state }) => wires.alive && state.atUpdates > 0);
    for (let waited = 0; isAtWork() || !this.here.every((one) => one.quiet()); waited += 5) {
      if (!this.#living()) await this.restart();
      // Telegram keeps what is not answered; sooner or later it is reached again, and PostgreSQL has a connection to spare.
      if (waited === 200) {
        this.reachable();
        for (const { wires } of this.programs) wires.refusesDatabase = false;
      }
      // Whoever polls in the place of somebody dead waits until that one may be dead.
      if (polls && waited % 1_000 === 500 && !isAtWork()) await this.clock.advance(7_000);
      if (waited > (polls ? 60_000 : 20_000)) throw new Error("an update is not answered for 20 seconds");
      await Bun.sleep(5);
    }
    if (!this.holding) for (const one of this.here) await one.idle();
  }

  /** Every messenger is reached, and does what it is asked. */
  reachable(): void {
    this.telegram.faults.clear();
    this.max?.faults.clear();
    for (const where of this.#refusing) this.refuse(where, false);
  }

  /** Nobody is there in this messenger, whoever starts meanwhile; or there is again. */
  refuse(where: Where, refused: boolean): void {
    if (refused) this.#refusing.add(where);
    else this.#refusing.delete(where);
    for (const { wires, ports } of this.programs) wires.refuse(ports[where] ?? 0, refused);
  }

  /** Everybody stops, and the database goes. */
  async close(): Promise<void> {
    for (const program of this.programs) program.kill();
    await this.yclients.stop();
    for (const bot of this.bots) await bot.stop();
    await this.max?.stop();
    await this.database.drop();
  }

  readonly #refusing = new Set<Where>();
  #turn = 0;
  /** One of the programs that live, each in its turn, as nginx would. */
  #living(): Program | undefined {
    const living = this.programs.filter((program) => program.wires.alive);
    return living[this.#turn++ % Math.max(1, living.length)];
  }
}

const PUBLIC = "https://salon.example";
const nowhere = "http://127.0.0.1:1";
const maxToken = "simulated-token-of-the-bot-in-max";

/** The same numbers are other people's in the other messenger. */
function settingsBeside({ notices, admins, owner }: BesideTelegram): Record<string, string> {
  const account = (where: Where, number: number) => `${where}:${numberIn(where, number)}`;
  return {
    MAX_BOT_TOKEN: maxToken,
    MAX_NOTICES: notices,
    ADMINS_IDS: admins.map((where, index) => account(where, 601 + index)).join(","),
    OWNER_IDS: account(owner, OWNER),
  };
}

const settings = {
  STATEMENTS: "proof",
  ...{ YCLIENTS_PARTNER_TOKEN: "p", YCLIENTS_USER_TOKEN: "u" },
  ...{ ADMINS_IDS: "601,602", OWNER_IDS: String(OWNER), LEGAL_NAME: "ИП Петрова" },
  ...{ PUBLIC_URL: PUBLIC, PROGRAM_START: "2026-03-01" },
  YCLIENTS_REQUESTS_PER_MINUTE: "100000",
};
