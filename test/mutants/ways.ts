/** Faults in the ways in from outside: the page of several messengers, codes that are typed, and a card that is carried over. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const ways = [
  ...mutantsIn("chat/ways.ts", ["channels/ways"], {
    "with one messenger a card's code leads to a page that is not there":
      "if (shop.publicUrl === null[- || channels.all.length < 2-]) return null;",
    "the page is named where there is no address for it":
      "if ([-shop.publicUrl === null || -]channels.all.length < 2) return null;",
    "with one messenger a code that is typed is a command":
      "return [-channels.all.length < 2-]{+false+} ? null",
    "words that hold a code are taken for it": "const typed = /[-^-](?:https?",
    "without a page an invitation is of one messenger": "return [-all-]{+[channel]+}.map((one) =>",
  }),
  ...mutantsIn("client/way-page.ts", ["channels/ways"], {
    "the page may load what it likes": `"default-src 'none'[-"-]{+ *"+},`,
    "the page tells the messenger whose code it was": '"referrer-policy": "[-no-referrer-]{+unsafe-url+}"',
    "copies of the page are kept": '"cache-control": "[-no-store-]{+public+}"',
  }),
  ...mutantsIn("http/http.ts", ["channels/ways"], {
    "whatever stands in the page's address comes into the page":
      'if (!ways[- || set.status === 404-]) return "";',
  }),
  ...mutantsIn("client/carry.chat.ts", ["channels/ways"], {
    "a card is carried to where it is": "return others[-.filter(({ name }) => !has.has(name))-];",
    "whoever has no card is offered to carry it":
      "if (others.length === 0[- || (await holdingOf(db, account)) === null-]) return [];",
  }),
  ...mutantsIn("chat/menu.ts", ["channels/ways"], {
    "a chat whose keys do not stay has none": "if ([-channel.keysStay-]{+true+}) return buttons;",
  }),
  ...mutantsIn("notices/telling.ts", ["channels/second-channel"], {
    "what comes by itself has no key below it where keys do not stay": "[...buttons[-, ...keys-]]",
  }),
  ...mutantsIn("till/screen.texts.ts", ["texts/limits"], {
    "names on a card make a message that MAX does not take": "<= [-maxOfPeople-]{+1e9+}) shown.push",
  }),
  ...mutantsIn("client/mydata.texts.ts", ["texts/limits"], {
    "names in the journal make a message that MAX does not take": "Math.floor(at / [-5-]{+500+})",
  }),
];
