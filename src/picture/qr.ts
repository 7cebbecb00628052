// A QR code as a path of SVG.

import encodeQR from "qr";

/** The code's dark squares on the salon's own white panel. */
export const qrInk = "#1d1238";

// The light modules that the standard asks for on every side.
const quiet = 4;

/**
 * Dark squares for a square box of `side` pixels at (x, y), with error correction M and at least the quiet zone inside
 * the box. The box itself is to be light. Throws when the text is longer than a QR code holds (about 2 300 bytes).
 */
export function qrPath(text: string, x: number, y: number, side: number): string {
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
