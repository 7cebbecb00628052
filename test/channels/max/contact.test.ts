// Whose phone a contact is: proven only by the bot's own token over each byte, of the account that sends it, and just now.
import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { readContact } from "../../../src/channels/max/contact.ts";

const TOKEN = "test-token";
const card = (...lines: string[]) => ["BEGIN:VCARD", "VERSION:3.0", ...lines, "END:VCARD", ""].join("\r\n");
/** As the reference has it, with the hash that was found by trying. */
const known = {
  vcf_info:
    "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:ez-vcard 0.10.3\r\nTEL;TYPE=cell:79990000000\r\nFN:Ivan Ivanov\r\nEND:VCARD\r\n",
  hash: "5e1fb6ce7f8a565e0b92ce26cbba394f80bb15c6961a7733055c9cbfde69e3fa",
  max_info: { user_id: 7 },
};
const around = { sender: 7, alone: true, ageMs: 1_000 };
const digest = (vcf: string, token = TOKEN) => createHmac("sha256", token).update(vcf).digest();
const signed = (vcf_info: string) => ({ ...known, vcf_info, hash: digest(vcf_info).toString("hex") });

test("the contact of the reference's own vector is proven", () => {
  expect(readContact(known, around, TOKEN)).toEqual({ phone: "79990000000", whose: "proven" });
});

test("base64 of the same digest is the same digest", () => {
  for (const way of ["base64", "base64url"] as const) {
    const hash = digest(known.vcf_info).toString(way);
    expect(readContact({ ...known, hash }, around, TOKEN).whose).toBe("proven");
  }
});

test("line ends written as words are signed as they are meant", () => {
  const vcf_info = known.vcf_info.replaceAll("\r\n", "\\r\\n");
  expect(readContact({ ...known, vcf_info }, around, TOKEN)).toEqual({
    phone: "79990000000",
    whose: "proven",
  });
});

test("what another token, or nobody, has signed is only said to be theirs", () => {
  const hashes = [
    undefined,
    "",
    known.hash.toUpperCase(),
    known.hash.slice(0, -1),
    `${known.hash}0`,
    digest(known.vcf_info, "other").toString("hex"),
    digest(known.vcf_info.replaceAll("\r\n", "\n")).toString("hex"),
  ];
  for (const hash of hashes) expect(readContact({ ...known, hash }, around, TOKEN).whose).toBe("own");
});

test("each byte is signed: a changed digit, a changed name, other line ends", () => {
  for (const [from, to] of [
    ["79990000000", "79990000001"],
    ["Ivan", "Ivаn"],
    ["\r\n", "\n"],
    ["END:VCARD\r\n", "END:VCARD"],
  ] as const) {
    const vcf_info = known.vcf_info.replaceAll(from, to);
    expect(readContact({ ...known, vcf_info }, around, TOKEN).whose).toBe("own");
  }
});

test("a true contact of another account proves nothing for who sends it", () => {
  expect(readContact(known, { ...around, sender: 8 }, TOKEN).whose).toBe("account");
  expect(readContact({ ...known, max_info: undefined }, around, TOKEN).whose).toBe("book");
});

test("one that is forwarded, or stands with something else, was not sent just now", () => {
  expect(readContact(known, { ...around, alone: false }, TOKEN).whose).toBe("own");
});

test("one that is older than anything that MAX still delivers proves nothing", () => {
  const hours = (h: number) => ({ ...around, ageMs: h * 3_600_000 });
  expect(readContact(known, hours(24), TOKEN).whose).toBe("proven");
  expect(readContact(known, hours(26), TOKEN).whose).toBe("own");
  expect(readContact(known, hours(-26), TOKEN).whose).toBe("own");
});

test("a card of no number, of two, or of a hidden one has none, and proves none", () => {
  const cards = [
    card("FN:Anna"),
    card("TEL:79990000000", "TEL:79990000001"),
    card("TEL;TYPE=cell:79990000000", "item1.TEL:79990000001"),
    card("TEL;TYPE=cell:79990000000", "tel:79990000001"),
    card("TEL:7999***0000"),
    card("TEL:"),
    // A name is its owner's own text.
    card("FN:x\r\nTEL;TYPE=cell:79990000001", "TEL;TYPE=cell:79990000000"),
    card("TEL;TYPE=cell:79990000000", "FN:x\rTEL:79990000001"),
    card("TEL;TYPE=cell:79990000000", "FN:x\n TEL:79990000001"),
    card("NOTE:TEL:79990000000"),
  ];
  for (const vcf of cards)
    expect(readContact(signed(vcf), around, TOKEN)).toEqual({ phone: "", whose: "own" });
  expect(readContact({ max_info: known.max_info }, around, TOKEN)).toEqual({ phone: "", whose: "own" });
  expect(readContact(signed(card("TEL;TYPE=cell:79990000000", "TELEX:1")), around, TOKEN).whose).toBe(
    "proven",
  );
});
