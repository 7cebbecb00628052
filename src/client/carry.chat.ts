// Carrying a card into a messenger where it is not yet: a link with a code that works once, and the same as a picture.

import { holdingOf } from "../cards/link.ts";
import { accountsBeside, makeCarryCode } from "../cards/together.ts";
import type { Buttons, Channel } from "../channels/channel.ts";
import type { Desk } from "../chat/desk.ts";
import type { BotPart, Turn } from "../chat/turn.ts";
import { messageOf } from "../errors.ts";
import type { Invite } from "../picture/invite.ts";
import { channelOf } from "../rules/account.ts";
import { messengerName } from "../texts/messenger.ts";
import { carryTexts } from "./carry.texts.ts";

/** A button for each messenger that the person's card is not in yet; none without a card, nor where there is one messenger alone. */
export async function carryButtons(desk: Desk, turn: Turn): Promise<Buttons> {
  const t = carryTexts(turn.language);
  const missing = await missingFrom(desk, turn);
  return missing.map(({ name: there }) => [{ text: t.button(messengerName(there)), data: `carry:${there}` }]);
}

async function missingFrom({ db, channels }: Desk, { account, channel }: Turn): Promise<Channel[]> {
  const others = channels.all.filter(({ name }) => name !== channel.name);
  if (others.length === 0 || (await holdingOf(db, account)) === null) return [];
  const has = new Set((await accountsBeside(db, account)).map((one) => channelOf(one.account)));
  return others.filter(({ name }) => !has.has(name));
}

/** Why a button of before has nothing to carry, or nowhere to. */
async function whyNot({ db, channels }: Desk, { account, language }: Turn, name: string): Promise<string> {
  const t = carryTexts(language);
  if ((await holdingOf(db, account)) === null) return t.none();
  const isOn = channels.all.some((one) => one.name === name);
  return isOn ? t.there(messengerName(name)) : t.off(messengerName(name));
}

/** The tap on such a button. Without `invite` the link stands alone. */
export function carryCard(invite: Invite | undefined): BotPart {
  return async (desk, turn) => {
    const [, name] = /^carry:([a-z]{1,10})$/.exec(turn.data ?? "") ?? [];
    if (name === undefined) return false;
    const t = carryTexts(turn.language);
    const messenger = messengerName(name);
    const there = (await missingFrom(desk, turn)).find((one) => one.name === name);
    const code = there ? await makeCarryCode(desk.db, turn.account, desk.now()) : null;
    if (!there || code === null) await turn.say(await whyNot(desk, turn, name));
    else {
      const link = there.link(code);
      const words = t.link(messenger, link);
      await sendCode(desk, turn, { invite, line: t.scan, link }, words, words);
    }
    return true;
  };
}

/** A link as a picture for another phone's camera, with words below it; `instead` where it cannot be drawn: nobody is kept from the way. */
export async function sendCode(
  { shop }: Desk,
  turn: Turn,
  { invite, line, link }: { invite: Invite | undefined; line: string; link: string },
  below: string,
  instead: string,
): Promise<void> {
  const bytes = await invite?.({ title: shop.title(), line, link }).catch((error) => {
    turn.log.error({ error: messageOf(error) }, "an invitation could not be drawn");
    return null;
  });
  if (bytes) await turn.picture({ name: "qr.png", bytes }, below);
  else await turn.say(instead);
}
