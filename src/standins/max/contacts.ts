// Contacts as MAX sends them: a card with the proof of its number, and every way of forging one.
import { createHmac } from "node:crypto";
import type { MaxUser } from "./messages.ts";

/** What a contact attachment carries. */
export type MaxContact = { vcf_info: string; max_info?: { user_id?: number | undefined }; hash?: string };

/** Ways to make a contact other than the button does: most prove nothing; the digest may be written in other letters. */
export type ContactForgery =
  | "no hash"
  | "hash by another token"
  | "hash of LF lines"
  | "hash in capitals"
  | "hash in base64"
  | "hash in base64url"
  | "lines escaped"
  | "max_info of another"
  | "no max_info"
  | "two numbers"
  | "number in the name"
  | "masked number";

/** A vCard of version 3 with CRLF, the phone without its plus. */
export function vcard(phone: string, name: string): string {
  const number = `TEL;TYPE=cell:${phone.replace(/^\+/, "")}`;
  return `${["BEGIN:VCARD", "VERSION:3.0", "PRODID:ez-vcard 0.10.3", number, `FN:${name}`, "END:VCARD"].join("\r\n")}\r\n`;
}

/** HMAC-SHA256 of a card by the bot's token, as MAX proves that the number is the account's own. */
export function vcardHash(
  token: string,
  vcf: string,
  encoding: "hex" | "base64" | "base64url" = "hex",
): string {
  return createHmac("sha256", token).update(vcf).digest(encoding);
}

/** What is known of somebody in MAX, beside a contact. */
function infoOf({
  user_id,
  first_name,
  last_name,
  name,
}: MaxUser): { user_id: number } & Record<string, unknown> {
  return { user_id, first_name, last_name, name, is_bot: false };
}

/** The contact that the contact button sends: the account's own number, and its proof. */
export function ownContact(token: string, user: MaxUser, phone: string): MaxContact {
  const vcf_info = vcard(phone, user.name);
  return { vcf_info, max_info: infoOf(user), hash: vcardHash(token, vcf_info) };
}

/** A contact out of the address book; `hashed` gives it a hash too, which nobody has seen. */
export function bookContact(
  { phone, firstName, userId }: { phone: string; firstName: string; userId?: number },
  hashedBy?: string,
): MaxContact {
  const vcf_info = vcard(phone, firstName);
  const max_info = { user_id: userId, first_name: firstName, last_name: "", name: firstName, is_bot: false };
  return {
    vcf_info,
    ...(userId !== undefined && { max_info }),
    ...(hashedBy !== undefined && { hash: vcardHash(hashedBy, vcf_info) }),
  };
}

/** A contact that somebody made to look like the own one of `user`, with this number. */
export function forgedContact(kind: ContactForgery, token: string, user: MaxUser, phone: string): MaxContact {
  const { vcf_info, max_info, hash } = ownContact(token, user, phone);
  const signed = (vcf: string) => ({
    vcf_info: vcf,
    hash: vcardHash(token, vcf),
    ...(max_info && { max_info }),
  });
  const hashed = (other: string) => ({ ...signed(vcf_info), hash: other });
  const forgeries: Record<ContactForgery, () => MaxContact> = {
    "no hash": () => ({ vcf_info, ...(max_info && { max_info }) }),
    "hash by another token": () => hashed(vcardHash(`${token}x`, vcf_info)),
    "hash of LF lines": () => hashed(vcardHash(token, vcf_info.replaceAll("\r\n", "\n"))),
    "hash in capitals": () => hashed(String(hash).toUpperCase()),
    "hash in base64": () => hashed(vcardHash(token, vcf_info, "base64")),
    "hash in base64url": () => hashed(vcardHash(token, vcf_info, "base64url")),
    "lines escaped": () => ({ ...signed(vcf_info), vcf_info: vcf_info.replaceAll("\r\n", "\\r\\n") }),
    "max_info of another": () => ({
      ...signed(vcf_info),
      max_info: infoOf({ ...user, user_id: user.user_id + 1 }),
    }),
    "no max_info": () => ({ vcf_info, hash: vcardHash(token, vcf_info) }),
    "two numbers": () => signed(vcf_info.replace("FN:", "TEL;TYPE=cell:79990000000\r\nFN:")),
    "number in the name": () => signed(vcard("79990000000", `x\r\nTEL;TYPE=cell:${phone.replace("+", "")}`)),
    "masked number": () => signed(vcard(phone.replace(/\d{4}$/, "****"), user.name)),
  };
  return forgeries[kind]();
}
