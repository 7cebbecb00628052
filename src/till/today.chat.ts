// `/today`: the day's clients for whoever works at the till, one tap from each to the card with the bill filled in.

import type { Button, Buttons } from "../channels/channel.ts";
import { askedDay } from "../chat/asks.texts.ts";
import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { dayOf } from "../rules/time.ts";
import { branchZone } from "../visits/branch.ts";
import { leaveQuestion, showNew, tillOf, yearOf } from "./screen.chat.ts";
import { type DayClient, type DayLists, opensAt } from "./today.rule.ts";
import { clientText, noSuchDay, recordGone, todayButtons, todayText } from "./today.texts.ts";
import { openRecord, todayOf } from "./today.ts";

const perPage = 10;

/** What is shown of a day, today's where none is named: which list, and from which place; null for where it opens. */
interface Wanted {
  day: string | null;
  list: keyof DayLists;
  from: number | null;
}

/** `/today` or `/today 12.03`. */
export async function showDay(desk: Desk, turn: Turn, words: string): Promise<void> {
  const now = dayOf(desk.now(), await branchZone(desk.db, desk.shop.companyIds));
  const day = words.trim() === "" ? null : askedDay(words, now);
  if (day === null && words.trim() !== "") return turn.say(noSuchDay(words.trim()));
  await turn.say(...(await pageOf(desk, turn, { day, list: "open", from: null })));
}

/** Another part of a list, or the other list. */
export async function showDayList(desk: Desk, turn: Turn, data: RegExpExecArray): Promise<void> {
  const [, list, from, asked] = data;
  const day = dayIn(asked);
  const wanted = {
    day,
    list: list === "paid" ? "paid" : "open",
    from: from === "now" ? null : Number(from),
  } as const;
  await turn.replace(...(await pageOf(desk, turn, wanted)));
}

/** A page of an earlier release's list, which counted pages from the day's beginning. */
export async function showPage(desk: Desk, turn: Turn, [, page, asked]: RegExpExecArray): Promise<void> {
  const wanted = { day: dayIn(asked), list: "open", from: Number(page) * perPage } as const;
  await turn.replace(...(await pageOf(desk, turn, wanted)));
}

const dayIn = (asked: string | undefined) => (asked === undefined ? null : askedDay(asked, asked));

/** A client who has several records in a list: which of them is meant. */
export async function showClient(desk: Desk, turn: Turn, data: RegExpExecArray): Promise<void> {
  const [, record, company, asked] = data;
  const { open, paid, day } = await todayOf(tillOf(desk, turn.account), dayIn(asked));
  const client = [...open, ...paid].find((records) =>
    records.some((one) => one.recordId === Number(record) && one.companyId === Number(company)),
  );
  if (!client) return turn.say(recordGone());
  const buttons = client.map((one) => [
    { text: todayButtons.record(one), data: `today:record:${one.recordId}:${one.companyId}` },
  ]);
  await turn.say(clientText(client, day, yearOf(desk.now())), buttons);
}

/** A record of a list, which an earlier release's does not say the branch of. */
export async function openRecordOfDay(
  desk: Desk,
  turn: Turn,
  [, record, company]: RegExpExecArray,
): Promise<void> {
  const till = tillOf(desk, turn.account);
  const of = company === undefined ? undefined : Number(company);
  const screen = await openRecord(till, turn.account, Number(record), of);
  if (screen === null) return turn.say(recordGone());
  await leaveQuestion(desk, turn, screen.asked);
  await showNew(desk, turn, screen);
}

/** A list as it is now: the day goes on, and an old message may have had more of it. */
async function pageOf(
  desk: Desk,
  turn: Turn,
  { day: asked, list, from }: Wanted,
): Promise<[html: string, buttons: Buttons]> {
  const of = await todayOf(tillOf(desk, turn.account), asked);
  const clients = of[list];
  const start = opensAt(clients, desk.now(), list === "open" && of.day === of.today, perPage);
  const at = Math.min(from ?? start, Math.max(0, clients.length - 1));
  const suffix = asked === null ? "" : `:${asked}`;
  const to = (which: keyof DayLists, place: number | "now") => `today:list:${which}:${place}${suffix}`;
  const shown = clients.slice(at, at + perPage);
  const pages: Button[] = [
    ...(at > 0 ? [{ text: todayButtons.earlier, data: to(list, Math.max(0, at - perPage)) }] : []),
    ...(at + perPage < clients.length ? [{ text: todayButtons.later, data: to(list, at + perPage) }] : []),
  ];
  const other: Button[] =
    list === "paid"
      ? [{ text: todayButtons.open(of.open.flat().length), data: to("open", "now") }]
      : of.paid.length > 0
        ? [{ text: todayButtons.paid(of.paid.flat().length), data: to("paid", 0) }]
        : [];
  const buttons = [...shown.map((client) => [clientButton(client, suffix)]), pages, other];
  return [todayText({ ...of, list, year: yearOf(desk.now()) }), buttons.filter((row) => row.length > 0)];
}

function clientButton(client: DayClient, suffix: string): Button {
  const [{ recordId, companyId }, ...others] = client;
  const record = `${recordId}:${companyId}`;
  const data = others.length === 0 ? `today:record:${record}` : `today:client:${record}${suffix}`;
  return { text: todayButtons.client(client), data };
}
