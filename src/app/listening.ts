// The bot: its parts, in the order in which they see what comes in, and as what takes an update whichever way it comes.

import type { Veil } from "../cards/veil.ts";
import { type Channel, Channels } from "../channels/channel.ts";
import type { Handle, Messenger } from "../channels/messenger.ts";
import type { Desk } from "../chat/desk.ts";
import { dispatcher, type Take } from "../chat/dispatch.ts";
import { fillProfile, setMenus } from "../chat/menu.ts";
import { formerStaff, Staff } from "../chat/staff.ts";
import { birthday } from "../client/birthday.chat.ts";
import { anythingElse, card } from "../client/card.chat.ts";
import { carryCard } from "../client/carry.chat.ts";
import { invited, inviteFriends } from "../client/friend.chat.ts";
import { history } from "../client/history.chat.ts";
import { myData } from "../client/mydata.chat.ts";
import { news } from "../client/news.chat.ts";
import { type Picture, showCard } from "../client/picture.chat.ts";
import { start } from "../client/start.chat.ts";
import { carriedHere } from "../client/together.chat.ts";
import { plainWords } from "../client/words.chat.ts";
import type { Config } from "../config/config.ts";
import { messageOf } from "../errors.ts";
import { welcomeOf } from "../gifts/gifts.ts";
import type { MessengerWebhook } from "../http/http.ts";
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
import type { ChannelName } from "../rules/account.ts";
import type { Level } from "../rules/levels.rule.ts";
import { everyFewMinutes } from "../rules/time.ts";
import { settledWithin } from "../settlements/settlements.ts";
import { ownStatement } from "../statements/statement.chat.ts";
import { till } from "../till/till.chat.ts";
import { findCompany } from "../visits/branch.ts";
import type { Parts } from "./parts.ts";
import { tellWhereSpendsAre } from "./rounds.ts";

/** What a bot is made of. */
export interface BotParts
  extends Omit<Desk, "channels" | "now" | "staff" | "tells" | "welcome">,
    OwnersParts {
  /** The messengers that it speaks through. */
  channels: readonly Channel[];
  /** In which of them clients may be told what they have not asked for; without it in all. */
  tells?: readonly ChannelName[];
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
  const { channels, tells = channels.map(({ name }) => name) } = parts;
  return { channels: new Channels(channels), tells, db, veil, welcome, shop, staff, settle, log, now };
}

/** The bot as what takes all that comes in, whichever way and from whichever messenger. */
export function createBot(parts: BotParts, desk = deskOf(parts)): Take {
  // Admins and owners first; what is not the till's goes on to the clients' part.
  const chosen = parts.programme ? [programmePart(parts.programme)] : [];
  const ofStaff = [rights, ...chosen, levelsByHand, owners(parts), till(parts)];
  const ofClients = [
    carriedHere(invited(start)),
    inviteFriends,
    history,
    ownStatement,
    showCard(parts.picture),
    carryCard(parts.invite),
    myData,
    birthday,
    card,
  ];
  return dispatcher(
    desk,
    [news, ...ofStaff, ...ofClients, plainWords(ofClients), anythingElse()],
    parts.onTap,
  );
}

/** An answer that waits for the journal waits no longer: the screen says the rest by and by. Milliseconds. */
const answerMs = 1_500;

/** What comes in from one messenger. `initialised` resolves once the bot knows its name there, or the program stops. */
export interface Inbox {
  messenger: Messenger;
  /**
   * Takes an update. Throws when the bot has not learnt its own name yet (the messenger is away) or the database is away: the
   * messenger delivers again. What is no update of its shape is left out, with a line in the log.
   */
  handle: Handle;
  initialised: Promise<void>;
}

/** The one bot behind all messengers: each has its own inbox, and is waited for by nobody else. */
export function startBot(parts: Parts, look: Look = plainLook): { inboxes: Inbox[]; desk: Desk } {
  const { config, veil, giftVeil, db, log, clock, messengers, stopping, soon, settling } = parts;
  let name: string | null = null; // the first pass may bring it only now
  let levels: Level[] | null = null;
  const readLevels = keptFor(60_000, async () => {
    levels = await levelsNow(db);
  });
  const botParts: BotParts = {
    channels: messengers.map(({ channel }) => channel),
    tells: parts.notify.tells,
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
  const salonIsKnown = async () => {
    if (name === null) name = (await findCompany(db, config.companyIds[0] ?? 0))?.title ?? null;
    await readLevels();
  };
  const inboxOf = (messenger: Messenger): Inbox => {
    const { title, channel } = messenger;
    // It may be away when we start: what comes in waits for the bot to learn its own name.
    const learnName = () => messenger.learnName(stopping.signal);
    let knowsName = false;
    const initialised = retryUntilDone(learnName, title, log, stopping.signal).then(() => {
      knowsName = true;
    });
    const handle: Handle = async (raw, waits) => {
      // What is not answered in time is delivered again.
      if (!knowsName) await withTimeout(8_000, () => initialised);
      const read = await messenger.read(raw);
      if ("wrong" in read) {
        // Answered all the same: it would come again and again, and no better.
        const { update, wrong } = read;
        log.warn({ channel: channel.name, update, wrong }, `an update is not as ${title} sends them`);
        return;
      }
      await salonIsKnown();
      if (read.incoming === null) return;
      await take(channel, read.incoming, waits);
      await read.handled?.();
    };
    return { messenger, handle, initialised };
  };
  return { inboxes: messengers.map(inboxOf), desk };
}

/** Where the updates of an inbox come in, where they come by webhook. */
export function webhookOf({ messenger: { channel, webhook }, handle }: Inbox): MessengerWebhook {
  const taken = webhook.handed?.(handle) ?? handle;
  return { ...webhook, name: channel.name, handle: (update) => taken(update) };
}

/** Whether a payment is told within minutes, as far as the settings go. */
function isQuick({ syncCron, notifyCron, settleMs }: Config): boolean {
  return everyFewMinutes(syncCron) && everyFewMinutes(notifyCron) && settleMs <= 300_000;
}

/**
 * Where there is no owner yet, or none in a messenger that is spoken (a token is gone), one line with the link that makes its first opener the owner, and one more for each other
 * messenger as soon as the bot knows its name there: whichever is opened first ends them all. They go where results go, and the
 * log never has them.
 */
export async function offerFirstOwner(
  { config, db, clock, log, stopping, messengers }: Parts,
  inboxes: readonly Inbox[],
  out: (text: string) => void,
): Promise<void> {
  // One and the same for all of them, made when it can first be printed.
  let made: ReturnType<typeof firstOwnerLink> | null = null;
  const spoken = messengers.map(({ channel }) => channel.name);
  const linkOf = () =>
    (made ??= firstOwnerLink({ db, settings: config, now: clock.now(), spoken }).catch((error: unknown) => {
      made = null;
      throw error;
    }));
  const offer = async ({ channel }: Messenger) => {
    const link = await linkOf();
    if (link === null) return;
    const why = link.lost ? "No owner is in a messenger that this program speaks" : "There is no owner yet";
    const once = "once, within an hour, and until the next start";
    out(`${why}. Whoever opens this link first becomes the owner (${once}): ${channel.link(link.payload)}\n`);
  };
  await Promise.all(
    inboxes.map(async ({ initialised, messenger }) => {
      await initialised;
      await retryUntilDone(() => offer(messenger), "the database", log, stopping.signal);
    }),
  );
}

/** Once the bot knows its name in a messenger: its menus, and updates from then on until the program stops. */
export async function listenTo(
  { config, db, log, staff, stopping }: Parts,
  { messenger, handle, initialised }: Inbox,
  begun: () => void,
): Promise<void> {
  const { channel } = messenger;
  const { signal } = stopping;
  await initialised;
  const menus = async () => {
    const people = await staff.now();
    const former = await formerStaff(db, [...people.adminIds, ...people.ownerIds]);
    await setMenus(channel, { ...config, ...people }, former);
  };
  void retryUntilDone(menus, "the bot's menus", log, signal);
  // Once at each start: nothing else waits for it.
  void fillProfile(channel).catch((error) => {
    if (!signal.aborted)
      log.warn(
        { error: messageOf(error) },
        "the bot's description could not be filled; the next start tries again",
      );
  });
  await messenger.listen({ db, log, publicUrl: config.publicUrl, handle, begun, signal });
}
