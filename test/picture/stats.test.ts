/** The chart: its bars counted in pixels, with zeros, with days below zero and with values that are none. */
import { expect, test } from "bun:test";
import { type StatsContent, statsPicture } from "../../src/picture/stats.ts";
import { count, type Pixels, pixels } from "./read.ts";

const colours = { given: "#6d3fa0", spent: "#f0805f" };
const legend = { given: "Начислено", spent: "Списано" };
const thirty = (given: (day: number) => number, spent: (day: number) => number): StatsContent => ({
  title: "Баллы за 30 дней",
  legend,
  days: Array.from({ length: 30 }, (_, i) => ({
    day: `${String(i + 1).padStart(2, "0")}.11`,
    given: given(i),
    spent: spent(i),
  })),
});

async function drawn(content: StatsContent): Promise<Pixels> {
  const png = await statsPicture(content);
  expect(png.length).toBeLessThan(150_000);
  return pixels(png);
}

/** Pixels of a colour in the plot, below the legend. */
const inPlot = (picture: Pixels, colour: string, y0 = 190, y1 = 760) =>
  count(picture, colour, { x0: 0, y0, x1: 1200, y1 });

test("bars are as high as their values", async () => {
  const picture = await drawn(
    thirty(
      () => 1000,
      () => 250,
    ),
  );
  const ratio = inPlot(picture, colours.given) / inPlot(picture, colours.spent);
  expect(ratio).toBeGreaterThan(3.5);
  expect(ratio).toBeLessThan(4.5);
});

test("a month of zeros has axes and no bars", async () => {
  const picture = await drawn(
    thirty(
      () => 0,
      () => 0,
    ),
  );
  expect([inPlot(picture, colours.given), inPlot(picture, colours.spent)]).toEqual([0, 0]);
  expect(count(picture, "#c9c4d6")).toBeGreaterThan(500);
});

test("one point beside a hundred thousand is still seen", async () => {
  const picture = await drawn(
    thirty(
      (day) => (day === 3 ? 100_000 : 0),
      (day) => (day === 20 ? 1 : 0),
    ),
  );
  expect(inPlot(picture, colours.spent)).toBeGreaterThan(5);
});

test("a day that outgrows all others is cut: the others keep their height, and of two bars none is", async () => {
  const heights = async (huge: number) => {
    const picture = await drawn(
      thirty(
        (day) => (day === 9 ? huge : 1000),
        () => 0,
      ),
    );
    return inPlot(picture, colours.given, 400);
  };
  const [even, cut] = [await heights(1000), await heights(1_000_000)];
  expect(cut / even).toBeGreaterThan(0.6);
  const two =
    (await drawn({ ...thirty(Number, Number), days: [{ day: "1", given: 1000, spent: 10 }] })) ?? null;
  const ratio = inPlot(two, colours.given) / inPlot(two, colours.spent);
  expect(ratio).toBeGreaterThan(50);
});

test("a few days have the values of their bars over them, a month has none", async () => {
  const ink = async (days: number) => {
    const content = thirty(
      () => 1234,
      () => 0,
    );
    return count(await drawn({ ...content, days: content.days.slice(0, days) }), "#241a3d", {
      ...{ x0: 0, y0: 170, x1: 1200, y1: 640 },
    });
  };
  expect(await ink(3)).toBeGreaterThan(100);
  expect(await ink(30)).toBe(0);
});

test("a day with more taken back than given goes below the line", async () => {
  const picture = await drawn(
    thirty(
      (day) => (day === 9 ? -500 : 0),
      (day) => (day === 2 ? 500 : 0),
    ),
  );
  expect(inPlot(picture, colours.given, 190, 420)).toBe(0);
  expect(inPlot(picture, colours.given, 435)).toBeGreaterThan(500);
  expect(inPlot(picture, colours.spent, 435)).toBe(0);
});

test("odd values, hostile words and any number of days do no harm", async () => {
  const words = { given: `<&"'>💅${"Щ".repeat(400)}`, spent: "\u0000\u202e" };
  await drawn({ title: "</svg>", days: [], legend: words });
  await drawn({
    title: "",
    days: [{ day: "<".repeat(99), given: Number.NaN, spent: -Infinity }],
    legend: words,
  });
  await drawn({ ...thirty(() => Infinity, Math.random), legend: words });
  const year = Array.from({ length: 366 }, (_, i) => ({ day: `день ${i}`, given: i, spent: 366 - i }));
  await drawn({ title: "Щ".repeat(900), days: year, legend });
});
