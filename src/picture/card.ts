// Draws the client's loyalty card.

import { ground } from "./ground.ts";
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

const background = `${ground(size)}
<rect x="${panel.x}" y="${panel.y}" width="${panel.side}" height="${panel.side}" rx="${panel.round}" fill="#fff"/>`;

/** The PNG of a card with a QR code that a phone reads from a screen. */
export async function cardPicture(card: CardContent): Promise<Uint8Array> {
  const { medium, bold, render } = await studio();
  const title = fitInTwo(card.title, bold, size.width - 2 * edge, 60, 46);
  const balance = fit(card.balance, bold, column, 152, 56);
  const unit = fit(card.unit, medium, column, 44, 26);
  const asOf = fit(card.asOf, medium, column, 32, 22);
  const name = fit(card.name ?? "", medium, column, 44, 30);
  const digits = fit(`•••• ${card.digits}`, medium, column, 36, 24);
  const { x, y, side, inset } = panel;
  const code = qrPath(card.link, x + inset, y + inset, side - 2 * inset);
  return render(
    [
      background,
      ...title.map((line, i) => textAt(edge, 128 + i * 60, line, `font-weight="700" fill="#fff"`)),
      textAt(edge, 442, balance, `font-weight="700" fill="#fff" letter-spacing="${-0.045 * balance.size}"`),
      textAt(edge, 514, unit, `font-weight="500" fill="#e6d8f5"`),
      textAt(edge, 562, asOf, `font-weight="500" fill="#e6d8f5"`),
      textAt(edge, 636, name, `font-weight="500" fill="#fff"`),
      textAt(edge, 688, digits, `font-weight="500" fill="#e6d8f5"`),
      `<path d="${code}" fill="${qrInk}" shape-rendering="crispEdges"/>`,
    ].join(""),
  );
}
