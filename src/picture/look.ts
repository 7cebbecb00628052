// How the salon's pictures look: the ground, the ink that is read on it, and the logo.

import { contrast, mix } from "./colour.ts";
import { type Logo, readLogo } from "./logo.ts";
import type { Size } from "./render.ts";

/** Colours as `#rrggbb`. */
export interface Look {
  /** The ground's colours at the top, at six tenths of the way, and at the bottom. */
  stops: readonly [string, string, string];
  /** What is written, and what is written beside it. */
  ink: string;
  soft: string;
  /** What the circles on the ground are made of: where they lie, the ink is read no worse. */
  circles: string;
  logo: Logo | null;
}

/** Our own look, for a salon that has not said another. */
export const plainLook: Look = {
  stops: ["#2b1a55", "#63338f", "#b24d8d"],
  ink: "#ffffff",
  soft: "#e6d8f5",
  circles: "#ffffff",
  logo: null,
};

/** What WCAG 2.2 asks of text of any size (level AA). */
const legible = 4.5;
const light = "#ffffff";

/** In the salon's colour, with the first of these inks that is read on it: whichever colour it is, black is where white is not. */
export function lookOf(colour: string | null): Look {
  if (colour === null) return plainLook;
  const ink = [light, "#1d1238"].find((one) => contrast(one, colour) >= legible) ?? "#000000";
  // Towards the bottom the ground goes away from the ink.
  const away = ink === light ? "#000000" : light;
  const soft = mix(ink, colour, 0.15);
  return {
    stops: [colour, mix(colour, away, 0.12), mix(colour, away, 0.28)],
    ink,
    soft: contrast(soft, colour) >= legible ? soft : ink,
    circles: away,
    logo: null,
  };
}

/** The look that the settings say. Throws a `LogoRefused` that says what is wrong with the logo's file. */
export async function readLook(settings: {
  cardColor: string | null;
  cardLogo: string | null;
}): Promise<Look> {
  const look = lookOf(settings.cardColor);
  const { cardLogo } = settings;
  return cardLogo === null ? look : { ...look, logo: await readLogo(cardLogo, look.stops) };
}

/**
 * The ground of a picture of this size, in SVG. Telegram shows photos as JPEG, which knows no transparency: it fills the
 * picture, and Telegram rounds its corners.
 */
export function groundOf({ stops: [top, middle, bottom], circles }: Look, { width, height }: Size): string {
  // The gradient goes straight down because equal pixels in a row compress: a slanted one made the PNG four times as large.
  return `
<linearGradient id="g" x2="0" y2="1">
<stop offset="0" stop-color="${top}"/><stop offset="0.6" stop-color="${middle}"/><stop offset="1" stop-color="${bottom}"/>
</linearGradient>
<rect width="${width}" height="${height}" fill="url(#g)"/>
<g fill="${circles}"><circle cx="${width - 90}" cy="40" r="330" fill-opacity="0.06"/>
<circle cx="${width - 20}" cy="-40" r="250" fill-opacity="0.06"/>
<circle cx="90" cy="${height + 40}" r="300" fill-opacity="0.05"/></g>`;
}
