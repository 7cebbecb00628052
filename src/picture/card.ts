// Draws the client's loyalty card.

import { logoAt } from "./logo.ts";
import { groundOf, type Look, plainLook } from "./look.ts";
import { qrInk, qrPath } from "./qr.ts";
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
  /** When it held that much: `на 26 ноября 2026, 14:20`. A picture that somebody saved grows old. */
  asOf: string;
  /** What ends next, each with its day and the nearest first; two at most. Not there where nothing ends. */
  ends?: readonly string[];
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

/** The PNG of a card with a QR code that a phone reads from a screen. */
export async function cardPicture(card: CardContent, look: Look = plainLook): Promise<Uint8Array> {
  const { medium, bold, render } = await studio();
  const logo = look.logo && logoAt(look.logo, { x: edge, y: 52, width: 330, height: 112, anchor: "left" });
  const beside = edge + (logo ? logo.width + 36 : 0);
  const title = fitInTwo(card.title, bold, size.width - edge - beside, 60, 46);
  const balance = fit(card.balance, bold, column, 152, 56);
  const unit = fit(card.unit, medium, column, 44, 26);
  const asOf = fit(card.asOf, medium, column, 32, 22);
  const shown = (card.ends ?? []).slice(0, 2);
  // Both in the size of the longer one.
  const even = Math.min(32, ...shown.map((line) => fit(line, medium, column, 32, 18).size));
  const ends = shown.map((line) => fit(line, medium, column, even, even));
  // What stands over the name makes room for them.
  const lifted = ends.length === 0 ? 0 : 42 * ends.length - 8;
  const name = fit(card.name ?? "", medium, column, 44, 30);
  const digits = fit(`•••• ${card.digits}`, medium, column, 36, 24);
  const { x, y, side, inset, round } = panel;
  const code = qrPath(card.link, x + inset, y + inset, side - 2 * inset);
  const inked = `font-weight="500" fill="${look.ink}"`;
  const soft = `font-weight="500" fill="${look.soft}"`;
  const heavy = `font-weight="700" fill="${look.ink}"`;
  // Beside a logo two lines stand in its middle; without one they begin where one does.
  const first = logo && title.length === 2 ? 98 : 128;
  return render(
    [
      groundOf(look, size),
      logo?.svg ?? "",
      ...title.map((line, i) => textAt(beside, first + i * 60, line, heavy)),
      textAt(edge, 442 - lifted, balance, `${heavy} letter-spacing="${-0.045 * balance.size}"`),
      textAt(edge, 514 - lifted, unit, soft),
      textAt(edge, 562 - lifted, asOf, soft),
      ...ends.map((line, i) => textAt(edge, 562 - lifted + 42 * (i + 1), line, inked)),
      textAt(edge, 636, name, inked),
      textAt(edge, 688, digits, soft),
      `<rect x="${x}" y="${y}" width="${side}" height="${side}" rx="${round}" fill="#fff"/>`,
      `<path d="${code}" fill="${qrInk}" shape-rendering="crispEdges"/>`,
    ].join(""),
  );
}
