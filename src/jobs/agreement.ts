// Programs on one database that have different settings: those of the first hold for as long as it runs.

import type { Db, Sql } from "../db/connect.ts";
import { dropWord, sayWord, wordThatHolds } from "./leases.store.ts";

const about = "programme_terms";
/** Said again every minute; a program that was killed is not waited for any longer. Milliseconds. */
const holdsMs = 180_000;

/** What all programs must agree on, as settings: `LEVELS=0:1,50000:3`. */
export type SaidTerms = readonly string[];

const written = (word: SaidTerms) => word.join("; ");

/** What of it holds otherwise, as another program has it, where that one was first. */
function otherwise(word: SaidTerms, holds: string | null): string[] {
  return holds === null ? [] : holds.split("; ").filter((one) => !word.includes(one));
}

/** A program that ends takes its word back, and one that runs beside it has so long to say it again. Milliseconds. */
const graceMs = 90_000;

/** Says what this program's settings are; returns what of them holds otherwise: nothing where these do. */
export async function agreeOn(db: Db, word: SaidTerms, atStart: boolean): Promise<string[]> {
  const said = { about, word: written(word), ms: holdsMs, graceMs: atStart ? 0 : graceMs };
  return otherwise(word, await sayWord(db, said));
}

/** The same for whoever only asks. */
export async function agreedOtherwise(sql: Sql, word: SaidTerms): Promise<string[]> {
  return otherwise(word, await wordThatHolds(sql, about));
}

/** This program ends, and its settings with it. */
export function takeBackWord(db: Db, word: SaidTerms): Promise<void> {
  return dropWord(db, about, written(word));
}

/** What is said of it, and what to do about it. */
export const unagreed = {
  says: (others: readonly string[]) =>
    `another program of this database runs with ${others.join("; ")}, which hold`,
  remedy: "give all of them the same settings and start them anew: the first one's hold until it ends",
};
