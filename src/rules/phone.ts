// One spelling of a phone number: E.164.

import { parsePhoneNumberFromString } from "libphonenumber-js/min";

/**
 * E.164 of a number as a person or YCLIENTS writes it (`8 900 123-45-67`, `79001234567`, `+7 (900)…`), or null: empty,
 * masked (`+7 900 ***-**-67`), too short or too long. Without a plus it is taken for Russian when it fits, else for
 * international: YCLIENTS drops the plus of foreign numbers (YCLIENTS API: client of a finance operation).
 */
export function phoneOf(written: unknown): string | null {
  const text = typeof written === "number" ? String(written) : written;
  if (typeof text !== "string" || /[^\d\s()+.\-\u00a0\u2010-\u2015]/.test(text)) return null;
  const digits = text.replace(/\D/g, "");
  if (text.trim().startsWith("+")) return international(digits);
  if (digits.length === 11 && digits.startsWith("8")) return international(`7${digits.slice(1)}`);
  if (digits.length === 10 && digits.startsWith("9")) return international(`7${digits}`);
  return international(digits);
}

/** E.164 of a Telegram contact: always international, with or without its plus (Telegram Bot API: Contact). */
export function phoneOfContact(written: string): string | null {
  return /^\+?[\d\s]+$/.test(written) ? international(written.replace(/\D/g, "")) : null;
}

/** What nearly every number of a journal is: the library says the same of each, and takes a seventh of a first pass for it. */
const russianMobile = /^79\d{9}$/;

/**
 * The library drops a trunk zero (`+44 (0) 20…`); what it does not know is kept digit by digit, for a journal may hold
 * numbers from before a change of plan, and a kept number is worth more than a refused one. Eleven digits from 8 that no
 * country gives out are a Russian number with its plus in the wrong place.
 */
function international(digits: string): string | null {
  if (russianMobile.test(digits)) return `+${digits}`;
  const phone =
    known(digits) ?? (/^8\d{10}$/.test(digits) ? known(`7${digits.slice(1)}`) : null) ?? `+${digits}`;
  return isE164(phone) ? phone : null;
}

/** E.164 of digits that a country really gives out, or null. */
function known(digits: string): string | null {
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  return parsed?.isValid() ? parsed.number : null;
}

/** What the database takes for a phone (its rule `phone_is_e164`): asked last, of what was made of the digits. */
function isE164(phone: string): boolean {
  return /^\+[1-9][0-9]{7,14}$/.test(phone);
}

/** The last four digits: how a number is named where the whole of it should not be seen. */
export function lastDigits(phone: string): string {
  return phone.slice(-4);
}

/** E.164 of a number that a country really gives out, or null: what a typed number is checked by. */
export function realPhoneOf(written: string): string | null {
  const phone = phoneOf(written);
  return phone !== null && parsePhoneNumberFromString(phone)?.isValid() ? phone : null;
}

/** A number as people write it: `+7 900 123 45 67`. */
export function spacedPhone(phone: string): string {
  return parsePhoneNumberFromString(phone)?.formatInternational() ?? phone;
}
