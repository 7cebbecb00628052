// The menus: which keys stand in a chat, and which commands are offered to whom; and what a stranger reads of the bot. They are
// display: who may do what is checked elsewhere, and only what works is shown.

import {
  type BotProfile,
  type Button,
  type Buttons,
  type Channel,
  type MenuCommand,
  NotSent,
} from "../channels/channel.ts";
import { type Account, channelOf } from "../rules/account.ts";
import { type Chosen, isChosen } from "../visits/chosen.rule.ts";
import type { Texts } from "./chat.texts.ts";
import type { Shop } from "./desk.ts";
import { menuTexts, profileTexts } from "./menu.texts.ts";
import { isOwner, isStaff, type StaffIds } from "./staff.ts";
import type { Turn } from "./turn.ts";

/** What menus depend on. */
type MenuShop = StaffIds &
  Pick<Shop, "bookUrl" | "supportPhone" | "mapUrl" | "statements" | "birthdayPoints" | "friendPoints"> &
  Partial<Chosen>;

/** Whether there is anything to show under "Contacts". */
export function hasContacts(shop: Pick<Shop, "supportPhone" | "mapUrl">): boolean {
  return shop.supportPhone !== null || shop.mapUrl !== null;
}

/** The keys of a client's chat; those who work here have one more. */
export function mainKeys(texts: Texts, shop: Shop, staff: boolean): Buttons {
  const { today, balance, card, history, book, contacts, help } = texts.buttons;
  const maybe = [...(shop.bookUrl ? [book] : []), ...(hasContacts(shop) ? [contacts] : [])];
  return asKeys([...(staff ? [today] : []), balance, card, history, ...maybe, help]);
}

/** The same for those who work here and have no card of their own. */
export function staffKeys(texts: Texts): Buttons {
  return asKeys([texts.buttons.today, texts.buttons.help]);
}

/** What is asked most, under what comes unasked to a chat whose keys do not stay. */
export function keysUnderNews({ buttons }: Texts): Buttons {
  return asKeys([buttons.balance, buttons.history]);
}

/**
 * An answer's buttons; the menu's keys come below them where keys do not stay at the bottom of the chat, without those that
 * the answer offers itself.
 */
export function aboveKeys({ channel }: Pick<Turn, "channel">, buttons: Buttons, keys: Buttons): Buttons {
  if (channel.keysStay) return buttons;
  const offered = new Set(buttons.flat().map(({ text }) => text));
  return [...buttons, ...rowsOfThree(keys.flat().filter(({ text }) => !offered.has(text)))];
}

function asKeys(labels: string[]): Buttons {
  return rowsOfThree(labels.map((text) => ({ text, says: true as const })));
}

function rowsOfThree(buttons: Button[]): Buttons {
  const rows = Map.groupBy(buttons.entries(), ([place]) => Math.floor(place / 3));
  return [...rows.values()].map((row) => row.map(([, button]) => button));
}

/** Russian is everybody's; English is for those whose messenger speaks it. */
const languages = [null, "en"] as const;

type Name = keyof ReturnType<typeof menuTexts>;

/**
 * Offers the commands of clients, and those of all who work here and are in this messenger. Who never started waits; who
 * works here no more has everybody's again.
 */
export async function setMenus(
  channel: Channel,
  shop: MenuShop,
  former: readonly Account[] = [],
): Promise<void> {
  for (const language of languages) {
    const failed = await channel.offer(commands(clientNames(shop), language), { language, account: null });
    if (failed) throw new NotSent(failed);
  }
  const here = (account: Account) => channelOf(account) === channel.name;
  for (const account of new Set([...shop.adminIds, ...shop.ownerIds]))
    if (here(account)) await setOwnMenu(channel, shop, account);
  for (const account of former) if (here(account)) await takeOwnMenu(channel, account);
}

/** Offers one who works here their commands, in their own chat; nothing happens to anybody else's. */
export async function setOwnMenu(channel: Channel, shop: MenuShop, account: Account): Promise<void> {
  const names = staffNames(shop, account);
  // Those who work here invite nobody.
  const own = clientNames(shop).filter((name) => name !== "invite");
  if (names.length > 0) await offerOne(channel, account, [...names, ...own]);
}

/** One who works here no more is offered what everybody is. */
export async function takeOwnMenu(channel: Channel, account: Account): Promise<void> {
  await offerOne(channel, account, []);
}

async function offerOne(channel: Channel, account: Account, names: Name[]): Promise<void> {
  for (const language of languages) {
    const failed = await channel.offer(commands(names, language), { language, account });
    // A messenger takes no menu for a chat that was never started.
    if (failed?.kind === "blocked" || (failed?.kind === "failed" && !failed.passes)) return;
    if (failed) throw new NotSent(failed);
  }
}

/**
 * Writes what a stranger reads of the bot where nobody has written anything. What a person has written stays, and is not
 * hidden behind ours in another language. Throws where the messenger does not answer.
 */
export async function fillProfile(channel: Channel): Promise<void> {
  const russian = profileTexts(null);
  const found = await Promise.all(languages.map((language) => writtenIn(channel, language)));
  // A language that nobody wrote in may answer with everybody's words.
  const isFree = (written: string | undefined, part: Part) => written === "" || written === russian[part];
  const parts = profileParts.filter((part) => isFree(found[0]?.[part], part));
  for (const [i, language] of languages.entries()) {
    const [written, ours] = [found[i], profileTexts(language)];
    const missing = parts.filter((part) => isFree(written?.[part], part) && written?.[part] !== ours[part]);
    const words = Object.fromEntries(missing.map((part) => [part, ours[part]]));
    const failed = await channel.introduce(words, language);
    if (failed) throw new NotSent(failed);
  }
}

const profileParts = ["about", "short"] as const;
type Part = (typeof profileParts)[number];

async function writtenIn(channel: Channel, language: string | null): Promise<BotProfile> {
  const written = await channel.profile(language);
  if ("kind" in written) throw new NotSent(written);
  return written;
}

function clientNames(shop: MenuShop): Name[] {
  return [
    ...(["balance", "card", "history", "why"] as const),
    ...(shop.statements === "off" ? [] : (["statement"] as const)),
    ...(shop.friendPoints === null ? [] : (["invite"] as const)),
    ...(shop.bookUrl === null ? [] : (["book"] as const)),
    ...(hasContacts(shop) ? (["contacts"] as const) : []),
    ...(shop.birthdayPoints === null ? [] : (["birthday"] as const)),
    ...(["help", "mydata"] as const),
  ];
}

/** Owners work at the till too. */
function staffNames(shop: MenuShop, account: Account): Name[] {
  const friend: Name[] = shop.friendPoints === null ? [] : ["friend"];
  const admin: Name[] = ["today", "credit", "debit", "move", ...friend, "whyAdmin", "cancel"];
  if (isOwner(shop, account)) {
    const level: Name[] = shop.levels ? ["level"] : [];
    const programme: Name[] = isChosen(shop) ? ["programme"] : [];
    const statement: Name[] = shop.statements === "off" ? [] : ["statementOfClient"];
    return [...admin, "stats", "export", "poster", ...level, ...programme, ...statement, "staff"];
  }
  return isStaff(shop, account) ? admin : [];
}

/** What those who work here may ask of a client by a phone, and without one is a client's own command: it is listed once. */
const ofStaff: Partial<Record<Name, Name>> = { whyAdmin: "why", statementOfClient: "statement" };

function commands(names: Name[], language: string | null): MenuCommand[] {
  const texts = menuTexts(language);
  const listed = new Map<string, string>();
  for (const name of names) {
    const command = ofStaff[name] ?? name;
    if (!listed.has(command)) listed.set(command, texts[name]);
  }
  return [...listed].map(([command, description]) => ({ command, description }));
}
