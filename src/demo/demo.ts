// The demo: a PostgreSQL, the stand-ins, the whole program, and a salon day.

import type { Shell } from "../cli/commands.ts";

/** Placeholder while the demo is being written by another hand. */
export async function demo(
  _shell: Shell,
  _options: { script: boolean; until: Promise<void> },
): Promise<number> {
  return 1;
}
