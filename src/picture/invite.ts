// Draws a QR code that opens the bot on somebody else's phone, to be scanned from the screen of whoever holds this one.

import { ground } from "./ground.ts";
import { qrInk, qrPath } from "./qr.ts";
import { type Size, studio, textAt } from "./render.ts";
import { fitInTwo } from "./text.ts";

/** What stands on it. All words are handed in; anything the font cannot draw is left out. */
export interface InviteContent {
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
const sheet: Size = { width: 1000, height: 1240 };
const edge = 72;
const panel = { side: sheet.width - 2 * edge, top: 224, inset: 26, round: 56 };

/** The PNG of a code that a phone's camera reads from another phone's screen, with the salon's name above and a line below. */
export async function invitePicture({ title, line, link }: InviteContent): Promise<Uint8Array> {
  const { medium, bold, render } = await studio();
  const middle = sheet.width / 2;
  const width = sheet.width - 2 * edge;
  const heading = fitInTwo(title, bold, width, 64, 48);
  const words = fitInTwo(line, medium, width, 44, 34);
  const { side, top, inset, round } = panel;
  const first = heading.length === 1 ? 138 : 104;
  const code = qrPath(link, edge + inset, top + inset, side - 2 * inset);
  return render(
    [
      ground(sheet),
      `<rect x="${edge}" y="${top}" width="${side}" height="${side}" rx="${round}" fill="#fff"/>`,
      `<path d="${code}" fill="${qrInk}" shape-rendering="crispEdges"/>`,
      ...heading.map((one, i) =>
        textAt(middle, first + i * 66, one, `font-weight="700" fill="#fff" text-anchor="middle"`),
      ),
      ...words.map((one, i) =>
        textAt(middle, top + side + 76 + i * 48, one, `font-weight="500" fill="#fff" text-anchor="middle"`),
      ),
    ].join(""),
    sheet,
  );
}
