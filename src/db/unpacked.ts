// Text that was packed while the program was built.

import { gunzipSync } from "node:zlib";

/** The text again. */
export function unpacked(text: string): string {
  return gunzipSync(Buffer.from(text, "base64")).toString();
}
