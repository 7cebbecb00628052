// Who made a row of the ledger: `sync`, `client:<card>`, `admin:<who>`, `admin:<who>,owner:<who>`.

import { type Account, accountOf, channelOf, externalIdOf } from "./account.ts";

/** Who works here: owners may do all that admins may. */
export type Role = "owner" | "admin";

/** An account as the ledger names it: Telegram's, which were there before all others, by their number alone. */
export function ledgerNameOf(account: Account): string {
  return channelOf(account) === "telegram" ? externalIdOf(account) : account;
}

/** The account that the ledger names so. */
export function accountOfLedger(name: string): Account {
  return name.includes(":") ? name : accountOf("telegram", name);
}

/** What one who works here is called; as the ledger names them where nobody knows the name. */
export function calledOf(names: ReadonlyMap<Account, string>, account: Account): string {
  return names.get(account) ?? ledgerNameOf(account);
}

/** The author at the till, and the owner who agreed where a second person had to. */
export function authorOf(admin: Account, owner: Account | null = null): string {
  const by = `admin:${ledgerNameOf(admin)}`;
  return owner === null ? by : `${by},owner:${ledgerNameOf(owner)}`;
}

/** The accounts of those who work here in an author as it is stored; none where a person did nothing. */
export function staffIn(author: string): Account[] {
  return [...author.matchAll(/(?:admin|owner):((?:[a-z]{1,10}:)?[\w-]{1,20})/g)].map((found) =>
    accountOfLedger(found[1] ?? ""),
  );
}
