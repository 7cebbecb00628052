/** Reads pictures back with decoders that share no code with what drew them. */
import { decode } from "fast-png";
import jsQR from "jsqr";

/** Decoded pixels, four bytes each. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** The pixels of a PNG with 8-bit RGBA, the one kind we make. */
export function pixels(png: Uint8Array): Pixels {
  const { width, height, channels, depth, data } = decode(png);
  if (channels !== 4 || depth !== 8) throw new Error(`not 8-bit RGBA: ${channels} channels of ${depth} bits`);
  return { width, height, data: new Uint8ClampedArray(data) };
}

/** Pixels of red, green and blue alone, as other programs write them. */
export function opaque(width: number, height: number, rgb: ArrayLike<number>): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < rgb.length; i++) data[Math.floor(i / 3) * 4 + (i % 3)] = rgb[i] ?? 0;
  return { width, height, data };
}

/** What the QR code in a picture says, or null. */
export function readQr(picture: Pixels): string | null {
  return jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" })?.data ?? null;
}

/** The picture made narrower, each new pixel the average of what it covers: how a messenger makes a preview. */
export function narrowed(from: Pixels, width: number): Pixels {
  const height = Math.round((from.height * width) / from.width);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [x0, x1] = span(x, width, from.width);
      const [y0, y1] = span(y, height, from.height);
      for (let channel = 0; channel < 4; channel++) {
        let sum = 0;
        for (let v = y0; v < y1; v++)
          for (let u = x0; u < x1; u++) sum += from.data[(v * from.width + u) * 4 + channel] ?? 0;
        data[(y * width + x) * 4 + channel] = sum / ((x1 - x0) * (y1 - y0));
      }
    }
  }
  return { width, height, data };
}

function span(at: number, small: number, large: number): [number, number] {
  const start = Math.floor((at * large) / small);
  return [start, Math.max(start + 1, Math.floor(((at + 1) * large) / small))];
}

/** A part of a picture; `x1` and `y1` are the first outside. */
export interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

const everything = (of: Pixels): Box => ({ x0: 0, y0: 0, x1: of.width, y1: of.height });

/** Calls back with the place of each pixel of exactly this colour (`#rrggbb`) in a box. */
function each(from: Pixels, colour: string, box: Box, found: (x: number, y: number) => void): void {
  const wanted = Number.parseInt(colour.slice(1), 16);
  const [r, g, b] = [wanted >> 16, (wanted >> 8) & 255, wanted & 255];
  const { data, width } = from;
  for (let y = box.y0; y < box.y1; y++) {
    for (let x = box.x0; x < box.x1; x++) {
      const at = (y * width + x) * 4;
      if (data[at] === r && data[at + 1] === g && data[at + 2] === b) found(x, y);
    }
  }
}

/** How many pixels of exactly this colour lie in a box. */
export function count(from: Pixels, colour: string, box: Box = everything(from)): number {
  let total = 0;
  each(from, colour, box, () => total++);
  return total;
}

/** The smallest box around all pixels of a colour, in a part of the picture. */
export function boxOf(from: Pixels, colour: string, part: Box = everything(from)): Box {
  const box = { x0: from.width, y0: from.height, x1: 0, y1: 0 };
  each(from, colour, part, (x, y) => {
    box.x0 = Math.min(box.x0, x);
    box.y0 = Math.min(box.y0, y);
    box.x1 = Math.max(box.x1, x + 1);
    box.y1 = Math.max(box.y1, y + 1);
  });
  return box;
}
