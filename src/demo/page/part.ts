// What a part of the page is.

import type { Shows } from "./protocol.ts";

/** `draw` shows what is now; `speak` writes its own words again when the language has changed. */
export interface Part {
  draw(shows: Shows): void;
  speak?(): void;
}
