// Text that the executable holds packed: it would stand there several times over, in its source, its bytecode and its source map.

import { gunzipSync, gzipSync } from "node:zlib";

/** For `unpacked`. */
export function packed(text: string): string {
  return gzipSync(text, { level: 9 }).toString("base64");
}

/** The text again. */
export function unpacked(text: string): string {
  return gunzipSync(Buffer.from(text, "base64")).toString();
}
