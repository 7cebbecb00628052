/** The salon's colour: whatever it is, all that is written is read on all of the ground. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { cardPicture } from "../../src/picture/card.ts";
import { contrast, mix } from "../../src/picture/colour.ts";
import { invitePicture } from "../../src/picture/invite.ts";
import { lookOf, plainLook } from "../../src/picture/look.ts";
import { count, narrowed, pixels, readQr } from "./read.ts";

const colours = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, "0")}`);

test("contrast is counted as WCAG counts it", () => {
  expect(contrast("#ffffff", "#000000")).toBe(21);
  // From the examples that the guidelines' own checkers give.
  expect(contrast("#ffffff", "#767676")).toBeCloseTo(4.54, 2);
  expect(contrast("#ff0000", "#ffffff")).toBeCloseTo(4.0, 2);
  expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
});

test("every colour has an ink that is read on it, at the top, at the bottom and over the circles", () => {
  fc.assert(
    fc.property(colours, (colour) => {
      const look = lookOf(colour);
      const grounds = look.stops.flatMap((stop) => [stop, mix(stop, look.circles, 0.12)]);
      for (const ink of [look.ink, look.soft])
        for (const ground of grounds) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
    }),
    { numRuns: 2_000 },
  );
});

test.each(["#000000", "#ffffff", "#0b3d2e", "#bfe8d4", "#777777", "#ff0000", "#ffff00"])(
  "on %s the codes are read as on our own ground",
  async (colour) => {
    const look = lookOf(colour);
    const link = "https://t.me/salon_bot?start=c_Xf93kLq0zT7aPq21VbNw4A";
    const words = { title: "Мята", name: "Анна", balance: "91,93", unit: "балла", asOf: "", digits: "4567" };
    const card = pixels(await cardPicture({ ...words, link }, look));
    const invite = pixels(await invitePicture({ title: "Мята", line: "Наведите камеру", link }, look));
    for (const picture of [card, invite]) expect(readQr(narrowed(picture, 400))).toBe(link);
    expect(count(card, look.ink)).toBeGreaterThan(5_000);
    expect(count(card, look.stops[0])).toBeGreaterThan(0);
  },
);

test("a salon that has said no colour keeps our own look", () => {
  expect(lookOf(null)).toBe(plainLook);
});
