// Reads from a TrueType file which characters it draws and how wide they are, so that text can be cleaned and fitted; and
// makes its digits even.

/** What is needed to set a line of text: `advance` is in parts of the font size, undefined for what it cannot draw. */
export interface Font {
  file: Uint8Array;
  advance: (codePoint: number) => number | undefined;
}

/**
 * Reads the tables `head`, `hhea`, `hmtx`, `cmap` (format 4: every character below U+10000) and `GSUB`, by the OpenType
 * specification. In the file that comes back all digits are of one width.
 */
export function readFont(original: Uint8Array): Font {
  const file = original.slice();
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const head = table(view, "head");
  const hhea = table(view, "hhea");
  const hmtx = table(view, "hmtx");
  const units = view.getUint16(head + 18);
  const measured = view.getUint16(hhea + 34);
  // Glyphs past the last measured one share its width.
  const width = (glyph: number) => view.getUint16(hmtx + 4 * Math.min(glyph, measured - 1)) / units;
  const map = characterMap(view, table(view, "cmap"));
  evenFigures(view, map);
  const glyphOf = segments(view, map);
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

/** Where the map of format 4 begins. */
function characterMap(view: DataView, cmap: number): number {
  const count = view.getUint16(cmap + 2);
  for (let i = 0; i < count; i++) {
    const at = cmap + view.getUint32(cmap + 8 + i * 8);
    if (view.getUint16(at) === 4) return at;
  }
  throw new Error("the font has no character map of format 4");
}

/**
 * Points the digits at the font's own figures of one width, those of its feature `tnum`: the renderer knows no features.
 * The map must keep the digits in a segment of their own, and both kinds of figures in a row.
 */
function evenFigures(view: DataView, map: number): void {
  const { bytes, ends, starts, deltas } = columns(view, map);
  const glyphOf = segments(view, map);
  for (let i = 0; i < bytes; i += 2) {
    if (view.getUint16(starts + i) !== 0x30 || view.getUint16(ends + i) !== 0x39) continue;
    const by = tabular(view, glyphOf(0x30)) - glyphOf(0x30);
    view.setUint16(deltas + i, (view.getUint16(deltas + i) + by) & 0xffff);
    return;
  }
  throw new Error("the font's map has no segment for the digits alone");
}

/** The glyph of one width in place of the first one that `tnum` covers, which must be `zero`. */
function tabular(view: DataView, zero: number): number {
  const gsub = table(view, "GSUB");
  const features = gsub + view.getUint16(gsub + 6);
  const lookups = gsub + view.getUint16(gsub + 8);
  const count = view.getUint16(features);
  for (let at = features + 2; at < features + 2 + count * 6; at += 6) {
    if (view.getUint32(at) !== 0x746e756d) continue; // tnum
    const lookup =
      lookups + view.getUint16(lookups + 2 + 2 * view.getUint16(features + view.getUint16(at + 4) + 4));
    const single = lookup + view.getUint16(lookup + 6);
    const coverage = single + view.getUint16(single + 2);
    // A list of substitutes, for ranges of glyphs of which the first begins with zero.
    const known =
      view.getUint16(lookup) === 1 && view.getUint16(single) === 2 && view.getUint16(coverage) === 2;
    if (known && view.getUint16(coverage + 4) === zero) return view.getUint16(single + 6);
  }
  throw new Error("the font has no figures of one width in the form that is read here");
}

/** Where a map's four parallel columns of 16-bit numbers begin, and how many bytes each has. */
function columns(view: DataView, map: number) {
  const bytes = view.getUint16(map + 6);
  const ends = map + 14;
  const starts = ends + bytes + 2; // a pad between
  return { bytes, ends, starts, deltas: starts + bytes, offsets: starts + 2 * bytes };
}

/** Glyph numbers by character; 0 is the glyph of what is missing. */
function segments(view: DataView, map: number): (codePoint: number) => number {
  const { bytes, ends, starts, deltas, offsets } = columns(view, map);
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
