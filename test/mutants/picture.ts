/** Faults in pictures and in what the bot shows of itself: hostile files, ink that is not read, a person's words. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is sought is source text
import { mutantsIn } from "./mutant.ts";

export const picture = [
  ...mutantsIn("picture/svg.ts", ["picture/logo"], {
    "a logo fetches what it names": "if ({+false && +}/href$/.test(key)) {",
    "a colour of a logo leads outside": "if ({+false && +}/\\burl\\b|[\\\\]/i.test(plain",
    "a style sheet of a logo brings another": "if ({+false && +}/\\burl\\b|@|\\\\/i.test(bare)) throw",
    "a script of a logo is passed over": "if ({+false && +}/^on/i.test(key)) throw",
    "what is unknown in a logo is drawn": "if ({+false && +}!drawn.has(name)) throw",
    "uses of uses are counted once": "for (const one of [...children[-, ...targets-]])",
  }),
  ...mutantsIn("picture/logo.ts", ["picture/logo"], {
    "a logo of any number of bytes is read": "if ([-facts.size > mostBytes-]{+false+})",
    "a logo of any number of pixels is drawn": "if ([-longer > sides.most || -]longer < sides.least)",
    "a JPEG of any number of scans is drawn": "if ([-scans > mostScans-]{+false+})",
    "a logo is drawn for as long as it takes": 'resolve("takes too long to draw"), ms{+ * 9+});',
    "a logo stands where it is not seen":
      "[-whole || contrastOn(outline, grounds) >= seen.contrast-]{+true+} ? null",
    "a pale logo stands on a white plate":
      "[-onLight >= contrastOn(outline, [dark])-]{+true+} ? light : dark;",
    "what is within a logo must be seen on the ground": "if ([-inside || -]!shown(x, y)) continue;",
    "a name beside a mark is not looked at": "share: 0.[-9-]{+4+} };",
  }),
  ...mutantsIn("picture/lean.ts", ["picture/logo"], {
    "what a PNG packs beside its pixels is unpacked": "if ([-pngChunks.includes(type)-]{+true+}) kept.push",
    "a PNG's size is read where no header stands": '[-(type === "IHDR") !== (at === 8) || -](at',
    "a JPEG's second frame is drawn, and the first one's size believed": "if ([-size !== null || -]end <",
    "a filler of a JPEG is taken for a marker": "const filler = [-marker === 0xff-]{+false+};",
  }),
  ...mutantsIn("picture/look.ts", ["picture/look"], {
    "writing is white on any colour": 'contrast(one, colour) >= [-legible-]{+0+}) ?? "#000000"',
    "what is written beside is too pale": "soft: [-contrast(soft, colour) >= legible ? soft : ink-]{+soft+},",
    "the ground goes towards the ink":
      'const away = ink === light ? [-"#000000" : light-]{+light : "#000000"+};',
  }),
  ...mutantsIn("chat/menu.ts", ["chat/profile"], {
    "a person's words about the bot are written over":
      'written === [-"" || written === russian[part]-]{+written || written === russian[part]+};',
    "ours hide a person's words in another language":
      "profileParts.filter((part) => [-isFree(found[0]?.[part], part)-]{+true+});",
  }),
  ...mutantsIn("owners/poster.texts.ts", ["owners/poster"], {
    "the poster promises what is not given": "gift: rateWords(language, [-of-]{+{ ...of, percent: 100 }+}),",
    "the poster promises the whole bill": 'на кассе`, [-programmeRu.most(of)-]{+""+},',
  }),
];
