// "My data": what is stored of a person, letting go of the card, and being forgotten. Nothing goes without a question.

import { forget, forgetMessages, unlink } from "../cards/forget.ts";
import { ownCard } from "../cards/link.ts";
import { accountsBeside } from "../cards/together.ts";
import type { Button, Buttons } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import type { CardId } from "../rules/ids.ts";
import { asPlain, inMessages } from "../texts/long.ts";
import { messengerOf } from "../texts/messenger.ts";
import { invitationsSaid } from "./history.chat.ts";
import { dataOf, hasWorked, othersOf } from "./history.ts";
import { dataTexts } from "./mydata.texts.ts";
import { tell } from "./together.chat.ts";
import { togetherTexts } from "./together.texts.ts";

/** A question asked longer ago than this is not answered by an old button, in seconds. */
const askedFor = 3_600;

/** /mydata, /unlink, /forget and their buttons. */
export const myData: BotPart = async (desk, turn) => {
  const asked = (name: string) => turn.asks(name) !== null || turn.data === name;
  if (turn.data === "mydata") await menu(desk, turn);
  else if (asked("mydata") || turn.data === "mydata:show") await showAll(desk, turn);
  else if (asked("unlink")) await askToUnlink(desk, turn);
  else if (asked("forget")) await askToForget(desk, turn);
  else if (turn.data === "mydata:no") await turn.replace(dataTexts(turn.language).kept());
  else {
    const [, what, card, at] =
      /^(unlink|unlink_all|forget):(\d{1,15}):(\d{1,12})$/.exec(turn.data ?? "") ?? [];
    if (what === undefined) return false;
    const age = desk.now().getTime() / 1000 - Number(at);
    if (age > askedFor) await turn.replace(dataTexts(turn.language).stale());
    else if (what === "forget") await doForget(desk, turn, Number(card));
    else await doUnlink(desk, turn, Number(card), what === "unlink_all");
  }
  return true;
};

/** What can be done with one's data; leaves out what needs a card where there is none. */
function choices(turn: Turn, linked: boolean, show: boolean): Buttons {
  const { buttons } = dataTexts(turn.language);
  return [
    show ? [{ text: buttons.show, data: "mydata:show" }] : [],
    [...(linked ? [unlinkButton(turn)] : []), { text: buttons.forget, data: "forget" }],
  ];
}

function unlinkButton(turn: Turn): Button {
  return { text: dataTexts(turn.language).buttons.unlink, data: "unlink" };
}

async function menu(desk: Desk, turn: Turn): Promise<void> {
  const card = await ownCard(desk.db, turn);
  await turn.replace(dataTexts(turn.language).menu(turn.messenger), choices(turn, card !== null, true));
}

async function showAll(desk: Desk, turn: Turn): Promise<void> {
  const t = dataTexts(turn.language);
  const data = await dataOf(desk.db, turn.account, desk.now(), desk.channels.spoken);
  const friends = data.card === null ? "" : await invitationsSaid(desk, turn, data.card.id);
  const messages = inMessages([
    ...t.everything(data, desk.shop),
    ...(friends === "" ? [] : [`\n${friends}`]),
  ]);
  const [only = "", ...more] = messages;
  const buttons = choices(turn, data.card !== null, false);
  if (more.length === 0) return turn.say(only, buttons);
  // More than one message in a row nobody reads.
  for (const message of inMessages([...t.person(data), `\n${t.file}`])) await turn.say(message);
  // Each of those messages takes its time, and the card may have gone to another account.
  const still = await ownCard(desk.db, turn);
  if (still?.id !== data.card?.id) return turn.say(t.stale());
  const bytes = new TextEncoder().encode(asPlain(messages.join("\n\n")));
  await turn.file({ name: "my-data.txt", bytes }, "", buttons);
}

/** The button names the card and the moment: an old one does nothing to a newer card. `several`: other accounts have it too. */
function confirmation(
  desk: Desk,
  turn: Turn,
  what: "unlink" | "forget",
  card: CardId,
  several = false,
): Buttons {
  const { buttons } = dataTexts(turn.language);
  const asked = Math.floor(desk.now().getTime() / 1000);
  const yes = (text: string, data: string) => ({ text, data: `${data}:${card}:${asked}` });
  const no = { text: buttons.no, data: "mydata:no" };
  if (what === "forget")
    return [[yes(buttons.reallyForget, what)], [...(card === 0 ? [] : [unlinkButton(turn)]), no]];
  if (!several) return [[yes(buttons.reallyUnlink, what)], [no]];
  return [[yes(buttons.onlyHere, what), yes(buttons.everywhere, "unlink_all")], [no]];
}

/** The names of the other messengers that a card is in. */
async function elsewhere(desk: Desk, turn: Turn): Promise<string[]> {
  return (await accountsBeside(desk.db, turn.account)).map(({ account }) => messengerOf(account));
}

/** Whether people are told what they have not asked for in the messenger of this turn. */
const tellsHere = ({ tells }: Desk, { channel }: Turn) => tells.includes(channel.name);

async function askToUnlink(desk: Desk, turn: Turn): Promise<void> {
  const t = dataTexts(turn.language);
  const card = await ownCard(desk.db, turn);
  if (!card) return turn.replace(t.notLinked(turn.messenger));
  const there = await elsewhere(desk, turn);
  const buttons = confirmation(desk, turn, "unlink", card.id, there.length > 0);
  await turn.replace(t.unlink(card, turn.messenger, there, tellsHere(desk, turn)), buttons);
}

async function doUnlink(desk: Desk, turn: Turn, card: CardId, everywhere: boolean): Promise<void> {
  const t = dataTexts(turn.language);
  const done = await unlink(desk.db, turn.account, card, everywhere);
  if (done === null) return turn.replace(t.notLinked(turn.messenger));
  const { phone, beside } = done;
  const { supportPhone } = desk.shop;
  if (everywhere)
    await tell(desk, turn, beside, ({ language }) =>
      togetherTexts(language).letGo(phone, turn.messenger, supportPhone),
    );
  const stays = everywhere ? [] : beside.map(({ account }) => messengerOf(account));
  await turn.replace(t.unlinked(done, turn.messenger, stays));
}

async function askToForget(desk: Desk, turn: Turn): Promise<void> {
  const t = dataTexts(turn.language);
  const card = await ownCard(desk.db, turn);
  const others = await othersOf(desk.db, turn.account);
  const there = await elsewhere(desk, turn);
  const words = card
    ? t.forget(card, turn.messenger, others, there, tellsHere(desk, turn))
    : t.forgetStranger(turn.messenger, others);
  await turn.replace(words, confirmation(desk, turn, "forget", card?.id ?? 0));
}

async function doForget(desk: Desk, turn: Turn, card: CardId): Promise<void> {
  const t = dataTexts(turn.language);
  const letGo = card === 0 && (await othersOf(desk.db, turn.account)).length > 0;
  const stays = (await hasWorked(desk.db, turn.account)) ? t.workStays() : "";
  const how = { now: desk.now(), veil: desk.veil };
  const done = await forget(desk.db, turn.account, card === 0 ? null : card, how);
  if (done === null) return turn.replace(t.stale());
  const { kept, beside } = done;
  const others = beside.map(({ account }) => account);
  try {
    await tell(desk, turn, beside, ({ language }) =>
      togetherTexts(language).forgotten(turn.messenger, desk.shop.supportPhone),
    );
    const there = others.map(messengerOf);
    const ofCards = card === 0 ? t.forgottenStranger() : t.forgotten(kept, turn.messenger, there);
    await turn.replace(`${letGo ? t.forgottenLetGo() : ofCards}${stays}`);
  } finally {
    // A message said just now, and the one under a second tap, have named the accounts again.
    await forgetMessages(desk.db, [turn.account, ...others]);
  }
}
