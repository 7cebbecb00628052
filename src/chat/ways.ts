// The ways into the bot from outside: the address in a code, on a poster, in an invitation, and what somebody types of it.

import type { Channel } from "../channels/channel.ts";
import type { Way } from "../texts/messenger.ts";
import type { Desk } from "./desk.ts";

type Here = Pick<Desk, "channels"> & { shop: Pick<Desk["shop"], "publicUrl"> };

/** Where this service's own page opens the bot in any messenger; see client/way-page.ts. */
const path = "/c";

/** The page's address; null where there is one messenger alone, or nowhere to serve it from. */
function pageFor({ channels, shop }: Here, payload: string): string | null {
  if (shop.publicUrl === null || channels.all.length < 2) return null;
  return `${shop.publicUrl}${path}${payload === "" ? "" : `/${payload}`}`;
}

/** The one address that opens the bot with this payload: of any messenger where there is a page for it, else of this one. */
export function wayIn(desk: Here, channel: Channel, payload = ""): string {
  return pageFor(desk, payload) ?? (payload === "" ? channel.link() : channel.link(payload));
}

/** The same for words, where several addresses may stand: whoever reads them may be in another messenger. */
export function waysIn(desk: Here, channel: Channel, payload = ""): Way[] {
  const { all } = desk.channels;
  if (all.length < 2 || pageFor(desk, payload) !== null)
    return [{ messenger: null, link: wayIn(desk, channel, payload) }];
  return all.map((one) => ({ messenger: one.name, link: payload === "" ? one.link() : one.link(payload) }));
}

/** What a start payload looks like in a message: alone, or at the end of an address. */
const typed = /^(?:https?:\/\/\S+[/=])?((?:[a-z]|staff)_[\w-]{16,62})$/;

/**
 * The start payload that somebody typed or pasted; null: none. A link does not open a chat once more in every messenger, and
 * the page says its code in words, so where there are several it may be written. What it gives is what the link gives.
 */
export function typedStart({ channels }: Pick<Desk, "channels">, text: string): string | null {
  return channels.all.length < 2 ? null : (typed.exec(text.trim())?.[1] ?? null);
}
