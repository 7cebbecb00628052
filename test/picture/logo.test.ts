/** The logo: known by its content, refused with a sentence and in bounded time, and seen on whatever it stands on. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { encode } from "fast-png";
import { cardPicture } from "../../src/picture/card.ts";
import { LogoRefused, readLogo } from "../../src/picture/logo.ts";
import { lookOf } from "../../src/picture/look.ts";
import { SvgRefused, safeSvg } from "../../src/picture/svg.ts";
import { count, pixels } from "./read.ts";

const folder = mkdtempSync(join(tmpdir(), "logo-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string | Uint8Array, name = `logo-${files++}`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const dark: readonly string[] = ["#0b3d2e"];
const read = (content: string | Uint8Array, grounds: readonly string[] = dark) =>
  readLogo(file(content), grounds);

/** What reading ends with; an error that is no sentence for the operator fails the test. */
async function refusal(path: string): Promise<string> {
  const began = performance.now();
  try {
    await readLogo(path, dark);
    return "";
  } catch (error) {
    if (!(error instanceof LogoRefused)) throw error;
    expect(error.message).toMatch(/^CARD_LOGO names a file that [^:]+: [^\n]+\.$/);
    // Far more than it takes, for a machine that is busy.
    expect(performance.now() - began).toBeLessThan(5_000);
    return error.message;
  }
}

/** A PNG of one colour (red, green, blue, alpha), with the corner in another where there is one. */
function png(width: number, height: number, colour: number[], corner?: number[]): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const inCorner = corner && at % width < width / 2 && at < (width * height) / 2;
    data.set(inCorner ? corner : colour, at * 4);
  }
  return encode({ width, height, data, channels: 4 });
}

const svg = (inside: string, root = `viewBox="0 0 100 50"`) =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${root}>${inside}</svg>`;
const disc = `<circle cx="50" cy="25" r="20" fill="#fff"/>`;

const jpegOf = (width: number, height: number, more: number[] = []) =>
  new Uint8Array([
    ...[0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0],
    ...more,
  ]);

/** 128 by 64, white with a red box: as a browser writes it. */
const tinyJpeg = [
  "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAA",
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "AAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAA",
  "ABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1",
  "AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAP",
  "KnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/",
  "2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK0",
  "6kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCABAAIADASIAAhEBAxEB/8QAGAABAQEB",
  "AQAAAAAAAAAAAAAAAAUEBgP/xAAtEAEAAAALCAEFAAAAAAAAAAAAAgURFRZUZKKj0eEBBAYSE0SCwWEDISNCcf/EABkBAQADAQEAAAAAAAAAAA",
  "AAAAABAwUCBP/EACARAQABBAICAwAAAAAAAAAAAAABAgMSURMUEVIEMjP/2gAMAwEAAhEDEQA/AOmAAAAAAAAAAAAAAAAABgjSMpv6X4upzy/t",
  "JJJJ8fLDSOyYmhxP23n6QlVVUxLQsWLdVuJmF2kdkxNCkdkxNEIc51Luta0u0jsmJoUjsmJohBnUda1pdpHZMTQpHZMTRCDOo61rTugF7JAAAA",
  "AAQuJ+28/SEu8T9t5+kJRX9mt8b8oAHC8AAAB3QD1MIAAAAABn3rc933vl6/0+fllk++3ZJL/HhM0X1e/CzbxHiHcXK4jxEsEzRfV78LMmaL6v",
  "fhZt4YxpPLX7SwTNF9XvwsyZovq9+Fm3hjGjlr9pYJmi+r34WZM0X1e/CzbwxjRy1+0gCVYAAAD/2Q==",
].join("");

test("a PNG, a JPEG and an SVG are told by their content, whatever the file is called", async () => {
  for (const [content, name] of [
    [png(300, 150, [255, 255, 255, 255], [0, 0, 0, 0]), "logo.svg"],
    [svg(disc), "logo.jpg"],
    [`\ufeff<?xml version="1.0"?>\n<!-- Made by hand -->\n${svg(disc)}\n`, "logo.txt"],
    [Uint8Array.fromBase64(tinyJpeg), "logo.png"],
  ] as const) {
    const logo = await readLogo(file(content, name), dark);
    expect([name, logo.small.slice(0, 22)]).toEqual([name, "data:image/png;base64,"]);
    expect(logo.width / logo.height).toBe(2);
  }
});

test.each([
  [[255, 255, 255, 255], "#0b3d2e", null],
  [[20, 40, 30, 255], "#0b3d2e", "#ffffff"],
  [[20, 40, 30, 255], "#bfe8d4", null],
  [[250, 250, 240, 255], "#bfe8d4", "#1d1238"],
  [[128, 128, 128, 255], "#808080", "#ffffff"],
])("a mark of %p on %s stands on %p", async (colour, ground, plate) => {
  const logo = await read(png(300, 150, colour, [0, 0, 0, 0]), [ground]);
  expect(logo.plate).toBe(plate);
});

test.each([
  ["#2b2b2b", "#0b3d2e", "#ffffff"],
  ["#fafafa", "#0b3d2e", null],
  ["#2b2b2b", "#ffffff", null],
])(
  "a bright mark, white within, and the name beside it in %p are read on %s: plate %p",
  async (name, ground, plate) => {
    const mark = `<path d="M0 5h40v40H0z" fill="#e2574c"/><circle cx="20" cy="25" r="14" fill="#fff"/>`;
    const words = `<path d="M50 15h40v5H50zm0 12h30v5H50z" fill="${name}"/>`;
    expect((await read(svg(mark + words), [ground])).plate).toBe(plate);
  },
);

test("a picture that fills its box has its own ground, and needs no plate", async () => {
  expect((await read(png(300, 150, [11, 61, 46, 255], [255, 255, 255, 255]))).plate).toBeNull();
});

test("on the card the logo is drawn in its colours, and the title goes beside it", async () => {
  const look = lookOf("#0b3d2e");
  const logo = await read(svg(`<rect width="100" height="50" fill="#ff0000"/>`), look.stops);
  const card = { title: "Щ".repeat(40), name: null, balance: "1", unit: "", asOf: "", digits: "", link: "x" };
  const picture = pixels(await cardPicture(card, { ...look, logo }));
  const box = { x0: 72, y0: 52, x1: 296, y1: 164 };
  expect(count(picture, "#ff0000", box)).toBe(224 * 112);
  expect(count(picture, "#ffffff", { ...box, x1: 320 })).toBe(0);
  expect(count(picture, "#ffffff", { x0: 1136, y0: 0, x1: 1200, y1: 240 })).toBe(0);
});

test("an SVG as editors write them is drawn: style sheets, styles, gradients, clips, their own words left out", async () => {
  const logo = await read(
    `<?xml version="1.0" encoding="utf-8"?>
<!-- Generator: An Editor -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
${svg(
  `<title>A &amp; B</title><sodipodi:namedview id="v"><x:y/></sodipodi:namedview><metadata><rdf:RDF/></metadata>
<style type="text/css"><![CDATA[.st0{fill:url(#g);stroke:none;stroke-dasharray:none} /* c */]]></style>
<defs><linearGradient id="g" x2="1"><stop offset="0" style="stop-color:#fff"/><stop offset="1" stop-color="#eee"/></linearGradient>
<rect id="r" width="100" height="50"/></defs><clipPath id="c"><use xlink:href="#r" style="overflow:visible;"/></clipPath>
<g clip-path="url(#c)" inkscape:label="x"><path class="st0" d="M0 0h100v50H0z"/></g>`,
  `viewBox="0 0 100 50" width="90mm" height="45mm"`,
)}`,
  );
  expect(logo.plate).toBeNull();
});

test("what the root says of colours is kept, and nothing else that stands in it", () => {
  const text = `<svg width="24" height="24" viewBox="0 0 24 12" fill="none" data-name="x" xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9" stroke="white" style="stroke-width:2 ; -x-y: 1"/></svg>`;
  expect(safeSvg(text)).toEqual({
    inside: `<g width="24" height="24" fill="none"><path d="M0 0h9" stroke="white" stroke-width="2"></path></g>`,
    box: [0, 0, 24, 12],
  });
});

const bomb = (depth: number) =>
  `<g id="u0">${disc}</g>${Array.from({ length: depth }, (_, i) => `<g id="u${i + 1}">${`<use href="#u${i}"/>`.repeat(10)}</g>`).join("")}<use href="#u${depth}"/>`;

const clips = Array.from(
  { length: 9 },
  (_, i) =>
    `<clipPath id="c${i}">${`<rect width="9" height="9" clip-path="url(#c${i + 1})"/>`.repeat(9)}</clipPath>`,
).join("");

const hostile: [string, string, string][] = [
  ["a script", svg(`<script>alert(1)</script>`), "has <script> in it"],
  ["a script in an attribute", svg(`<path d="M0 0h9" onclick="x()"/>`), "has a script in it"],
  ["an SVG in it", svg(`<svg/>`), "has <svg> in it"],
  ["a page", svg(`<foreignObject><body/></foreignObject>`), "has <foreignObject> in it"],
  ["a picture of the machine's", svg(`<image href="file:///etc/passwd"/>`), "has <image> in it"],
  ["text in a font it does not bring", svg(`<text>Мята</text>`), "has <text> in it"],
  ["another file", svg(`<use href="other.svg#x"/>`), "refers to something outside itself"],
  ["an address", svg(`<path fill="url(https://example.com/#x)"/>`), "refers to something outside itself"],
  ["an address in disguise", svg(`<path fill="u&#114;l(//x/#y)"/>`), "refers to something outside itself"],
  [
    "a style sheet from elsewhere",
    svg(`<style>@import "//x";</style>`),
    "refers to something outside itself",
  ],
  ["a font from elsewhere", svg(`<style>a{x:url(//x)}</style>`), "refers to something outside itself"],
  ["an escaped address", svg(`<style>a{x:\\75rl(//x)}</style>`), "refers to something outside itself"],
  ["entities", `<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${svg("&b;")}`, "declares entities"],
  ["a filter", svg(`<g style="filter:url(#f)">${disc}</g>`), "has filter in it"],
  ["dashes without end", svg(`<path d="M0 0h99" stroke-dasharray="0.00001"/>`), "has stroke-dasharray in it"],
  ["a pattern", svg(`<pattern id="p" width="0.001" height="0.001"/>`), "has <pattern> in it"],
  ["a billion uses", svg(bomb(9)), "has too many parts"],
  ["clips in clips", svg(`${clips}<rect width="9" height="9" clip-path="url(#c0)"/>`), "has too many parts"],
  ["itself", svg(`<g id="a"><use href="#a"/></g>`), "refers to itself"],
  ["one id twice", svg(`<g id="a"/><g id="a"/>`), "gives one id to two parts"],
  ["many parts", svg(disc.repeat(9_000)), "has too many parts"],
  ["deep groups", svg("<g>".repeat(900) + "</g>".repeat(900)), "has too many groups within groups"],
  ["no size", svg(disc, ""), "does not say how large it is"],
  ["a huge size", svg(disc, `viewBox="0 0 1e300 1e300"`), "does not say how large it is"],
  ["no number", svg(disc, `width="NaN" height="9"`), "does not say how large it is"],
  ["a tag that does not end", `${svg(disc)}<`, "is not well formed"],
  ["two roots", svg(disc) + svg(disc), "is not well formed"],
  ["crossed tags", svg("<g><defs></g></defs>"), "is not well formed"],
  ["comments that do not end", `<svg viewBox="0 0 9 9">${"<!--".repeat(200_000)}`, "declares entities"],
  ["spaces that do not end", `<svg${" ".repeat(900_000)}`, "is not well formed"],
];

test.each(hostile)("an SVG with %s is refused", async (_, text, says) => {
  expect(await refusal(file(text))).toBe(
    `CARD_LOGO names a file that is an SVG that ${says}: save it as PNG, or as a plain SVG with text as outlines.`,
  );
});

test("whatever an SVG is made of, what is drawn of it refers to nothing outside and holds nothing unknown", () => {
  const parts = fc.constantFrom(
    ...[`<svg viewBox="0 0 9 9">`, "</svg>", "<g>", "</g>", "<style>", "</style>", "<defs/>", "<!--", "-->"],
    ...[
      `<use href="#a"/>`,
      `<use xlink:href='//x'/>`,
      `<path id="a" d="M0 0h9"/>`,
      "<![CDATA[",
      "]]>",
      "<?x?>",
    ],
    ...[
      `<a:b>`,
      "</a:b>",
      "<script>",
      "</script>",
      ` style="fill:url(//x)"`,
      `<g clip-path="url(#a)">`,
      "&#60;",
    ],
    ...[
      `fill:url(#a)`,
      "url(//x)",
      "&lt;script&gt;",
      "@import",
      "<",
      ">",
      `"`,
      "'",
      "=",
      " ",
      "\0",
      "\ud800",
    ],
  );
  const texts = fc.array(parts, { maxLength: 12 }).map((some) => some.join(""));
  const whole = texts.map((inside) => `<svg viewBox="0 0 9 9">${inside}</svg>`);
  let drawn = 0;
  fc.assert(
    fc.property(fc.oneof(texts, whole), (text) => {
      try {
        const { inside } = safeSvg(text);
        drawn += 1;
        expect(inside).not.toMatch(/\/\/x|<(?!\/?(g|style|defs|use|path)[ >])|@import|<[^>]* on\w+=/);
      } catch (error) {
        if (!(error instanceof SvgRefused)) throw error;
      }
    }),
    { numRuns: 20_000 },
  );
  expect(drawn).toBeGreaterThan(200);
});

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(Bun.hash.crc32(body));
  return Buffer.concat([length, body, sum]);
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const header = (width: number, height: number) => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width);
  data.writeUInt32BE(height, 4);
  data.set([8, 6], 8);
  return chunk("IHDR", data);
};
/** Unpacks to 64 MB, out of 64 kB. */
const zeros = deflateSync(Buffer.alloc(64_000_000));
const pngOf = (...headers: Buffer[]) =>
  Buffer.concat([signature, ...headers, chunk("IDAT", zeros), chunk("IEND", Buffer.alloc(0))]);
/** Says a small size where a header stands in other files. */
const decoy = chunk("tEXt", header(300, 150).subarray(8, 21));

const segment = (marker: number, data: Uint8Array) =>
  Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
const scan = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));
const largeFrame = jpegOf(14_000, 14_000).subarray(2);
/** Whoever takes the second FF for the marker reads a length of 49 kB, and finds the small frame behind it. */
const fillerBomb = Buffer.concat([
  Buffer.from([0xff, 0xd8, 0xff]),
  ...[largeFrame, segment(0xfe, Buffer.concat([Buffer.alloc(49_136), jpegOf(300, 150).subarray(2)])), scan],
]);

const files_: [string, string | Uint8Array, RegExp][] = [
  ["nothing", "", /is neither a PNG nor a JPEG nor an SVG/],
  ["a page", "<html></html>", /is neither a PNG/],
  ["a GIF", "GIF89a", /is neither a PNG/],
  ["a WebP", "RIFF\0\0\0\0WEBPVP8 ", /is neither a PNG/],
  ["UTF-16", Buffer.from(svg(disc), "utf16le"), /is neither a PNG/],
  ["more than a megabyte", Buffer.alloc(1_000_001), /has 1\.0 MB: make it smaller/],
  ["a PNG's bomb", pngOf(header(60_000, 60_000)), /is 60000×60000 pixels: its longer side may have/],
  ["a PNG's bomb behind a small size", pngOf(decoy, header(14_000, 14_000)), /is cut short or broken/],
  ["a PNG of two sizes", pngOf(header(300, 150), header(14_000, 14_000)), /is cut short or broken/],
  ["a PNG cut short", png(300, 150, [1, 2, 3, 255]).subarray(0, 60), /is cut short or broken/],
  ["a PNG of nothing but its name", signature, /is cut short or broken/],
  [
    "pixels that are none",
    Buffer.concat([
      signature,
      header(99, 99),
      chunk("IDAT", Buffer.from("x")),
      chunk("IEND", Buffer.alloc(0)),
    ]),
    /shows nothing/,
  ],
  ["a JPEG's bomb", jpegOf(65_000, 65_000), /is 65000×65000 pixels/],
  ["a JPEG cut short", new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0xff]), /is cut short or broken/],
  ["a JPEG's bomb behind a filler", fillerBomb, /is 14000×14000 pixels/],
  ["a JPEG of two sizes", jpegOf(300, 150, [...largeFrame]), /is cut short or broken/],
  [
    "a JPEG of two sizes, a scan between",
    jpegOf(300, 150, [...scan, 0, ...largeFrame]),
    /is cut short or broken/,
  ],
  ["a JPEG of nothing but its frame", jpegOf(100, 100), /shows nothing/],
  [
    "a JPEG in 900 scans",
    jpegOf(
      100,
      100,
      Array(900)
        .fill([...scan, 0])
        .flat(),
    ),
    /a great many scans/,
  ],
  ["an icon", png(32, 32, [255, 255, 255, 255]), /is 32×32 pixels/],
  ["a line", png(1_900, 2, [255, 255, 255, 255]), /is too long and thin/],
  ["glass", png(300, 150, [255, 255, 255, 9]), /shows nothing/],
];

test.each(files_)("a file with %s is refused", async (_, content, says) => {
  expect(await refusal(file(content))).toMatch(says);
});

test("what is no file, is not there or leads nowhere is refused", async () => {
  const missing = join(folder, "missing.png");
  expect(await refusal(missing)).toContain("cannot be read (ENOENT): write the path of a PNG");
  expect(await refusal(folder)).toContain("is no file");
  expect(await refusal("/dev/zero")).toContain("is no file");
  symlinkSync("loop.png", join(folder, "loop.png"));
  expect(await refusal(join(folder, "loop.png"))).toContain("cannot be read (ELOOP)");
  expect(await refusal("a\0b")).toContain("cannot be read");
});

test("a PNG's other chunks are left out, for they may unpack to any size", async () => {
  const plain = png(300, 150, [255, 255, 255, 255], [0, 0, 0, 0]);
  const text = chunk("zTXt", Buffer.concat([Buffer.from("a\0\0"), zeros]));
  // A decoder that looked at these would stop here.
  const broken = [
    chunk("gAMA", Buffer.from([1])),
    chunk("iCCP", Buffer.from("a\0\0x")),
    chunk("pHYs", Buffer.from([1])),
  ];
  const stuffed = Buffer.concat([plain.subarray(0, 33), text, ...broken, plain.subarray(33)]);
  expect(await read(stuffed)).toEqual(await read(plain));
});

test("a JPEG's notes are left out, and nothing that its pixels need", async () => {
  const plain = Buffer.from(tinyJpeg, "base64");
  const note = segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), jpegOf(14_000, 14_000)]));
  const filled = [
    plain.subarray(0, 2),
    Buffer.from([0xff, 0xff]),
    note,
    plain.subarray(2),
    Buffer.alloc(9, 0xff),
  ];
  const [logo, stuffed] = [await read(plain), await read(Buffer.concat(filled))];
  expect(stuffed).toEqual(logo);
  const red = await cardPicture(
    { title: "", name: null, balance: "1", unit: "", asOf: "", digits: "", link: "x" },
    { ...lookOf("#0b3d2e"), logo },
  );
  expect(count(pixels(red), "#ffffff", { x0: 72, y0: 52, x1: 296, y1: 164 })).toBeGreaterThan(5_000);
});

test("what takes too long to draw is given up, and the program goes on meanwhile", async () => {
  const gradient = `<radialGradient id="g"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#000"/></radialGradient>`;
  const layers = `<path d="M0 0h100v50H0z" fill="url(#g)" opacity="0.5"/>`.repeat(1_900);
  let turns = 0;
  const turning = setInterval(() => turns++, 20);
  const began = performance.now();
  const reading = readLogo(file(svg(gradient + layers)), dark, 1_000);
  await expect(reading).rejects.toThrow(
    "CARD_LOGO names a file that takes too long to draw: save it as a PNG some 1000 pixels wide.",
  );
  clearInterval(turning);
  expect(turns).toBeGreaterThan(10);
  expect(performance.now() - began).toBeLessThan(6_000);
});

test("the largest picture that is taken is drawn", async () => {
  const logo = await read(png(2_000, 1_000, [255, 255, 255, 255], [0, 0, 0, 0]));
  expect([logo.width, logo.height, logo.plate]).toEqual([2_000, 1_000, null]);
});
