// Consent to the processing of personal data: which words stand in the chat, and that they were agreed to.

import { createHash } from "node:crypto";
import { type Db, inTransaction, type Sql } from "../db/connect.ts";
import type { Account } from "../rules/account.ts";
import { hasConsent, keepConsent } from "./consents.store.ts";
import { forgetDialog, recallDialog, rememberDialog } from "./dialogs.store.ts";

export { dropOldDialogs, forgetDialog, recallDialog, rememberDialog } from "./dialogs.store.ts";

const CONSENT = "consent";
const SCREEN_DAYS = 30;

/** The version of the words of a consent: a short hash of all of them, the name of who processes the data included. */
export function consentVersion(words: string): string {
  return createHash("sha256").update(words).digest("hex").slice(0, 12);
}

/** Keeps that the consent screen of this version stands in the chat, so that its button means consent. */
export async function screenShown(db: Db, account: Account, version: string, now: Date): Promise<void> {
  await rememberDialog(db, account, CONSENT, { version }, screenEnd(now));
}

function screenEnd(now: Date): Date {
  return new Date(now.getTime() + SCREEN_DAYS * 86_400_000);
}

/** Whether the screen of this version was shown and neither answered nor put off. */
export async function screenStands(db: Sql, account: Account, version: string, now: Date): Promise<boolean> {
  return Object(await recallDialog(db, account, CONSENT, now)).version === version;
}

/** "Not now": the screen that stands there means nothing any more, and for a month it is not shown unasked. */
export async function putOff(db: Db, account: Account, now: Date): Promise<void> {
  await rememberDialog(db, account, CONSENT, { putOff: true }, screenEnd(now));
}

/** Whether the account has said "not now", and has not been shown the screen since. */
export async function isPutOff(db: Sql, account: Account, now: Date): Promise<boolean> {
  return Object(await recallDialog(db, account, CONSENT, now)).putOff === true;
}

/**
 * The contact button was pressed. Under the screen of this version that is the consent, and it is kept. True when the
 * account has agreed to this version, now or before; false when the screen must be shown first, and nothing is stored.
 */
export async function agree(db: Db, account: Account, version: string, now: Date): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (await hasConsent(tx, account, version)) return true;
    if (!(await screenStands(tx, account, version, now))) return false;
    await keepConsent(tx, account, version, now);
    await forgetDialog(tx, account, CONSENT);
    return true;
  });
}
