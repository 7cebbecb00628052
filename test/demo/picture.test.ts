// That the README's picture shows the page as it is.
import { expect } from "bun:test";
import { everything, testWith } from "../helpers/installed.ts";
import { chromiumPath, launch } from "./chromium.ts";
import { openPicture, pictured, wordsOf } from "./picture.ts";
import { openDemo } from "./running.ts";

const inBrowser = testWith({ "LOYALTY_TEST_ALL=1": everything ? "" : null, chromium: chromiumPath });

inBrowser(
  "the README's picture says what the page says now; if not, it is made anew by: bun run screenshot",
  async () => {
    const demo = await openDemo();
    await using browser = await launch();
    const page = await openPicture(browser, demo.address);
    const now = await wordsOf(page);
    await browser.close();
    expect(await demo.end()).toBe(0);
    expect(now.split("\n")).toEqual((await Bun.file(pictured).text()).split("\n"));
  },
  200_000,
);
