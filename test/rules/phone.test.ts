/** Tests of phone numbers: one spelling however they are written, and nothing made of what is not whole. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { lastDigits, phoneOf, phoneOfContact } from "../../src/rules/phone.ts";

const anna = "+79001234567";
const written: [written: unknown, phone: string | null][] = [
  ["+79001234567", anna],
  ["79001234567", anna],
  [79001234567, anna],
  ["89001234567", anna],
  [89001234567, anna],
  ["9001234567", anna],
  [9001234567, anna],
  ["8 900 123-45-67", anna],
  ["8 (900) 123-45-67", anna],
  ["+7 (900) 123-45-67", anna],
  ["+7 900 123 45 67", anna],
  ["+7\u00a0900\u00a0123\u201145\u201167", anna],
  ["7.900.123.45.67", anna],
  ["  +79001234567  ", anna],
  ["+77011234567", "+77011234567"], // Kazakhstan: +7 as well
  ["77011234567", "+77011234567"],
  ["87011234567", "+77011234567"],
  ["+375291234567", "+375291234567"],
  ["375291234567", "+375291234567"],
  ["+12025550123", "+12025550123"],
  ["12025550123", "+12025550123"],
  ["+998901234567", "+998901234567"],
  ["+84912345678", "+84912345678"], // Vietnam, with its plus
  ["84912345678", "+74912345678"], // without it: eleven digits from 8 are Russian at a Russian front desk
  ["+8 900 123-45-67", anna], // 8 and a plus: no country begins with 89
  ["+8 (777) 123-45-67", "+77771234567"], // nor with 877
  ["+81312345678", "+81312345678"], // Japan
  ["+8412345678", "+8412345678"], // ten digits are not a Russian number
  ["+81001234567", "+81001234567"], // nobody's with either code: kept as it is
  ["+49016513", null], // without its trunk zero it is shorter than a phone can be
  ["49012345", null],
  ["+43012345", null],
  ["+31011111", null],
  ["+49 30 123456", "+4930123456"],
  ["+44 (0) 20 7946 0958", "+442079460958"],
  ["+770000000001", "+770000000001"], // 12 digits: no plan knows it, and it is kept digit by digit
  ["+70001234567", "+70001234567"],
  ["70001234567", "+70001234567"],
  ["", null],
  [" ", null],
  ["+", null],
  ["8 900", null],
  ["8900", null],
  ["1234567", null],
  ["+1234567", null],
  ["+1234567890123456", null],
  ["0123456789", null],
  ["+0123456789", null],
  ["+7 900 ***-**-67", null],
  ["+7900*****67", null],
  ["7900xxxxx67", null],
  ["+7 (900) 123-45-67 доб. 5", null],
  ["+79001234567, +79007654321", null],
  ["Анна", null],
  ["٧٩٠٠١٢٣٤٥٦٧", null],
  [0, null],
  [7.9e21, null],
  [Number.NaN, null],
  [null, null],
  [undefined, null],
  [true, null],
  [[], null],
  [{}, null],
];

test.each(written)("%p is %p", (text, phone) => {
  expect(phoneOf(text)).toBe(phone);
});

const contacts: [written: string, phone: string | null][] = [
  ["+79001234567", anna],
  ["79001234567", anna],
  ["+7 900 123 45 67", anna],
  ["84912345678", "+84912345678"], // Vietnam: a contact without its plus is international all the same
  ["+84912345678", "+84912345678"],
  ["77011234567", "+77011234567"],
  ["9001234567", "+9001234567"],
  ["+89001234567", anna],
  ["89001234567", anna],
  ["49016513", null],
  ["888012345678", "+888012345678"], // an anonymous number of Fragment
  ["", null],
  ["+", null],
  ["+7900", null],
  ["++79001234567", null],
  ["7900-123-45-67", null],
  ["+7900*****67", null],
  ["0079001234567", null],
];

test.each(contacts)("the contact %p is %p", (text, phone) => {
  expect(phoneOfContact(text)).toBe(phone);
});

test("a phone read is what the database takes, and is read as itself again, as a contact too", () => {
  const digits = fc.integer({ min: 0, max: 1e16 }).map(String);
  const text = fc.oneof(
    digits,
    digits.map((some) => `+${some}`),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (some) => {
      const phone = phoneOf(some);
      if (phone === null) return;
      expect(phone).toMatch(/^\+[1-9][0-9]{7,14}$/);
      expect([phoneOf(phone), phoneOfContact(phone), phoneOfContact(phone.slice(1))]).toEqual([
        phone,
        phone,
        phone,
      ]);
    }),
    { numRuns: 2_000 },
  );
});

test("a phone is named by its last four digits", () => {
  expect(lastDigits(anna)).toBe("4567");
});

test("a Russian mobile number, which is not looked up, is what the library makes of it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), (rest) => {
      const digits = `79${String(rest).padStart(9, "0")}`;
      const parsed = parsePhoneNumberFromString(`+${digits}`);
      expect(parsed?.isValid()).toBe(true);
      expect(phoneOf(digits)).toBe(String(parsed?.number));
    }),
  );
});
