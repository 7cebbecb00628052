// What the salon's pictures stand on.

import type { Size } from "./render.ts";

/**
 * The ground of a picture of this size, in SVG. Telegram shows photos as JPEG, which knows no transparency: it fills the
 * picture, and Telegram rounds its corners.
 */
export function ground({ width, height }: Size): string {
  // The gradient goes straight down because equal pixels in a row compress: a slanted one made the PNG four times as large.
  return `
<linearGradient id="g" x2="0" y2="1">
<stop offset="0" stop-color="#2b1a55"/><stop offset="0.6" stop-color="#63338f"/><stop offset="1" stop-color="#b24d8d"/>
</linearGradient>
<rect width="${width}" height="${height}" fill="url(#g)"/>
<g fill="#fff"><circle cx="${width - 90}" cy="40" r="330" fill-opacity="0.06"/>
<circle cx="${width - 20}" cy="-40" r="250" fill-opacity="0.06"/>
<circle cx="90" cy="${height + 40}" r="300" fill-opacity="0.05"/></g>`;
}
