// Who comes to a simulated salon: what the journal says of them, which need not be true, and who they are in a messenger.

import type { ClientInput } from "../../src/standins/yclients/record.ts";
import type { Face, Messenger } from "./faces.ts";
import { numberIn, type Where } from "./messengers.ts";
import { clientCount } from "./steps.ts";

/** What somebody is called, by who they are. */
const names = [
  "Аглая",
  "Богдана",
  "Веста",
  "Глафира",
  "Дарина",
  "Есения",
  "Жанна",
  "Зарина",
  "Инесса",
  "Клавдия",
];
/** Numbers of the same client in two branches are two. */
const branchStep = 100;

/** A client of the salon. Their own phone is what they prove to the bot and say at the till. */
export class Guest {
  readonly name: string;
  readonly phone: string;
  /** They have asked to be forgotten at least once. */
  forgotten = false;
  /** What the journal has as their phone, from when on, in the world's milliseconds; the last one is in force. */
  readonly written: [{ at: number; phone: string }, ...{ at: number; phone: string }[]];

  constructor(
    readonly index: number,
    private readonly world: { here: readonly Messenger[]; on: (where: Where) => Messenger },
  ) {
    this.name = names[index] ?? "";
    this.phone = `+7900${1_112_233 + index * 900_901}`;
    // The last of the clients gave the salon no phone.
    this.written = [{ at: 0, phone: index === clientCount - 1 ? "" : this.phone }];
  }

  /** Themselves in a messenger; in Telegram where the salon has no other. */
  on(where: Where = "telegram"): Face {
    const { name, phone } = this;
    const messenger = this.world.on(where);
    return messenger.face({ id: numberIn(messenger.channel, 501 + this.index), name, phone });
  }

  /** Themselves in each messenger that the salon has. */
  get faces(): Face[] {
    return this.world.here.map(({ channel }) => this.on(channel));
  }

  get accounts(): string[] {
    return this.faces.map(({ account }) => account);
  }

  /** The number of the client in a branch's journal. */
  idIn(branch: number): number {
    return 9_001 + this.index + branch * branchStep;
  }

  /** The client as a branch's journal has them now. */
  in(branch: number): ClientInput {
    return { id: this.idIn(branch), name: this.name, phone: this.written.at(-1)?.phone ?? "" };
  }

  /** The phones that the journal ever had for them. */
  get phones(): Set<string> {
    return new Set(this.written.map((one) => one.phone).filter((phone) => phone !== ""));
  }
}

/** Whose the client of a record is. */
export function guestOf(guests: readonly Guest[], client: { id: number } | null): Guest | undefined {
  return guests.find((guest) => client !== null && [guest.idIn(0), guest.idIn(1)].includes(client.id));
}

/** Everybody whose visits a request to be forgotten may have ended: the journal had one phone for them and for somebody who asked. */
export function touchedByForgetting(guests: readonly Guest[]): Set<Guest> {
  const touched = new Set(guests.filter((guest) => guest.forgotten));
  for (let before = -1; touched.size > before; ) {
    before = touched.size;
    const phones = new Set([...touched].flatMap((guest) => [guest.phone, ...guest.phones]));
    for (const guest of guests)
      if ([guest.phone, ...guest.phones].some((phone) => phones.has(phone))) touched.add(guest);
  }
  return touched;
}
