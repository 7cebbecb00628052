/** Makes the README's picture of the demo (`bun run screenshot`): plays the tour in a real browser and photographs it. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { launch } from "./chromium.ts";
import { openPicture, picture, pictured, wordsOf } from "./picture.ts";

const mostBytes = 200_000;

const demo = Bun.spawn([process.execPath, join(import.meta.dir, "../../src/main.ts"), "demo"], {
  stdout: "pipe",
  stderr: "inherit",
});
const browser = await launch();
try {
  let text = "";
  let address: string | undefined;
  for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
    if (address) break;
  }
  if (!address) throw new Error("the demo did not start");
  const page = await openPicture(browser, address);
  const png = await page.screenshot({ type: "png", scale: "css" });
  const { base64, bytes } = await smaller(png);
  if (bytes > mostBytes) throw new Error(`the picture has ${bytes} bytes, and may have ${mostBytes}`);
  mkdirSync(dirname(picture), { recursive: true });
  await Bun.write(picture, Buffer.from(base64, "base64"));
  await Bun.write(pictured, await wordsOf(page));
  process.stdout.write(`${picture}: ${bytes} bytes\n`);
} finally {
  await browser.close();
  demo.kill("SIGINT");
  await demo.exited;
}

/** The browser writes WebP itself. It is done on an empty page: the demo's own lets no picture in but its own. */
async function smaller(png: Buffer) {
  const blank = await browser.newPage();
  // As text, for these names are a browser's: the tests' types know none of them.
  const url = await blank.evaluate<string>(`(async () => {
    const image = Object.assign(document.createElement("img"), {
      src: "data:image/png;base64,${png.toString("base64")}",
    });
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {
      width: image.naturalWidth,
      height: image.naturalHeight,
    });
    canvas.getContext("2d").drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.86);
  })()`);
  const base64 = url.split(",")[1] ?? "";
  return { base64, bytes: Buffer.from(base64, "base64").length };
}
