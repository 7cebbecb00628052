// /poster: what it gives by the settings, on both papers, to owners alone; read back from the very files that were sent.
import { expect } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { decode } from "fast-png";
import type { BotParts } from "../../src/app/listening.ts";
import type { Shop } from "../../src/chat/desk.ts";
import type { Poster } from "../../src/owners/owners.chat.ts";
import { type PosterContent, posterSheets } from "../../src/picture/poster.ts";
import { onEither } from "../helpers/both.ts";
import { testWith, whereIs } from "../helpers/installed.ts";
import { salonBot } from "../helpers/salon-bot.ts";
import { soft } from "../helpers/soft.ts";
import { ask } from "../helpers/till-salon.ts";
import { narrowed, opaque, type Pixels, readQr } from "../picture/read.ts";

/** The owner Irina (700) and the admin Olga (601). */
async function owned(shop: Partial<Shop> = {}, parts: Partial<BotParts> = { poster: posterSheets }) {
  const staff: Partial<Shop> = { adminIds: ["telegram:601"], ownerIds: ["telegram:700"] };
  const salon = await salonBot({ ...staff, ...shop }, undefined, parts);
  const irina = salon.person({ id: 700, firstName: "Ирина" });
  const olga = salon.person({ id: 601, firstName: "Ольга" });
  const sheets = () => salon.messages(700).filter((one) => one.document);
  const came = async (count: number) => {
    for (let tries = 0; sheets().length < count && tries < 3_000; tries++) await Bun.sleep(10);
    return sheets();
  };
  return Object.assign(salon, { irina, olga, sheets, came });
}

/** A poster that keeps what it was asked to draw. */
function sketches() {
  const drawn: Parameters<Poster>[0][] = [];
  const poster: Poster = async (content) => {
    drawn.push(content);
    return [{ paper: "A4", pdf: [new Uint8Array([1])] }];
  };
  return { drawn, poster };
}

/** The picture inside a PDF of ours. */
function pictureIn(pdf: Uint8Array): Pixels {
  const text = Buffer.from(pdf).toString("latin1");
  const [, width, height, length] =
    /\/Width (\d+)\/Height (\d+)\/.*\/Length (\d+)>>\nstream\n/.exec(text) ?? [];
  const at = text.indexOf("stream\n", text.indexOf("/Width")) + 7;
  const rows = inflateSync(pdf.subarray(at, at + Number(length)));
  return opaque(Number(width), Number(height), rows);
}

onEither(
  "an owner gets A5 and A4, whose code opens the bot; a second one is not begun meanwhile",
  async () => {
    await using salon = await owned();
    expect(await ask(salon.irina, "/poster")).toBe("Рисую плакат, пришлю сюда: А5 и А4, для печати.");
    expect(await ask(salon.irina, "/poster")).toBe("Плакат уже рисуется, пришлю сюда.");
    const sheets = await salon.came(2);
    expect(sheets.map(({ document }) => document?.name)).toEqual(["poster-A5.pdf", "poster-A4.pdf"]);
    expect(soft(sheets[0]?.text ?? "")).toBe("А5: на стойку или к зеркалу.");
    for (const { document } of sheets) {
      expect(document?.bytes.length).toBeLessThan(2_000_000);
      const picture = pictureIn(document?.bytes ?? new Uint8Array());
      expect([picture.width, picture.height]).toEqual([2_480, 3_508]);
      expect(readQr(narrowed(picture, 800))).toBe(salon.channel.link());
    }
  },
  60_000,
);

onEither("it says what the settings say, in the language that was asked for", async () => {
  const { drawn, poster } = sketches();
  await using salon = await owned({ percent: 250, earnOn: "services", spendMaxPercent: 50 }, { poster });
  await salon.irina.say("/poster");
  await salon.came(1);
  // The sheet is there a moment before the program knows that it is.
  while ((await ask(salon.irina, "/poster EN")).startsWith("Плакат уже")) await Bun.sleep(10);
  const captions = (await salon.came(2)).map(({ text }) => soft(text).includes("по-английски: /poster en"));
  expect(captions).toEqual([true, false]); // not to whoever has that one
  const plain = drawn.map((one) =>
    Object.fromEntries(Object.entries(one).map(([key, text]) => [key, soft(text)])),
  );
  const link = salon.channel.link();
  const same = { title: "Салон <Красота>", link, address: link.replace("https://", "") };
  expect(plain).toEqual([
    {
      ...same,
      ...{ gift: "2,5 %", how: "за услуги обратно баллами" },
      worth: "1 балл = 1 ₽ на кассе. Баллами можно оплатить до 50 % счёта",
      scan: "Наведите камеру телефона: откроется ваша карта",
    },
    {
      ...same,
      ...{ gift: "2.5%", how: "back in points for services" },
      worth: "1 point = 1 ₽ at the till. Points may pay up to 50% of a bill",
      scan: "Point your phone's camera here: your card opens",
    },
  ]);
});

onEither(
  "an admin is told whose it is, a client nothing of it, and another word which words there are",
  async () => {
    const { drawn, poster } = sketches();
    await using salon = await owned({}, { poster });
    expect(await ask(salon.olga, "/poster")).toStartWith("Это видит и меняет только владелец.");
    expect(await ask(salon.irina, "/poster A3")).toBe(
      "Плакат бывает по-русски и по-английски, а «A3» не понял: /poster или /poster en",
    );
    await salon.boris.say("/poster");
    expect(salon.said(502).join()).not.toContain("плакат");
    expect([drawn, salon.sheets()]).toEqual([[], []]);
  },
);

onEither("a poster that cannot be drawn is said, and the next one is", async () => {
  let fails = true;
  const poster: Poster = async () =>
    fails ? Promise.reject(new Error("no font")) : sketches().poster({} as never);
  await using salon = await owned({}, { poster });
  await salon.irina.say("/poster");
  for (let tries = 0; salon.said(700).length < 2 && tries < 500; tries++) await Bun.sleep(10);
  expect(salon.said(700)).toHaveLength(2);
  fails = false;
  await salon.irina.say("/poster");
  expect(await salon.came(1)).toHaveLength(1);
});

const content: PosterContent = {
  ...{ title: "Студия красоты и эстетической косметологии «Северное сияние»".repeat(2), gift: "99,99 %" },
  ...{ how: "<&>".repeat(99), worth: "слово ".repeat(99), scan: "Щ".repeat(99) },
  ...{ link: "https://t.me/some_bot", address: "t.me/some_bot" },
};

testWith({ "pdftoppm of Poppler": whereIs("pdftoppm") })(
  "another program opens both papers without a complaint, in their sizes, and the code is read",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "poster-test-"));
    for (const { paper, pdf } of await posterSheets(content)) {
      const file = join(folder, `${paper}.pdf`);
      writeFileSync(file, Buffer.concat(pdf));
      const facts = Bun.spawnSync(["pdfinfo", file]);
      const size = paper === "A4" ? "595.28 x 841.89 pts (A4)" : "419.53 x 595.28 pts";
      expect([facts.stderr.toString(), facts.stdout.toString()]).toEqual([
        "",
        expect.stringContaining(`Page size:       ${size}`),
      ]);
      const drawn = Bun.spawnSync([
        "pdftoppm",
        "-r",
        "100",
        "-png",
        "-singlefile",
        file,
        join(folder, paper),
      ]);
      expect(drawn.stderr.toString()).toBe("");
      const seen = decode(readFileSync(join(folder, `${paper}.png`)));
      expect(readQr(opaque(seen.width, seen.height, seen.data))).toBe(content.link);
    }
    rmSync(folder, { recursive: true });
  },
  60_000,
);
