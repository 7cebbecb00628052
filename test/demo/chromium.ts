// Debian's Chromium, driven by playwright-core: for the demo's tests and its picture.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where a Chromium is on this machine, or null. */
export const chromiumPath = places.find(existsSync) ?? null;

/** Starts it. Without the background flags it would look for its maker's hosts, and be refused on a closed network. */
export function launch(): Promise<Browser> {
  if (!chromiumPath) throw new Error("no chromium: apt-get install -y --no-install-recommends chromium");
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}

/** How the page is looked at. */
export interface Look {
  width: number;
  height: number;
  scheme: "light" | "dark";
  locale: "ru-RU" | "en-GB";
}

/** Opens a page; `errors` collects what its console and its code complain of, and each request that leaves the demo. */
export async function openPage(browser: Browser, address: string, look: Look) {
  const { width, height, scheme, locale } = look;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, locale });
  const errors: string[] = [];
  page.setDefaultTimeout(60_000); // a busy machine is no fault of the page
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(address) && !url.startsWith("data:")) errors.push(`asked for ${url}`);
  });
  await page.goto(address);
  await page.locator("#ledger .proof b").waitFor({ state: "attached" });
  return { page, errors };
}

export type { Browser, Page };
