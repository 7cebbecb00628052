// Turns SVG into PNG with what the program carries: the renderer and two weights of one font.

import mediumFile from "@expo-google-fonts/onest/500Medium/Onest_500Medium.ttf" with { type: "file" };
import boldFile from "@expo-google-fonts/onest/700Bold/Onest_700Bold.ttf" with { type: "file" };
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import rendererFile from "@resvg/resvg-wasm/index_bg.wasm" with { type: "file" };
import { type Font, readFont } from "./font.ts";
import { escapeXml, type Line } from "./text.ts";

/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** What a card and a chart are drawn in. */
export const size: Size = { width: 1200, height: 760 };

/** Four bytes a pixel from the top left: red, green, blue, each times alpha, and alpha. */
export interface Pixels extends Size {
  data: Uint8Array;
}

/** The font in its two weights, and the renderer. */
interface Studio {
  medium: Font;
  bold: Font;
  /** The PNG of what stands inside an `<svg>`, of the common size unless told otherwise. */
  render: (inside: string, size?: Size) => Uint8Array;
  /** The same as pixels, of a part of it: from `top`, `size.height` high. */
  rasterise: (inside: string, size: Size, top?: number) => Pixels;
}

type Image = ReturnType<InstanceType<typeof Resvg>["render"]>;

let opened: Promise<Studio> | undefined;

/** The one studio of this process, opened when the first picture is wanted: a start should not wait for it. */
export function studio(): Promise<Studio> {
  opened ??= open();
  return opened;
}

async function open(): Promise<Studio> {
  const [medium, bold, renderer] = await Promise.all([
    Bun.file(mediumFile).bytes(),
    Bun.file(boldFile).bytes(),
    Bun.file(rendererFile).bytes(),
  ]);
  await initWasm(renderer);
  const fonts = { medium: readFont(medium), bold: readFont(bold) };
  const fontBuffers = [fonts.medium.file, fonts.bold.file];
  const options = { font: { fontBuffers, defaultFontFamily: "Onest" } };
  const draw = <T>(inside: string, { width, height }: Size, top: number, take: (image: Image) => T): T => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${top} ${width} ${height}" width="${width}" height="${height}" font-family="Onest">${inside}</svg>`;
    // The renderer's memory is not JavaScript's: it is given back by hand.
    const drawing = new Resvg(svg, options);
    try {
      const image = drawing.render();
      try {
        return take(image);
      } finally {
        image.free();
      }
    } finally {
      drawing.free();
    }
  };
  return {
    ...fonts,
    render: (inside, of = size) => draw(inside, of, 0, (image) => image.asPng()),
    rasterise: (inside, of, top = 0) => draw(inside, of, top, (image) => ({ ...of, data: image.pixels })),
  };
}

/** An SVG text at a place; `rest` are further attributes, written by us. */
export function textAt(x: number, y: number, line: Pick<Line, "text" | "size">, rest: string): string {
  return `<text x="${x}" y="${y}" font-size="${line.size}" ${rest}>${escapeXml(line.text)}</text>`;
}
