/** The card: its QR code read back by another decoder, any name drawn or left out, size and time. */
import { expect, test } from "bun:test";
import { type CardContent, cardPicture } from "../../src/picture/card.ts";
import { studio } from "../../src/picture/render.ts";
import { type Box, boxOf, count, narrowed, type Pixels, pixels, readQr } from "./read.ts";

const card: CardContent = {
  title: "Северное сияние",
  name: "Анна",
  balance: "340,24",
  unit: "балла",
  asOf: "на 26 ноября 2026, 14:20",
  digits: "4567",
  link: "https://t.me/severnoe_siyanie_bot?start=c_Xf93kLq0zT7aPq21VbNw4A",
};

const nameBox = { x0: 0, y0: 586, x1: 680, y1: 650 };
const drawn = (picture: Pixels) => count(picture, "#ffffff", nameBox);

async function checked(content: CardContent): Promise<Pixels> {
  const png = await cardPicture(content);
  expect(png.length).toBeLessThan(150_000);
  const picture = pixels(png);
  expect([picture.width, picture.height]).toEqual([1200, 760]);
  expect(readQr(picture)).toBe(content.link);
  expect(readQr(narrowed(picture, 400))).toBe(content.link);
  return picture;
}

test("its QR code says the link, also 400 pixels wide", async () => {
  expect(drawn(await checked(card))).toBeGreaterThan(200);
});

test("the longest link of Telegram is read at 400 pixels too", async () => {
  // A bot's name has up to 32 characters, what follows ?start= up to 64.
  await checked({ ...card, link: `https://t.me/${"loyalty_".repeat(4)}?start=${"aB3_x-Z9".repeat(8)}` });
});

test.each([20, 40, 60, 80, 110, 150, 300])("a code of %d characters has its quiet zone", async (length) => {
  const picture = pixels(await cardPicture({ ...card, link: `https://t.me/${"x".repeat(length - 13)}` }));
  const dark = boxOf(picture, "#1d1238");
  const [side, quiet] = [dark.x1 - dark.x0, 4 * moduleOf(picture, dark)];
  expect(dark.y1 - dark.y0).toBe(side);
  const zone = { x0: dark.x0 - quiet, y0: dark.y0 - quiet, x1: dark.x1 + quiet, y1: dark.y1 + quiet };
  const all = (side + 2 * quiet) ** 2;
  expect(count(picture, "#ffffff", zone) + count(picture, "#1d1238", zone)).toBe(all);
});

/** A module's width: the finder pattern at the top left begins with seven dark ones. */
function moduleOf(picture: Pixels, dark: Box): number {
  let width = 0;
  while (
    count(picture, "#1d1238", { x0: dark.x0 + width, y0: dark.y0, x1: dark.x0 + width + 1, y1: dark.y0 + 1 })
  )
    width++;
  return width / 7;
}

const letters = "Студия красоты и эстетической косметологии «Северное сияние» ";
const names: [string, Partial<CardContent>][] = [
  [
    "long",
    {
      title: letters.repeat(3),
      name: letters.repeat(3),
      balance: "−1 234 567,89",
      unit: "баллов".repeat(20),
      asOf: "на 26 ноября ".repeat(20),
    },
  ],
  ["one endless word", { title: "Щ".repeat(5_000), name: "Щ".repeat(5_000), balance: "9".repeat(60) }],
  ["markup", { title: `</text><rect width="9999" height="9999"/>&#0;`, name: `"'<!--]]>&amp;<script>` }],
  ["controls", { title: "a\u0000b\u0007\u001b[31m\ufffe\uffff", name: "Анна\u202e\u2066\u200b\r\n\tИ" }],
  ["half an emoji", { title: "\ud83d", name: "Анна \udc85\ud83d" }],
  ["nothing", { title: "", name: "", balance: "", unit: "", asOf: "", digits: "" }],
];

test.each(names)("is whole with words that are hostile: %s", async (_, words) => {
  await checked({ ...card, ...words });
});

test("leaves out of a name what the font lacks, and keeps the rest", async () => {
  const plain = await cardPicture(card);
  for (const name of [
    "Анна 💅🏽👩‍👩‍👧",
    "А\u0301\u0302\u0303нна\u202e",
    "\u0000Анна",
    "  Анна\n",
    "محمد Анна",
  ]) {
    expect(await cardPicture({ ...card, name })).toEqual(plain);
  }
  const nameless = await cardPicture({ ...card, name: null });
  for (const name of ["محمد", "💅", "名前", "\u200f\u0000 "])
    expect(await cardPicture({ ...card, name })).toEqual(nameless);
  expect(drawn(pixels(nameless))).toBe(0);
});

test("what ends next stands on the card, a line each, between its day and the name, and nothing where nothing ends", async () => {
  const ends = ["1 250,5 балла до 31 декабря 2027 включительно", "7,5 балла до 31 января 2028 включительно"];
  const plain = await cardPicture(card);
  expect(await cardPicture({ ...card, ends: [] })).toEqual(plain);
  const lines = { x0: 72, y0: 495, x1: 640, y1: 585 };
  const inked = async (of: Partial<CardContent>) => {
    const picture = await checked({ ...card, asOf: "", unit: "", ...of });
    expect(drawn(picture)).toBe(drawn(pixels(plain)));
    return count(picture, "#ffffff", lines);
  };
  const [none, one, two] = [await inked({}), await inked({ ends: ends.slice(0, 1) }), await inked({ ends })];
  expect(none).toBe(0);
  expect(one).toBeGreaterThan(500);
  expect(two).toBeGreaterThan(one * 1.5);
});

test("all figures are of one width, so that a balance stands still while it changes", async () => {
  const { medium, bold } = await studio();
  for (const font of [medium, bold]) {
    const widths = [..."0123456789"].map((digit) => font.advance(digit.charCodeAt(0)));
    expect(new Set(widths).size).toBe(1);
    expect(widths[0]).toBeGreaterThan(0.5);
  }
  const columns = async (balance: string) => {
    const box = boxOf(
      pixels(
        await cardPicture({
          ...card,
          title: "",
          name: null,
          unit: "",
          asOf: "",
          digits: "",
          balance: `${balance},8`,
        }),
      ),
      "#ffffff",
      { x0: 72, y0: 300, x1: 640, y1: 480 },
    );
    return box.x1;
  };
  const ends = await Promise.all(["111", "777", "888", "909"].map(columns));
  expect(new Set(ends).size).toBe(1);
});

test("letters in disguise become plain ones", async () => {
  expect(await cardPicture({ ...card, name: "𝓐𝓷𝓷𝓪 Ｂ" })).toEqual(
    await cardPicture({ ...card, name: "Anna B" }),
  );
});

test("long words stay clear of the code and of the edge", async () => {
  const picture = await checked({
    ...card,
    title: "Щ".repeat(500),
    name: "Щ".repeat(500),
    balance: "8".repeat(30),
  });
  expect(count(picture, "#ffffff", { x0: 645, y0: 260, x1: 687, y1: 760 })).toBe(0);
  expect(count(picture, "#ffffff", { x0: 1136, y0: 0, x1: 1200, y1: 760 })).toBe(0);
});

test("is made quickly once warm", async () => {
  await cardPicture(card);
  const before = process.cpuUsage();
  for (let times = 0; times < 9; times++) await cardPicture(card);
  // About 50 ms of processor time each; the bound allows for a slow machine.
  expect(process.cpuUsage(before).user / 9).toBeLessThan(500_000);
});

test("a link that no QR code holds is an error, and the next card is fine", async () => {
  await expect(cardPicture({ ...card, link: "x".repeat(3_000) })).rejects.toThrow();
  await checked(card);
});
