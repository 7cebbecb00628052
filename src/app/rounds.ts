// What the jobs do at each turn of the timetable: the flows, over every branch and every owner.

import { stuckDetail } from "../alarms/alarms.texts.ts";
import { noteAlarm, noteAlarms, noteClock, noteSetAside, tellOwners } from "../alarms/alarms.ts";
import { dropOldDialogs } from "../cards/consent.ts";
import type { Desk } from "../chat/desk.ts";
import type { Config } from "../config/config.ts";
import { type Db, databaseNow } from "../db/connect.ts";
import { messageOf, must } from "../errors.ts";
import { settleFriends } from "../friends/friends.ts";
import { giftsRound } from "../gifts/gifts.ts";
import { withLease } from "../jobs/leases.ts";
import { endPoints, tellLives } from "../ledger/ends.ts";
import { type Reviewed, reviewLevels } from "../levels/review.ts";
import { adoptLevels, type LevelSettings, levelsState } from "../levels/terms.ts";
import { enqueueWarnings } from "../notices/ends.ts";
import { notifyLevels } from "../notices/level-notices.ts";
import { notifyNewBonuses, type SendCounts } from "../notices/notify.ts";
import { tellRefusals } from "../notices/refusals.ts";
import { lifeText } from "../owners/lives.texts.ts";
import { tellStaffChanges } from "../owners/rights.ts";
import { channelOf } from "../rules/account.ts";
import type { CardId } from "../rules/ids.ts";
import { doubtedBranches, stuckSettlements } from "../settlements/settlements.ts";
import { emptyCards, foreignVisits } from "../settlements/surplus.ts";
import { watchSettlements } from "../settlements/watch.ts";
import { offerRefunds } from "../till/refunds.ts";
import { dropOldScreens } from "../till/screens.ts";
import { tellSettled } from "../till/settled.chat.ts";
import { branchZone, dayEverywhere } from "../visits/branch.ts";
import { sweepOrder, sweepRecords, unreadFor } from "../visits/sync.ts";
import type { Parts } from "./parts.ts";

/** A branch that nobody has read for so long, in milliseconds, is worth a word. */
const lateMs = 1_800_000;

/** A pass of every branch that has had none for `everyMs` milliseconds (0: of every one), and what owners must know of it. */
export async function syncAll({ config, db, sync, readings }: Parts, everyMs = 0): Promise<void> {
  const lastsMs = await readings.passAll(everyMs);
  if (sync.signal.aborted) return;
  // Where they have had a rest nothing was left unread.
  const late = Math.max(lateMs, 3 * everyMs);
  const unread = lastsMs < late ? 0 : await unreadFor(db, config.companyIds, late);
  await noteAlarm(db, "late", unread === 0 ? null : String(unread));
  await noteSetAside(db, config.companyIds);
  await noteClock(db);
}

/** So many branches are swept at a time: beside them passes have the larger part of the budget. */
const sweepsAtOnce = 3;

async function sweepBranches({ config, log, sync, metrics }: Parts): Promise<void> {
  const left = await sweepOrder(sync.db, config.companyIds);
  const began = await databaseNow(sync.db);
  const job = "sweep_records";
  const lane = async () => {
    for (let company = left.shift(); company !== undefined && !sync.signal.aborted; company = left.shift())
      try {
        const outcome = await sweepRecords(sync, company, began);
        metrics.passed(job, outcome ? "good" : "elsewhere");
        if (outcome && outcome.awards + outcome.corrections + outcome.doubts > 0)
          log.info({ job, company, ...outcome }, "the journal was read");
      } catch (error) {
        if (sync.signal.aborted) return;
        metrics.passed(job, "failed");
        log.error({ job, company, error: messageOf(error) }, "the journal could not be read");
      }
  };
  await Promise.all(Array.from({ length: sweepsAtOnce }, lane));
  if (sync.signal.aborted) return;
  await noteSetAside(sync.db, config.companyIds);
}

/** Gives the gifts of the day and takes back those whose reason is gone. */
export async function giveGifts({ config, log, db, sync, giftVeil }: Parts): Promise<void> {
  const { birthdayPoints, companyIds } = config;
  const { yclients, now, signal } = sync;
  const timeZone = () => branchZone(db, companyIds);
  const done = await giftsRound({
    db,
    yclients,
    log,
    now,
    signal,
    birthdayPoints,
    companyIds,
    timeZone,
    veil: giftVeil,
  });
  if (done && done.given + done.takenBack > 0)
    log.info({ job: "gifts", ...done }, "gifts were given or taken back");
}

/** Drops the dialogues and screens whose time is over; nothing that a button could still find. */
export async function dropExpired(db: Db, now: Date): Promise<void> {
  await dropOldDialogs(db, now);
  await dropOldScreens(db, now);
}

/** The nightly round: what nobody waits for any more goes, every branch is swept, and what settles is looked after. */
export async function sweepAll(parts: Parts): Promise<void> {
  await dropExpired(parts.db, parts.sync.now());
  await sweepBranches(parts);
  await watchAll(parts, "all");
}

/** For so many days after a spend its card is looked at once more each night; in the hours after it, each hour. */
const touchedDays = { night: 14, hour: 1 };

/** Looks after spends that settle: all of two weeks and their cards, or what has changed and what is not known yet. */
export async function watchAll(
  { db, log, watching, metrics }: Parts,
  which: "all" | "changed",
): Promise<void> {
  const done = await watchSettlements(watching, which);
  if (done && done.gone > 0) log.info({ job: "settlement_watch", ...done }, "spends are off their bills");
  metrics.emptied(await emptyCards(watching, which === "all" ? touchedDays.night : 0));
  if (which === "changed") return;
  const foreign = await foreignVisits(watching);
  if (foreign !== null)
    await noteAlarm(db, "foreign withdrawals", foreign.length === 0 ? null : foreign.slice(0, 20).join(", "));
}

/** What of settling only people can put right: spends that are stuck or come no further, and branches that have gone back to today's way. */
export async function noteSettling(db: Db, settles: Config["settles"]): Promise<void> {
  const { stuck, underWay, slow } = await stuckSettlements(db);
  await noteAlarm(db, "slow settlements", slow === 0 ? null : String(slow));
  const details = new Map(stuck.map((one) => [one.id, stuckDetail(one)]));
  // Who looks again is told nothing of it before it is known what came of that.
  await noteAlarms(db, "settlement ", details, new Set(underWay));
  const doubted = settles === "on" ? await doubtedBranches(db) : [];
  await noteAlarms(db, "settling:", new Map(doubted.map(({ company, doubt }) => [company, doubt])));
}

/** The till's screens say where spends have come to in the journal, and clients hear of those that stand. */
export async function tellWhereSpendsAre({ soon }: Parts, desk: Desk): Promise<void> {
  if (await tellSettled(desk)) soon.till();
}

/** What came late onto the cards of the day's spends is taken off. */
export async function emptyCardsOfToday({ watching, metrics }: Parts): Promise<void> {
  metrics.emptied(await emptyCards(watching, touchedDays.hour));
}

/** Takes off what has ended in every branch, and has clients warned of what ends soon. */
export async function endAllPoints({ config, log, db, sync }: Parts): Promise<void> {
  const today = await dayEverywhere(db, config.companyIds, sync.now());
  const ended = await endPoints(db, today, sync.signal, ({ card, row }, error) =>
    log.error({ job: "end_points", card, row, error }, "what has ended could not be taken off"),
  );
  if (ended !== null && ended.lots > 0) log.info({ job: "end_points", ...ended }, "points ended");
  await enqueueWarnings(db, today);
}

/** Sends what is due to clients, and to owners what they must know. */
export async function sendAllNotices({
  config,
  log,
  db,
  staff,
  notify,
  messengers,
}: Parts): Promise<SendCounts | null> {
  const counts = await notifyNewBonuses(notify);
  if (counts && counts.sent + counts.blocked + counts.failed > 0) {
    log.info({ job: "notify_new_bonuses", ...counts }, "clients were told");
  }
  if (counts === null) return null; // another program is at it
  await notifyLevels(notify, await branchZone(db, config.companyIds));
  const { ownerIds: owners, adminIds } = await staff.now();
  const named = { owners, staff: [...owners, ...adminIds], branches: config.companyIds };
  // Who is in a messenger that is not spoken now hears of it once it is.
  const spoken = messengers.map(({ channel }) => channel.name);
  const here = owners.filter((owner) => spoken.includes(channelOf(owner)));
  await tellStaffChanges(db, here, notify.send, notify.now());
  const tellLife = async (...[owner, change, ahead]: Parameters<Parameters<typeof tellLives>[2]>) => {
    const sent = await notify.send(owner, lifeText(change, ahead));
    return !(sent.kind === "wait" || (sent.kind === "failed" && sent.passes));
  };
  await tellLives(db, owners, tellLife, notify.now());
  await noteSettling(db, config.settles);
  await tellOwners(db, named, notify.send);
  // Whichever messenger an owner is in: an offer goes by the first one's bot, and is made anew when that is another.
  const { bot } = must(messengers[0], "a messenger").channel;
  await offerRefunds({ db, bot }, owners, notify.send, notify.now());
  return counts;
}

/**
 * Levels: whom new terms lift, who is warned, who falls; owners are told once of what waits for them. Nothing where there never were
 * any, nor where another program's settings hold: clients are told percents, and that one knows them.
 */
export async function reviewAllLevels(parts: Parts): Promise<Reviewed | null> {
  const { config, log, db, sync, notify, terms } = parts;
  if (!terms.ours) return null;
  const { percent } = config;
  const timeZone = await branchZone(db, config.companyIds);
  const { now, signal } = { now: sync.now(), signal: notify.signal };
  const odd = (card: CardId, error: string) =>
    log.error({ job: "review_levels", card, error }, "a card's level could not be reviewed");
  const came = await reviewLevels({ db, now, timeZone, percent, signal, odd });
  if (came && Object.values(came).some((count) => count > 0))
    log.info({ job: "review_levels", ...came }, "levels were reviewed");
  await noteLevels(db, config, now);
  return came;
}

/** Owners are told that levels of the settings wait for them, once they are taken on as far as nobody is worse off. */
export async function noteLevels(db: Db, settings: LevelSettings, now: Date): Promise<void> {
  if (!(await adoptLevels(db, settings, now))) return;
  const { waiting } = await levelsState(db, settings, now);
  await noteAlarm(db, "levels", waiting === null ? null : "waiting");
}

/** Invitations: who is new, what is due, what is taken back, and who is told why not. One program of all is enough. */
export async function friendsRound({ db, friends, notify }: Parts): Promise<void> {
  await withLease(db, "friends", async () => {
    await settleFriends(friends);
    await tellRefusals(notify);
  });
}
