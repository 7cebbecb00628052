// Draws a logo apart from the program, which can end it and with it all the memory that it took.

import { type Pixels, type Size, studio } from "./render.ts";

/** What is inside the `<svg>` of a logo, and the size that it says it has. */
export interface LogoSource extends Size {
  viewBox: string;
  inside: string;
  /** Whether it may be drawn larger than it is. */
  vector: boolean;
}

/** Data addresses of PNGs in two sizes, and the pixels of the small one. */
export interface LogoDrawn {
  small: string;
  large: string;
  pixels: Pixels;
}

declare const self: Worker;

self.onmessage = async ({ data }: MessageEvent<LogoSource>) => {
  self.postMessage(await draw(data).catch(() => "cannot be drawn"));
};

async function draw(source: LogoSource): Promise<LogoDrawn> {
  const { render, rasterise } = await studio();
  const large = within(source, { width: 1_280, height: 512 }, render);
  const small = within(large, { width: 640, height: 256 }, render);
  return { small: hrefOf(small), large: hrefOf(large), pixels: rasterise(small.inside, small) };
}

/** As a picture that fits into a box. What is made of pixels is made smaller by halves, for it would be coarse otherwise. */
function within(
  source: LogoSource,
  box: Size,
  render: (inside: string, size: Size) => Uint8Array,
): LogoSource {
  const fits = Math.min(box.width / source.width, box.height / source.height);
  const scale = source.vector ? fits : Math.min(1, fits);
  let one = source;
  for (let by = 0.5; !source.vector && by > 1.2 * scale; by /= 2)
    one = redrawn(one, scaled(source, by), render);
  return redrawn(one, scaled(source, scale), render);
}

function scaled({ width, height }: Size, by: number): Size {
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) };
}

function redrawn(
  { viewBox, inside }: LogoSource,
  { width, height }: Size,
  render: (inside: string, size: Size) => Uint8Array,
): LogoSource {
  const svg = `<svg viewBox="${viewBox}" width="${width}" height="${height}" preserveAspectRatio="none">${inside}</svg>`;
  const uri = `data:image/png;base64,${render(svg, { width, height }).toBase64()}`;
  const image = `<image href="${uri}" width="${width}" height="${height}"/>`;
  return { width, height, viewBox: `0 0 ${width} ${height}`, inside: image, vector: false };
}

const hrefOf = ({ inside }: LogoSource) => inside.split('"')[1] ?? "";
