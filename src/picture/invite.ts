// Draws a QR code that opens the bot on somebody else's phone, to be scanned from the screen of whoever holds this one.

import { logoAt } from "./logo.ts";
import { groundOf, type Look, plainLook } from "./look.ts";
import { qrInk, qrPath } from "./qr.ts";
import { type Size, studio, textAt } from "./render.ts";
import { fitInTwo } from "./text.ts";

/** What stands on it. All words are handed in; anything the font cannot draw is left out. */
interface InviteContent {
  /** The business. */
  title: string;
  /** What to do, one line or two: `Наведите камеру телефона`. */
  line: string;
  /** What the code says: what the messenger's `link()` gives. */
  link: string;
}

/** Draws it: handed to whoever sends it. */
export type Invite = (invite: InviteContent) => Promise<Uint8Array>;

// Upright, as phones are held: the code takes most of the screen's width.
const width = 1_000;
const edge = 72;
const panel = { side: width - 2 * edge, inset: 26, round: 56 };

/** The PNG of a code that a phone's camera reads from another phone's screen, with the salon's name above and a line below. */
export async function invitePicture(
  { title, line, link }: InviteContent,
  look: Look = plainLook,
): Promise<Uint8Array> {
  const { medium, bold, render } = await studio();
  const { side, inset, round } = panel;
  const heading = fitInTwo(title, bold, side, 64, 48, true);
  const words = fitInTwo(line, medium, side, 44, 34, true);
  const logo = look.logo && logoAt(look.logo, { x: edge, y: 64, width: side, height: 140, anchor: "middle" });
  const down = logo ? 156 : 0;
  const top = 224 + down;
  const sheet: Size = { width, height: top + side + 160 };
  const first = down + (heading.length === 1 ? 138 : 104);
  const code = qrPath(link, edge + inset, top + inset, side - 2 * inset);
  const inked = `fill="${look.ink}" text-anchor="middle"`;
  return render(
    [
      groundOf(look, sheet),
      logo?.svg ?? "",
      `<rect x="${edge}" y="${top}" width="${side}" height="${side}" rx="${round}" fill="#fff"/>`,
      `<path d="${code}" fill="${qrInk}" shape-rendering="crispEdges"/>`,
      ...heading.map((one, i) => textAt(width / 2, first + i * 66, one, `font-weight="700" ${inked}`)),
      ...words.map((one, i) =>
        textAt(width / 2, top + side + 76 + i * 48, one, `font-weight="500" ${inked}`),
      ),
    ].join(""),
    sheet,
  );
}
