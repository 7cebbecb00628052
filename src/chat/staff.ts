// Who works here: whom the settings name, and whom owners have taken on in the chat. A menu's scope is display: each turn is
// checked against this.

import type { Db } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import { type Post, postsInForce } from "./staff.store.ts";

export { formerStaff, nameStaff, type Post, postsInForce, staffNames } from "./staff.store.ts";

/** Who may do what; owners need not stand among the admins too. */
export interface StaffIds {
  adminIds: readonly Account[];
  ownerIds: readonly Account[];
}

/** Whether it is an admin's account or an owner's. */
export function isStaff({ adminIds, ownerIds }: StaffIds, account: Account): boolean {
  return adminIds.includes(account) || ownerIds.includes(account);
}

/** Whether it is an owner's account. */
export function isOwner({ ownerIds }: StaffIds, account: Account): boolean {
  return ownerIds.includes(account);
}

/** Those of the settings and of the posts together. Whom the settings name is what the settings say. */
export function staffWith(settings: StaffIds, posts: readonly Post[]): StaffIds {
  const beside = posts.filter(({ account }) => !isStaff(settings, account));
  const of = (role: Post["role"]) => beside.filter((one) => one.role === role).map(({ account }) => account);
  return {
    adminIds: [...settings.adminIds, ...of("admin")],
    ownerIds: [...settings.ownerIds, ...of("owner")],
  };
}

/** How old the list may be for whoever does not stand in it. Milliseconds. */
const keptMs = 1_000;

/** The list of all who work here, as every replica sees it. */
export class Staff {
  #kept: { people: Promise<StaffIds>; at: number } | null = null;

  constructor(
    readonly db: Db,
    /** Those whom nobody takes away in the chat. */
    readonly settings: StaffIds,
  ) {}

  /** All of them at this moment. */
  async now(): Promise<StaffIds> {
    return staffWith(this.settings, await postsInForce(this.db));
  }

  /**
   * All of them for a turn of this account. Who may work here is asked anew at each turn, so rights are lost at once on every
   * replica; for all others the list is a second old at most, so that a crowd of clients, or a flood, asks next to nothing.
   */
  async atTurnOf(account: Account, now: Date): Promise<StaffIds> {
    const at = now.getTime();
    const age = this.#kept === null ? keptMs : at - this.#kept.at;
    const anew = age < 0 || age >= keptMs;
    const people = await (anew ? this.#keep(at) : (this.#kept?.people ?? this.now()));
    const may = isStaff(this.settings, account) || isStaff(people, account);
    return may && !anew ? this.now() : people;
  }

  #keep(at: number): Promise<StaffIds> {
    const kept = { people: this.now(), at };
    this.#kept = kept;
    kept.people.catch(() => {
      if (this.#kept === kept) this.#kept = null;
    });
    return kept.people;
  }

  /** Somebody was taken on or let go here: whoever it was is known from the next turn on. */
  changed(): void {
    this.#kept = null;
  }
}
