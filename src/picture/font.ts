// Reads from a TrueType file which characters it draws and how wide they are, so that text can be cleaned and fitted.

/** What is needed to set a line of text: `advance` is in parts of the font size, undefined for what it cannot draw. */
export interface Font {
  file: Uint8Array;
  advance: (codePoint: number) => number | undefined;
}

/** Reads the tables `head`, `hhea`, `hmtx` and `cmap` (format 4: every character below U+10000). */
export function readFont(file: Uint8Array): Font {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const head = table(view, "head");
  const hhea = table(view, "hhea");
  const hmtx = table(view, "hmtx");
  const units = view.getUint16(head + 18);
  const measured = view.getUint16(hhea + 34);
  // Glyphs past the last measured one share its width.
  const width = (glyph: number) => view.getUint16(hmtx + 4 * Math.min(glyph, measured - 1)) / units;
  const glyphOf = characterMap(view, table(view, "cmap"));
  return {
    file,
    advance(codePoint) {
      const glyph = glyphOf(codePoint);
      return glyph === 0 ? undefined : width(glyph);
    },
  };
}

function table(view: DataView, tag: string): number {
  const count = view.getUint16(4);
  for (let at = 12; at < 12 + count * 16; at += 16) {
    const found = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    if (found === tag) return view.getUint32(at + 8);
  }
  throw new Error(`the font has no table ${tag}`);
}

/** Glyph numbers by character; 0 is the glyph of what is missing. */
function characterMap(view: DataView, cmap: number): (codePoint: number) => number {
  const count = view.getUint16(cmap + 2);
  for (let i = 0; i < count; i++) {
    const at = cmap + view.getUint32(cmap + 8 + i * 8);
    if (view.getUint16(at) === 4) return segments(view, at);
  }
  throw new Error("the font has no character map of format 4");
}

function segments(view: DataView, at: number): (codePoint: number) => number {
  // Four parallel columns of 16-bit numbers: last characters, (a pad), first characters, deltas, offsets of glyph lists.
  const bytes = view.getUint16(at + 6);
  const ends = at + 14;
  const starts = ends + bytes + 2;
  const deltas = starts + bytes;
  const offsets = deltas + bytes;
  return (codePoint) => {
    for (let i = 0; i < bytes; i += 2) {
      if (view.getUint16(ends + i) < codePoint) continue;
      const start = view.getUint16(starts + i);
      if (start > codePoint) return 0;
      const delta = view.getUint16(deltas + i);
      const offset = view.getUint16(offsets + i);
      if (offset === 0) return (codePoint + delta) & 0xffff;
      const glyph = view.getUint16(offsets + i + offset + 2 * (codePoint - start));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}
