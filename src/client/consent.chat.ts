// The consent: its words, the keys under them, and that they stand in the chat.

import { consentVersion, screenShown } from "../cards/consent.ts";
import type { Buttons } from "../channels/channel.ts";
import type { Texts } from "../chat/chat.texts.ts";
import type { Desk } from "../chat/desk.ts";
import type { Turn } from "../chat/turn.ts";
import { messengerName } from "../texts/messenger.ts";

/** The consent screen, as its own message. That it was shown is kept only once the messenger has it. */
export async function showConsent(desk: Desk, turn: Turn): Promise<void> {
  const words = consentWords(desk, turn);
  await turn.say(words, consentKeys(turn.t));
  await screenShown(desk.db, turn.account, consentVersion(words), desk.now());
}

/** The words of the consent: the same in all messengers that the program speaks through, so that they hold in each. */
export function consentWords({ channels, shop }: Desk, { t }: Turn): string {
  const birthday = shop.birthdayPoints !== null;
  return t.consent(
    { legalName: shop.legalName ?? shop.title(), policyUrl: shop.policyUrl, birthday },
    ...channels.spoken.map(messengerName),
  );
}

/** The key that agrees and sends the own number, and the one that does not. */
export function consentKeys({ buttons }: Texts): Buttons {
  return [[{ text: buttons.agree, contact: true }], [{ text: buttons.notNow, says: true }]];
}
