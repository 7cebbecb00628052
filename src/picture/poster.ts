// Draws the poster for the salon's door and desk, as PDF of two sizes of paper.

import { createDeflate } from "node:zlib";
import { logoAt } from "./logo.ts";
import { groundOf, type Look, plainLook } from "./look.ts";
import { qrInk, qrPath } from "./qr.ts";
import { type Size, studio, textAt } from "./render.ts";
import { fit, fitInTwo, type Line } from "./text.ts";

/** What stands on a poster. All words are handed in; anything the font cannot draw is left out. */
export interface PosterContent {
  /** The business; empty where its name is not known yet. */
  title: string;
  /** What is given, large: `1 %`. */
  gift: string;
  /** Of what and how: `обратно баллами`. */
  how: string;
  /** What a point is worth. */
  worth: string;
  /** What to do with the code. */
  scan: string;
  /** The address in the code, and as a person would type it. */
  link: string;
  address: string;
}

/** A poster on one size of paper. */
interface Sheet {
  paper: "A5" | "A4";
  pdf: Uint8Array[];
}

// A4 at 300 dots an inch; A5 is the same picture, finer.
const sheet: Size = { width: 2480, height: 3508 };
// What a printer leaves white on every side, and more.
const edge = 210;
const inner = sheet.width - 2 * edge;
const panel = { side: 1360, inset: 40, round: 110, top: 1560 };

/** The poster on A5 and on A4. Takes a second or two, in steps between which other work goes on. */
export async function posterSheets(content: PosterContent, look: Look = plainLook): Promise<Sheet[]> {
  const image = await deflated(await drawn(content, look));
  return [
    { paper: "A5", pdf: pdfOf(image, { width: 419.53, height: 595.28 }) },
    { paper: "A4", pdf: pdfOf(image, { width: 595.28, height: 841.89 }) },
  ];
}

async function drawn(content: PosterContent, look: Look): Promise<string> {
  const { medium, bold } = await studio();
  const logo =
    look.logo && logoAt(look.logo, { x: edge, y: 150, width: inner, height: 290, anchor: "middle" }, "large");
  const { side, inset, round, top } = panel;
  const left = (sheet.width - side) / 2;
  const code = qrPath(content.link, left + inset, top + inset, side - 2 * inset);
  const heavy = `font-weight="700" fill="${look.ink}"`;
  const plain = `font-weight="500" fill="${look.ink}"`;
  const middle = (y: number, lines: Line[], rest: string) =>
    lines.map((line, i) =>
      textAt(sheet.width / 2, y + i * 1.2 * line.size, line, `${rest} text-anchor="middle"`),
    );
  const gift = fit(content.gift, bold, inner, 400, 200);
  const title = fitInTwo(content.title, bold, inner, 150, 110, true);
  // Without a logo the name stands where it would be, and two lines begin higher than one.
  const first = (logo ? 630 : 480) - (title.length - 1) * 70;
  return [
    groundOf(look, sheet),
    logo?.svg ?? "",
    ...middle(first, title, heavy),
    ...middle(1110, [gift], `${heavy} letter-spacing="${-0.06 * gift.size}"`),
    ...middle(1310, [fit(content.how, bold, inner, 150, 90)], heavy),
    ...middle(1450, [fit(content.worth, medium, inner, 80, 50)], plain),
    `<rect x="${left}" y="${top}" width="${side}" height="${side}" rx="${round}" fill="#fff"/>`,
    `<path d="${code}" fill="${qrInk}" shape-rendering="crispEdges"/>`,
    ...middle(3080, fitInTwo(content.scan, medium, inner, 92, 80, true), plain),
    ...middle(3300, [fit(content.address, bold, inner, 92, 50)], heavy),
  ].join("");
}

/** Rows drawn at once: a whole sheet would take all the memory that a small server has to spare. */
const stripe = 256;

/** The picture's red, green and blue from the top left, as a PDF takes them. */
async function deflated(inside: string): Promise<Uint8Array[]> {
  const { rasterise } = await studio();
  const packer = createDeflate();
  const packed = Array.fromAsync(packer as AsyncIterable<Uint8Array>);
  for (let top = 0; top < sheet.height; top += stripe) {
    const height = Math.min(stripe, sheet.height - top);
    const { data } = rasterise(inside, { width: sheet.width, height }, top);
    const rows = new Uint8Array((data.length / 4) * 3);
    for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
      rows[to] = data[from] ?? 0;
      rows[to + 1] = data[from + 1] ?? 0;
      rows[to + 2] = data[from + 2] ?? 0;
    }
    // Taken in by another thread: meanwhile the program answers others.
    await new Promise<void>((resolve, reject) => {
      packer.write(rows, (error) => (error ? reject(error) : resolve()));
    });
  }
  packer.end();
  return packed;
}

/** One page of this size in points that the picture covers, as ISO 32000-1 has it. No library: of a PDF this is all we need. */
function pdfOf(image: Uint8Array[], page: Size): Uint8Array[] {
  const bytes = image.reduce((sum, part) => sum + part.length, 0);
  const scale = Math.max(page.width / sheet.width, page.height / sheet.height);
  const [width, height] = [sheet.width * scale, sheet.height * scale];
  const [x, y] = [(page.width - width) / 2, (page.height - height) / 2];
  const paint = `q ${[width, 0, 0, height, x, y].map((number) => number.toFixed(3)).join(" ")} cm /I Do Q`;
  const objects: [string, Uint8Array[]?][] = [
    ["<</Type/Catalog/Pages 2 0 R>>"],
    ["<</Type/Pages/Kids[3 0 R]/Count 1>>"],
    [
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${page.width} ${page.height}]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>`,
    ],
    [`<</Length ${paint.length}>>`, [Buffer.from(paint)]],
    [
      `<</Type/XObject/Subtype/Image/Width ${sheet.width}/Height ${sheet.height}/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode/Length ${bytes}>>`,
      image,
    ],
  ];
  const parts: Uint8Array[] = [];
  const places: number[] = [];
  let at = 0;
  const add = (part: string | Uint8Array) => {
    const added = typeof part === "string" ? Buffer.from(part, "latin1") : part;
    parts.push(added);
    at += added.length;
  };
  add("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
  for (const [i, [dictionary, stream]] of objects.entries()) {
    places.push(at);
    add(`${i + 1} 0 obj\n${dictionary}`);
    if (stream) {
      add("\nstream\n");
      stream.forEach(add);
      add("\nendstream");
    }
    add("\nendobj\n");
  }
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  add(`xref\n0 6\n0000000000 65535 f \n${table}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`);
  return parts;
}
