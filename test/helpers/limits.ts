// What every messenger takes of a message: the least of what is written of each. Every walk's messages are held to it.

import type { Buttons, Channel } from "../../src/channels/channel.ts";
import { asPlain } from "../../src/texts/long.ts";

/** MAX takes 4000 characters and may count the marks too; Telegram takes 1024 under a picture or a file, without them. */
const mostWords = 4_000;
const mostBelow = 1_024;
/** MAX: rows, buttons in one, and in one that holds an address or asks for the contact; what stands on a button. */
const [mostRows, inRow, inRowOfLinks, onButton] = [30, 7, 3, 128];
const mostData = 64;

/** What a messenger would not take of a message; nothing where all is well. */
export function refusedOf(html: string, buttons: Buttons = [], below = false): string[] {
  const rows = buttons.filter((row) => row.length > 0);
  const wide = (row: Buttons[number]) =>
    row.length > (row.some((one) => "url" in one || "contact" in one) ? inRowOfLinks : inRow);
  const odd = rows.flat().filter(({ text }) => text.length === 0 || text.length > onButton);
  const heavy = rows.flat().filter((one) => "data" in one && Buffer.byteLength(one.data) > mostData);
  const words = below ? asPlain(html).length : html.length;
  return [
    ...(words > (below ? mostBelow : mostWords) ? [`${words} characters: ${html.slice(0, 60)}`] : []),
    ...(!below && asPlain(html).trim() === "" ? ["nothing that is seen"] : []),
    ...(rows.length > mostRows ? [`${rows.length} rows of buttons`] : []),
    ...(rows.some(wide) ? [`a row of too many buttons: ${html.slice(0, 60)}`] : []),
    ...odd.map(({ text }) => `a button of ${text.length} characters`),
    ...heavy.map(({ text }) => `too much data behind ${text}`),
  ];
}

/** The same channel, which notes what is refused of whatever is said by it. */
export function judged<Spoken extends Channel>(channel: Spoken, refused: string[]): Spoken {
  const note = (html: string, buttons?: Buttons, below = false) =>
    refused.push(...refusedOf(html, buttons, below));
  const judges: Partial<Channel> = {
    say(to, html, buttons) {
      note(html, buttons);
      return channel.say(to, html, buttons);
    },
    edit(to, message, html, buttons) {
      note(html, buttons);
      return channel.edit(to, message, html, buttons);
    },
    picture(to, picture, html, buttons) {
      note(html, buttons, true);
      return channel.picture(to, picture, html, buttons);
    },
    file(to, file, html, buttons) {
      note(html, buttons, true);
      return channel.file(to, file, html, buttons);
    },
  };
  return new Proxy(channel, {
    get: (of, name) => {
      const judge = Reflect.get(judges, name);
      if (judge) return judge;
      const own = Reflect.get(of, name, of);
      return typeof own === "function" ? own.bind(of) : own;
    },
    set: (of, name, value) => Reflect.set(of, name, value, of),
  });
}
