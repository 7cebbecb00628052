// The salon's logo: read from a file that may hold anything, checked, and drawn small and large once.

import { stat } from "node:fs/promises";
import { OperatorError } from "../errors.ts";
import { luminance, ratio, rgb } from "./colour.ts";
import { type LeanImage, leanJpeg, leanPng } from "./lean.ts";
import type { LogoDrawn, LogoSource } from "./logo.worker.ts";
import type { Pixels, Size } from "./render.ts";
import { SvgRefused, safeSvg } from "./svg.ts";

/** A logo ready to be drawn. */
export interface Logo extends Size {
  /** The colour of what it stands on, where it would not be seen on the picture's ground. */
  plate: string | null;
  /** Data addresses of PNGs: for the card, and for what is printed. */
  small: string;
  large: string;
}

const mostBytes = 1_000_000;
const sides = { least: 64, most: 2_000, ratio: 8 };

/** What a mark needs beside what it stands on, by WCAG 2.2, and how much of its outline must have it. */
const seen = { contrast: 3, share: 0.9 };
const plates = ["#ffffff", "#1d1238"];

/** The logo of this file, on a plate where it is not seen on all of these colours. Throws a `LogoRefused`, a sentence. */
export async function readLogo(path: string, grounds: readonly string[], ms = patience): Promise<Logo> {
  const source = sourceOf(await bytesOf(path));
  const { width, height } = source;
  if (Math.max(width / height, height / width) > sides.ratio)
    refuse("is too long and thin", `cut its empty edges off: at most ${sides.ratio} to 1`);
  const { pixels, small, large } = await drawn(source, ms);
  const outline = outlineOf(pixels);
  if (outline.length === 0)
    refuse("shows nothing", "save the picture again, as PNG, in the colours it is to have");
  // What fills its whole box has brought its own ground.
  const whole = pixels.data.every((part, i) => i % 4 !== 3 || part >= 128);
  const plate = whole || contrastOn(outline, grounds) >= seen.contrast ? null : bestPlate(outline);
  return { width, height, plate, small, large };
}

/** The file cannot be used; `says` and `remedy` for a line of `check`. */
export class LogoRefused extends OperatorError {
  override name = "LogoRefused";
  readonly says: string;
  constructor(
    wrong: string,
    readonly remedy: string,
  ) {
    const says = `names a file that ${wrong}`;
    super(`CARD_LOGO ${says}: ${remedy}.`);
    this.says = says;
  }
}

function refuse(wrong: string, remedy: string): never {
  throw new LogoRefused(wrong, remedy);
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const facts = await stat(path).catch((error) => {
    const code = String(Object(error).code ?? "not a path");
    return refuse(
      `cannot be read (${code})`,
      "write the path of a PNG, JPEG or SVG that the program's user may read; in a container mount the file too",
    );
  });
  if (!facts.isFile()) refuse("is no file", "write the path of a PNG, JPEG or SVG");
  if (facts.size > mostBytes)
    refuse(`has ${(facts.size / 1e6).toFixed(1)} MB`, "make it smaller: at most 1 MB, some 1000 pixels wide");
  // No more of it, though it may have grown since.
  return Bun.file(path)
    .slice(0, mostBytes)
    .bytes()
    .catch((error) => refuse(`cannot be read (${Object(error).code})`, "let the program's user read it"));
}

/** Which of the three it is, its content says, and never its name. */
function sourceOf(bytes: Uint8Array): LogoSource {
  if (beginsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    return imageOf("png", leanPng(bytes));
  if (beginsWith(bytes, [0xff, 0xd8, 0xff])) return imageOf("jpeg", leanJpeg(bytes));
  const text = textOf(bytes);
  if (text === null || !/<svg[\s>]/.test(text))
    refuse("is neither a PNG nor a JPEG nor an SVG, whatever it is called", "save the logo as one of them");
  try {
    const { inside, box } = safeSvg(text);
    return { width: box[2], height: box[3], viewBox: box.join(" "), inside, vector: true };
  } catch (error) {
    if (!(error instanceof SvgRefused)) throw error;
    return refuse(
      `is an SVG that ${error.message}`,
      "save it as PNG, or as a plain SVG with text as outlines",
    );
  }
}

function beginsWith(bytes: Uint8Array, start: number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A picture in a great many scans takes as many passes. */
const mostScans = 32;

function imageOf(type: "png" | "jpeg", lean: LeanImage | null): LogoSource {
  if (lean === null) return refuse("is cut short or broken", "save the picture again");
  const { bytes, width, height, scans } = lean;
  if (scans > mostScans) refuse("is a JPEG in a great many scans", "save it as PNG");
  const longer = Math.max(width, height);
  if (longer > sides.most || longer < sides.least)
    refuse(
      `is ${width}×${height} pixels`,
      `its longer side may have from ${sides.least} to ${sides.most}, and 1000 is plenty`,
    );
  const inside = `<image href="data:image/${type};base64,${bytes.toBase64()}" width="${width}" height="${height}"/>`;
  return { width, height, viewBox: `0 0 ${width} ${height}`, inside, vector: false };
}

/** How long a logo may take to be drawn, in milliseconds; an honest one takes some hundreds, and seconds where all is busy. */
const patience = 30_000;

/** Draws it in a worker, which can be ended in the middle: no limit on what is in a file bounds the time of drawing it. */
async function drawn(source: LogoSource, ms: number): Promise<LogoDrawn> {
  // The compiled program is one module, which runs anew in a worker: there main.ts hands on to the drawing.
  const place = import.meta.url.endsWith(".ts") ? "./logo.worker.ts" : import.meta.url;
  const worker = new Worker(new URL(place, import.meta.url).href);
  const { promise, resolve } = Promise.withResolvers<LogoDrawn | string>();
  const timer = setTimeout(() => resolve("takes too long to draw"), ms);
  worker.onmessage = ({ data }: MessageEvent<LogoDrawn | string>) => resolve(data);
  worker.onerror = () => resolve("cannot be drawn");
  worker.postMessage(source);
  const answer = await promise;
  clearTimeout(timer);
  worker.terminate();
  return typeof answer === "string" ? refuse(answer, "save it as a PNG some 1000 pixels wide") : answer;
}

/** Whether a pixel is at least half seen; beside the picture nothing is. */
function shownIn({ width, height, data }: Pixels): (x: number, y: number) => boolean {
  return (x, y) => x >= 0 && y >= 0 && x < width && y < height && (data[(y * width + x) * 4 + 3] ?? 0) >= 128;
}

/** The luminance of each pixel that is seen and has the ground beside it: within, a logo is told from itself. */
function outlineOf(pixels: Pixels): number[] {
  const shown = shownIn(pixels);
  const found: number[] = [];
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const inside = shown(x - 1, y) && shown(x + 1, y) && shown(x, y - 1) && shown(x, y + 1);
      if (inside || !shown(x, y)) continue;
      const at = (y * pixels.width + x) * 4;
      const [r = 0, g = 0, b = 0, alpha = 0] = pixels.data.subarray(at, at + 4);
      const own = (part: number) => (part * 255) / alpha;
      found.push(luminance([own(r), own(g), own(b)]));
    }
  }
  return found;
}

/** The contrast that all but the faintest tenth of an outline has to each of these colours. */
function contrastOn(outline: number[], colours: readonly string[]): number {
  const grounds = colours.map((colour) => luminance(rgb(colour)));
  const told = Float64Array.from(outline, (pixel) => Math.min(...grounds.map((one) => ratio(pixel, one))));
  return told.sort()[Math.floor(told.length * (1 - seen.share))] ?? 0;
}

/** The light plate where the logo is seen on it, else the better one: at least one is far enough from any one colour. */
function bestPlate(outline: number[]): string {
  const [light = "", dark = ""] = plates;
  const onLight = contrastOn(outline, [light]);
  return onLight >= seen.contrast || onLight >= contrastOn(outline, [dark]) ? light : dark;
}

/** Where a logo stands: its box, within which it is as large as it can be, and where in it when there is room. */
interface Place extends Size {
  x: number;
  y: number;
  anchor: "left" | "middle";
}

/** The logo in SVG, with the width that it takes, its plate included. */
export function logoAt(
  logo: Logo,
  place: Place,
  detail: "small" | "large" = "small",
): { svg: string; width: number } {
  const inset = logo.plate === null ? 0 : Math.round(place.height * 0.12);
  const by = Math.min((place.width - 2 * inset) / logo.width, (place.height - 2 * inset) / logo.height);
  const [width, height] = [logo.width * by, logo.height * by];
  const taken = width + 2 * inset;
  const x = place.anchor === "left" ? place.x : place.x + (place.width - taken) / 2;
  const y = place.y + (place.height - height) / 2;
  const plate =
    logo.plate === null
      ? ""
      : `<rect x="${x}" y="${y - inset}" width="${taken}" height="${height + 2 * inset}" rx="${inset * 1.5}" fill="${logo.plate}"/>`;
  const image = `<image href="${logo[detail]}" x="${x + inset}" y="${y}" width="${width}" height="${height}"/>`;
  return { svg: plate + image, width: taken };
}
