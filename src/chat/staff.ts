// Who works here. A menu's scope is display: each turn is checked against the settings.

import type { Account } from "../rules/account.ts";
import type { Shop } from "./desk.ts";

export { nameStaff, staffNames } from "./staff.store.ts";

type Staff = Pick<Shop, "adminIds" | "ownerIds">;

/** Whether it is an admin's account or an owner's. */
export function isStaff({ adminIds, ownerIds }: Staff, account: Account): boolean {
  return adminIds.includes(account) || ownerIds.includes(account);
}

/** Whether it is an owner's account. */
export function isOwner({ ownerIds }: Staff, account: Account): boolean {
  return ownerIds.includes(account);
}
