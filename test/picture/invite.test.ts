/** The code that opens the bot on the client's phone: read back by another decoder, whatever the salon calls itself. */
import { expect, test } from "bun:test";
import { invitePicture } from "../../src/picture/invite.ts";
import { count, narrowed, pixels, readQr } from "./read.ts";

const invite = {
  title: "Салон «Мята»",
  line: "Наведите камеру телефона",
  link: `https://t.me/${"loyalty_".repeat(4)}?start=${"aB3_x-Z9".repeat(8)}`,
};

const hostile: [string, Partial<typeof invite>][] = [
  ["as usual", {}],
  ["endless", { title: "Щ".repeat(5_000), line: "слово ".repeat(900) }],
  ["markup", { title: "</svg><script>&#0;", line: `"'<!--]]>&amp;` }],
  ["nothing", { title: "", line: "" }],
];

test.each(hostile)("its code says the link, also 400 pixels wide: %s", async (_, words) => {
  const png = await invitePicture({ ...invite, ...words });
  expect(png.length).toBeLessThan(150_000);
  const picture = pixels(png);
  expect(readQr(picture)).toBe(invite.link);
  expect(readQr(narrowed(picture, 400))).toBe(invite.link);
});

test("the code takes most of the width, and words stay clear of it and of the edges", async () => {
  const picture = pixels(
    await invitePicture({ ...invite, title: "Щ".repeat(5_000), line: "слово ".repeat(900) }),
  );
  expect(count(picture, "#ffffff", { x0: 0, y0: 0, x1: 60, y1: 1_240 })).toBe(0);
  expect(count(picture, "#ffffff", { x0: 0, y0: 200, x1: 1_000, y1: 222 })).toBe(0);
  expect(count(picture, "#ffffff", { x0: 0, y0: 1_082, x1: 1_000, y1: 1_110 })).toBe(0);
});
