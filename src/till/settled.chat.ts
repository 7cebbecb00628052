// Tells at the till where spends have come to in the journal, whoever made them and whatever died meanwhile; and looks again for owners.

import { NotSent } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import { isStaff } from "../chat/staff.ts";
import type { Turn } from "../chat/turn.ts";
import { messageOf } from "../errors.ts";
import { withLease } from "../jobs/leases.ts";
import type { Account } from "../rules/account.ts";
import {
  findSettlement,
  keepShown,
  lookAgain,
  type StoredSettlement,
  settlementsToShow,
} from "../settlements/settlements.ts";
import { aboutCard, showIn, showNew } from "./screen.chat.ts";
import { type Screen, screenOfRow, spenderOf, type Till } from "./screens.ts";
import { lateSettledText, lookedAgainText, notGivenBackText } from "./settled.texts.ts";
import { visitTold } from "./view.ts";
import { tillWords } from "./words.texts.ts";

const maxRows = 50;

/**
 * Shows each spend that has come to somewhere else since its screen said so. One program at a time; a crash between a message and
 * its mark may say it twice, and never loses it. Whether there was anything to be said.
 */
export async function tellSettled(desk: Desk): Promise<boolean> {
  if ((await settlementsToShow(desk.db, 1)).length === 0) return false;
  await withLease(desk.db, "settlement_screens", async (_lease, lost) => {
    const here = { ...desk, shop: { ...desk.shop, ...(await desk.staff.now()) } };
    for (const one of await settlementsToShow(desk.db, maxRows)) {
      if (lost.aborted) return;
      await tellOne(here, one).catch((error) =>
        desk.log.warn({ id: one.id, error: messageOf(error) }, "the till could not be told of a spend"),
      );
    }
  });
  return true;
}

async function tellOne(desk: Desk, one: StoredSettlement): Promise<void> {
  const screen = one.row === null ? null : await screenOfRow(desk.db, one.row);
  const isHere = screen !== null && isStaff(desk.shop, screen.account) && desk.channels.of(screen.account);
  if (!isHere) return tellInWords(desk, one, []);
  await tellWhoAskedBack(desk, one, screen.account);
  try {
    // What went otherwise than was tapped is not to be overlooked further up in the chat.
    const isNews = one.askedBackBy === null && (one.state === "returned" || one.state === "stuck");
    await (isNews ? showNew : showIn)(desk, desk, screen);
  } catch (error) {
    if (!(error instanceof NotSent) || !isGone(error.outcome)) throw error;
    await tellInWords(desk, one, [screen.account]);
  }
}

/** It could not be taken back: whoever asked for it on no screen of their own, such as an owner, hears why. */
async function tellWhoAskedBack(desk: Desk, one: StoredSettlement, shownTo: Account): Promise<void> {
  const { state, why, askedBackBy: account } = one;
  if (state !== "stands" || why === null || account === null || account === shownTo) return;
  const of = one.row === null ? null : await spenderOf(desk.db, one.row);
  if (of === null || !isStaff(desk.shop, account)) return;
  const sent = await desk.channels.say(account, notGivenBackText(of, why, of.points));
  if (sent.kind !== "sent" && !isGone(sent)) throw new NotSent(sent);
}

/** Nobody is there to be told, and no later try finds them. */
function isGone(outcome: NotSent["outcome"]): boolean {
  return outcome.kind === "blocked" || (outcome.kind === "failed" && !outcome.passes);
}

/** There is no screen any more, or nobody at it: whoever spent is told in a message, else the owners. Only ends are news then. */
async function tellInWords(desk: Desk, one: StoredSettlement, gone: Account[]): Promise<void> {
  const of = one.state === "under_way" || one.row === null ? null : await spenderOf(desk.db, one.row);
  if (of === null) return keepShown(desk.db, one);
  const { ownerIds } = desk.shop;
  const by = of.accounts.filter((account) => isStaff(desk.shop, account) && !gone.includes(account));
  const visit = await visitTold({ db: desk.db, now: desk.now(), rules: desk.shop }, one.card, one);
  const html = lateSettledText(of, { ...one, visit }, of.points);
  for (const people of [by, ownerIds]) {
    const sent = await Promise.all(people.map((account) => desk.channels.say(account, html)));
    if (sent.some(({ kind }) => kind === "sent")) break;
    const later = sent.find((outcome) => outcome.kind !== "sent" && !isGone(outcome));
    if (later && later.kind !== "sent") throw new NotSent(later);
  }
  await keepShown(desk.db, one);
}

/** The screen once what its spend is to come to in the journal was worked on, for as long as a person waits. */
export async function settledNow(desk: Desk, till: Till, screen: Screen): Promise<Screen> {
  if (screen.row === null || desk.settle === undefined) return screen;
  await desk.settle(screen.row);
  return (await screenOfRow(till.db, screen.row)) ?? screen;
}

/** An owner has put right what could not be settled, or wants to know whether it still is so. */
export async function tapLookAgain(desk: Desk, turn: Turn, data: RegExpExecArray): Promise<void> {
  const id = Number(data[1]);
  const before = await findSettlement(desk.db, id);
  if (before === null || before.row === null) return turn.say(tillWords.expired());
  if (before.state === "stuck") {
    await lookAgain(desk.db, before.row);
    await desk.settle?.(before.row);
  }
  const words = lookedAgainText((await findSettlement(desk.db, id)) ?? before);
  await turn.say(await aboutCard(desk, before.card, words));
}
