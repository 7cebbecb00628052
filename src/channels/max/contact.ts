// Whose phone a contact of MAX is, and whether MAX vouches for it.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** A contact as a message carries it (MAX Bot API: ContactAttachment). */
export interface SharedContact {
  /** The vCard, as text. */
  vcf_info?: string | undefined;
  /** What proves that the button of its sender made it. */
  hash?: string | undefined;
  /** Whose account it is. */
  max_info?: { user_id: number } | undefined;
}

/** What goes with it: whose message it is, whether that stands for itself, and how old it is, in milliseconds. */
interface Around {
  sender: number;
  /** Neither forwarded nor a reply, and with nothing beside the contact. */
  alone: boolean;
  ageMs: number;
}

/** MAX delivers what a bot has not taken for a day; the rest is for clocks that differ. */
const longestMs = 25 * 3_600_000;

/**
 * `proven`: the sender's own phone, sent by the button that asks for it, by the bot's token. `own` says so and proves nothing;
 * `account`: another account's; `book`: nobody's. `phone` is empty unless the card holds one number, no more.
 */
export function readContact(
  contact: SharedContact,
  { sender, alone, ageMs }: Around,
  token: string,
): { phone: string; whose: "proven" | "own" | "account" | "book" } {
  const card = realLines(contact.vcf_info ?? "");
  const phone = phoneOfCard(card);
  const owner = contact.max_info?.user_id;
  if (owner === undefined) return { phone: spelledPhoneOf(card), whose: "book" };
  if (owner !== sender) return { phone, whose: "account" };
  const fresh = Math.abs(ageMs) <= longestMs;
  const proven = alone && fresh && phone !== "" && isSigned(card, contact.hash, token);
  return { phone, whose: proven ? "proven" : "own" };
}

/** Some clients write the line ends as words, and sign them as they are meant. Nothing else is changed: each byte is signed. */
function realLines(card: string): string {
  return card.includes("\r") ? card : card.replaceAll("\\r\\n", "\r\n");
}

/**
 * HMAC-SHA256 of the card by the token, as hex; base64 was seen too, and is the same digest. In constant time: all ways to write
 * it are compared, whichever fits.
 */
function isSigned(card: string, hash: string | undefined, token: string): boolean {
  const digest = createHmac("sha256", token).update(card).digest();
  const ways = (["hex", "base64", "base64url"] as const).map((way) =>
    isSame(digest.toString(way), hash ?? ""),
  );
  return ways.includes(true);
}

function isSame(one: string, other: string): boolean {
  const sum = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(sum(one), sum(other));
}

/**
 * The number of the only line that is a phone's, as it is written; empty where there is none or more than one: a name is its
 * owner's own text, and could bring lines along.
 */
function phoneOfCard(card: string): string {
  const [, phone = ""] = /^TEL(?:;[^:]*)?:(\+?[\d\s]{1,30})$/.exec(phoneLine(card)) ?? [];
  return phone.trim();
}

/** Out of an address book a number is spelled as people do; it proves nothing. */
function spelledPhoneOf(card: string): string {
  const [, phone = ""] = /^TEL(?:;[^:]*)?:(\+?[\d\s().\-\u2010-\u2015]{1,40})$/.exec(phoneLine(card)) ?? [];
  return phone.trim();
}

/** The line, or nothing. */
function phoneLine(card: string): string {
  const lines = card.split(/[\r\n\u2028\u2029]+/).filter((line) => /^\s*(?:[\w-]+\.)?tel\b/i.test(line));
  return lines.length === 1 ? (lines[0] ?? "") : "";
}
