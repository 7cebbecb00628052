// What a person says of their birthday, and what is known of it.

import { type Db, inTransaction, type Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import { changesFrom } from "./birthday.rule.ts";
import { dropDay, journalDay, keepDay, noteAsked, saidDay } from "./birthdays.store.ts";

export { noteAsked } from "./birthdays.store.ts";

/** A birthday as `MM-DD`, and who says so; `changesFrom` is from when the person may say another, null: now. */
export interface KnownBirthday {
  day: string | null;
  from: "person" | "journal";
  changesFrom: Date | null;
}

/** What is known of the birthday of whoever has this account: what they have said, else what the journal does. */
export async function birthdayOf(sql: Sql, account: Account, now: Date): Promise<KnownBirthday> {
  const said = await saidDay(sql, account);
  if (said) return { day: said.day, from: "person", changesFrom: changesFrom(said, now) };
  const { day } = await journalDay(sql, account);
  return { day, from: "journal", changesFrom: null };
}

/** Keeps a day that a person has said. `early`: they have changed it within a year, and may again from then on. */
export async function sayBirthday(
  db: Db,
  account: Account,
  day: string,
  now: Date,
): Promise<{ result: "kept" } | { result: "early"; from: Date; day: string | null }> {
  return inTransaction(db, async (tx) => {
    const said = await saidDay(tx, account);
    if (said?.day === day) return { result: "kept" };
    const from = changesFrom(said, now);
    if (from) return { result: "early", from, day: said?.day ?? null };
    await keepDay(tx, said?.account ?? account, day, said !== null, now);
    return { result: "kept" };
  });
}

/** The person's day is not kept any more. */
export async function takeBirthdayAway(db: Db, account: Account): Promise<void> {
  const said = await saidDay(db, account);
  if (said) await dropDay(db, said.account);
}

/**
 * Whether a person is to be asked now: nobody knows the day, the journal was looked at, and they were never asked there. True once.
 */
export async function asksNow(db: Db, account: Account, now: Date): Promise<boolean> {
  const { day, read } = await journalDay(db, account);
  if (day !== null || !read || (await saidDay(db, account)) !== null) return false;
  return noteAsked(db, account, now);
}
