// Colours as `#rrggbb`, and how well one is read on another.

/** Red, green and blue, 0 to 255. */
export function rgb(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The first colour with so much of the second, 0 to 1. */
export function mix(colour: string, other: string, share: number): string {
  const added = rgb(other);
  const parts = rgb(colour).map((part, i) => Math.round(part + ((added[i] ?? 0) - part) * share));
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance as WCAG 2.2 defines it, 0 to 1. */
export function luminance([r, g, b]: readonly [number, number, number]): number {
  const linear = (part: number) => {
    const s = part / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** The contrast of two luminances as WCAG 2.2 defines it: 1 to 21; text needs 4.5, a mark 3. */
export function ratio(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** The contrast of two colours. */
export function contrast(one: string, other: string): number {
  return ratio(luminance(rgb(one)), luminance(rgb(other)));
}
