// What admins and owners have beside the till itself: today's records, refunded visits.

import type { Composer, Context } from "grammy";
import type { Desk } from "../chat/desk.ts";
import { addRefunds } from "./refunds.chat.ts";
import { isStaff } from "./till.chat.ts";
import { addToday } from "./today.chat.ts";

/** Adds the handlers to a composer of private chats, before the till's, which takes every text. */
export function addAdmins(chats: Composer<Context>, desk: Desk): void {
  const staff = chats.filter((ctx) => isStaff(desk, ctx));
  addToday(staff, desk);
  addRefunds(chats, desk);
}
