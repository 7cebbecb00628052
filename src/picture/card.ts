// Draws the client's loyalty card.

import encodeQR from "qr";
import { size, studio, textAt } from "./render.ts";
import { fit, fitInTwo } from "./text.ts";

/** What stands on a card. All words are handed in; anything the font cannot draw is left out. */
export interface CardContent {
  /** The business. */
  title: string;
  /** The client, when a name is known. */
  name: string | null;
  /** Already formatted: `340,24`. */
  balance: string;
  /** The word that fits the balance: `балла`. */
  unit: string;
  /** The last four digits of the phone. */
  digits: string;
  /** What the QR code says: `https://t.me/bot?start=…`. */
  link: string;
}

const edge = 72;
// The code's box stands so far inside the panel that the round corners stay out of its quiet zone.
const panel = { side: 440, inset: 13, round: 44, x: size.width - edge - 440, y: size.height - edge - 440 };
// Left of the code, with air between.
const column = panel.x - edge - 48;

// Telegram shows photos as JPEG, which knows no transparency: the card fills the picture, and Telegram rounds its corners.
// The gradient goes straight down because equal pixels in a row compress: a slanted one made the PNG four times as large.
const ground = `
<linearGradient id="g" x2="0" y2="1">
<stop offset="0" stop-color="#2b1a55"/><stop offset="0.6" stop-color="#63338f"/><stop offset="1" stop-color="#b24d8d"/>
</linearGradient>
<rect width="${size.width}" height="${size.height}" fill="url(#g)"/>
<g fill="#fff"><circle cx="1110" cy="40" r="330" fill-opacity="0.06"/><circle cx="1180" cy="-40" r="250" fill-opacity="0.06"/>
<circle cx="90" cy="800" r="300" fill-opacity="0.05"/></g>
<rect x="${panel.x}" y="${panel.y}" width="${panel.side}" height="${panel.side}" rx="${panel.round}" fill="#fff"/>`;

/** The PNG of a card with a QR code that a phone reads from a screen. */
export async function cardPicture(card: CardContent): Promise<Uint8Array> {
  const { medium, bold, render } = await studio();
  const title = fitInTwo(card.title, bold, size.width - 2 * edge, 60, 46);
  const balance = fit(card.balance, bold, column, 152, 56);
  const unit = fit(card.unit, medium, column, 44, 26);
  const name = fit(card.name ?? "", medium, column, 44, 30);
  const digits = fit(`•••• ${card.digits}`, medium, column, 36, 24);
  const { x, y, side, inset } = panel;
  const code = qrPath(card.link, x + inset, y + inset, side - 2 * inset);
  return render(
    [
      ground,
      ...title.map((line, i) => textAt(edge, 128 + i * 60, line, `font-weight="700" fill="#fff"`)),
      textAt(edge, 442, balance, `font-weight="700" fill="#fff"`),
      textAt(edge, 514, unit, `font-weight="500" fill="#e6d8f5"`),
      textAt(edge, 630, name, `font-weight="500" fill="#fff"`),
      textAt(edge, 684, digits, `font-weight="500" fill="#e6d8f5" letter-spacing="2"`),
      `<path d="${code}" fill="#1d1238" shape-rendering="crispEdges"/>`,
    ].join(""),
  );
}

// The light modules that the standard asks for on every side.
const quiet = 4;

/**
 * Dark squares for a square box of `side` pixels at (x, y), with error correction M and at least the quiet zone inside
 * the box. The box itself is to be light. Throws when the text is longer than a QR code holds (about 2 300 bytes).
 */
function qrPath(text: string, x: number, y: number, side: number): string {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: quiet });
  const module = Math.max(1, Math.floor(side / rows.length));
  const margin = Math.floor((side - rows.length * module) / 2);
  let path = "";
  rows.forEach((row, r) => {
    const top = y + margin + r * module;
    for (let c = 0; c < row.length; c++) {
      if (!row[c]) continue;
      // Neighbours in a row are one rectangle: less to draw, and no seams.
      const first = c;
      while (row[c + 1]) c++;
      const width = (c - first + 1) * module;
      path += `M${x + margin + first * module} ${top}h${width}v${module}h-${width}z`;
    }
  });
  return path;
}
