// The bot: its parts, in the order in which they see what comes in, and as what takes an update whichever way it comes.

import type { Veil } from "../cards/veil.ts";
import { type Channel, Channels } from "../channels/channel.ts";
import { incomingOf, readUpdate } from "../channels/telegram/update.ts";
import { takeUpdates, webhookAddress } from "../channels/telegram/updates.ts";
import type { Desk } from "../chat/desk.ts";
import { dispatcher, type Take } from "../chat/dispatch.ts";
import { fillProfile, setMenus } from "../chat/menu.ts";
import { formerStaff, Staff } from "../chat/staff.ts";
import { refusedToken } from "../check/telegram.ts";
import { birthday } from "../client/birthday.chat.ts";
import { anythingElse, card } from "../client/card.chat.ts";
import { invited, inviteFriends } from "../client/friend.chat.ts";
import { history } from "../client/history.chat.ts";
import { myData } from "../client/mydata.chat.ts";
import { type Picture, showCard } from "../client/picture.chat.ts";
import { start } from "../client/start.chat.ts";
import { plainWords } from "../client/words.chat.ts";
import type { Config } from "../config/config.ts";
import { messageOf, OperatorError } from "../errors.ts";
import { welcomeOf } from "../gifts/gifts.ts";
import { keptFor, retryUntilDone, withTimeout } from "../jobs/retry.ts";
import { levelsNow } from "../levels/terms.ts";
import { levels as levelsByHand } from "../owners/levels.chat.ts";
import { type OwnersParts, owners, programmePart } from "../owners/owners.chat.ts";
import type { ProgrammeSettings } from "../owners/programme.ts";
import { rights } from "../owners/rights.chat.ts";
import { firstOwnerLink } from "../owners/rights.ts";
import { cardPicture } from "../picture/card.ts";
import { type Invite, invitePicture } from "../picture/invite.ts";
import { type Look, plainLook } from "../picture/look.ts";
import { posterSheets } from "../picture/poster.ts";
import { statsPicture } from "../picture/stats.ts";
import type { Level } from "../rules/levels.rule.ts";
import { everyFewMinutes } from "../rules/time.ts";
import { settledWithin } from "../settlements/settlements.ts";
import { ownStatement } from "../statements/statement.chat.ts";
import { till } from "../till/till.chat.ts";
import { findCompany } from "../visits/branch.ts";
import type { Parts } from "./parts.ts";
import { tellWhereSpendsAre } from "./rounds.ts";

/** What a bot is made of. */
export interface BotParts extends Omit<Desk, "channels" | "now" | "staff" | "welcome">, OwnersParts {
  /** The messengers that it speaks through. */
  channels: readonly Channel[];
  now?: () => Date;
  /** Knows whoever had a gift that is given once; without it newcomers are given nothing. */
  giftVeil?: Veil;
  /** Without it the card is told in words. */
  picture?: Picture;
  /** The way to the bot for a client at the desk; without it the way is told in words. */
  invite?: Invite;
  /** What the programme is made of; without it /programme is no command. */
  programme?: ProgrammeSettings;
  /** Called after each tap, whatever became of it: nothing but a tap changes points. */
  onTap?: () => void;
}

/** What handlers have at hand. */
export function deskOf(parts: BotParts): Desk {
  const { db, veil, shop, log, settle, now = () => new Date() } = parts;
  const staff = new Staff(db, shop);
  const welcome = parts.giftVeil ? welcomeOf(shop.welcomePoints, parts.giftVeil) : null;
  return { channels: new Channels(parts.channels), db, veil, welcome, shop, staff, settle, log, now };
}

/** The bot as what takes all that comes in, whichever way and from whichever messenger. */
export function createBot(parts: BotParts, desk = deskOf(parts)): Take {
  // Admins and owners first; what is not the till's goes on to the clients' part.
  const chosen = parts.programme ? [programmePart(parts.programme)] : [];
  const ofStaff = [rights, ...chosen, levelsByHand, owners(parts), till(parts)];
  const ofClients = [
    invited(start),
    inviteFriends,
    history,
    ownStatement,
    showCard(parts.picture),
    myData,
    birthday,
    card,
  ];
  return dispatcher(desk, [...ofStaff, ...ofClients, plainWords(ofClients), anythingElse()], parts.onTap);
}

/** An answer that waits for the journal waits no longer: the screen says the rest by and by. Milliseconds. */
const answerMs = 1_500;

/**
 * The bot as a function that takes an update. Throws when the bot has not learnt its own name yet (Telegram is away) or
 * the database is away: Telegram delivers again. What is no update of Telegram's shape is left out, with a line in the log.
 */
export function startBot(parts: Parts, look: Look = plainLook) {
  const { config, veil, giftVeil, db, log, clock, telegram, stopping, soon, settling } = parts;
  let name: string | null = null; // the first pass may bring it only now
  let levels: Level[] | null = null;
  const readLevels = keptFor(60_000, async () => {
    levels = await levelsNow(db);
  });
  const botParts: BotParts = {
    channels: [telegram],
    db,
    veil,
    giftVeil,
    log,
    now: clock.now,
    onTap: soon.till,
    settle: async (row) =>
      void (await settledWithin(settling, row, answerMs, () => tellWhereSpendsAre(parts, desk))),
    shop: {
      ...{ ...config, title: () => name ?? "", quick: isQuick(config) },
      // What is in force: what the settings want may still wait for an owner.
      get levels() {
        return levels;
      },
    },
    picture: (card) => cardPicture(card, look),
    invite: (content) => invitePicture(content, look),
    poster: (content) => posterSheets(content, look),
    chart: statsPicture,
    programme: config,
  };
  const desk: Desk = deskOf(botParts);
  const take = createBot(botParts, desk);
  // Telegram may be away when we start: what comes in waits for the bot to learn its own name.
  const learnName = async () => {
    try {
      await telegram.learnName(stopping.signal);
    } catch (error) {
      if (![401, 404].includes(Object(error).error_code)) throw error;
      throw new OperatorError(`${refusedToken.says}: ${refusedToken.remedy}.`);
    }
  };
  const initialised = retryUntilDone(learnName, "Telegram", log, stopping.signal);
  const handle = async (raw: object, waits?: () => void): Promise<void> => {
    const read = readUpdate(raw);
    if ("wrong" in read) {
      // Answered all the same: it would come again and again, and no better.
      log.warn(
        { update_id: Object(raw).update_id, wrong: read.wrong },
        "an update is not as Telegram sends them",
      );
      return;
    }
    // Telegram delivers again what is not answered in time.
    if (telegram.me === null) await withTimeout(8_000, () => initialised);
    if (name === null) name = (await findCompany(db, config.companyIds[0] ?? 0))?.title ?? null;
    await readLevels();
    const incoming = incomingOf(read.update, telegram.me?.username ?? "");
    if (incoming !== null) await take(telegram, incoming, waits);
  };
  return { handle, initialised, desk };
}

/** Whether a payment is told within minutes, as far as the settings go. */
function isQuick({ syncCron, notifyCron, settleMs }: Config): boolean {
  return everyFewMinutes(syncCron) && everyFewMinutes(notifyCron) && settleMs <= 300_000;
}

/**
 * Where there is no owner yet, one line with the link that makes its first opener the owner. It goes where results go, and the
 * log never has it.
 */
export async function offerFirstOwner(
  { config, db, clock, telegram, log, stopping }: Parts,
  { initialised }: Pick<ReturnType<typeof startBot>, "initialised">,
  out: (text: string) => void,
): Promise<void> {
  await initialised;
  const offer = async () => {
    const payload = await firstOwnerLink({ db, settings: config, now: clock.now() });
    if (payload === null) return;
    const once = "once, within an hour, and until the next start";
    out(
      `There is no owner yet. Whoever opens this link first becomes the owner (${once}): ${telegram.link(payload)}\n`,
    );
  };
  await retryUntilDone(offer, "the database", log, stopping.signal);
}

/** Once the bot knows its name: its menus, and updates from then on until the program stops. */
export async function listenToTelegram(
  parts: Parts,
  { handle, initialised }: ReturnType<typeof startBot>,
  begun: () => void,
): Promise<void> {
  const { config, db, log, staff, stopping, telegram } = parts;
  await initialised;
  const menus = async () => {
    const people = await staff.now();
    const former = await formerStaff(db, [...people.adminIds, ...people.ownerIds]);
    await setMenus(telegram, { ...config, ...people }, former);
  };
  void retryUntilDone(menus, "the bot's menus", log, stopping.signal);
  // Once at each start: nothing else waits for it.
  void fillProfile(telegram).catch((error) => {
    if (!stopping.signal.aborted)
      log.warn(
        { error: messageOf(error) },
        "the bot's description could not be filled; the next start tries again",
      );
  });
  const address = config.publicUrl && webhookAddress(config.publicUrl);
  const webhook = address ? { address, secret: config.webhookSecret } : null;
  await takeUpdates({ api: telegram.api, db, log, webhook, handle, begun, signal: stopping.signal });
}
