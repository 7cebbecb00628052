// What a long run has done so far, in a folder: one that was broken off goes on from there. Without a folder nothing is kept.

import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

export type Kept = ReturnType<typeof keptIn>;

/** The pieces of a run of which each has a name of its own and an outcome that is JSON. */
export function keptIn(folder: string | null) {
  let ms = 0;
  return {
    /** What came of this piece before, or comes of `work` now. It is kept whatever it is: a fault is not forgotten by going on. */
    async once<T>(name: string, work: () => Promise<T>): Promise<T> {
      if (folder === null) return await work();
      const file = join(folder, `${Bun.hash(name).toString(36)}.json`);
      if (await Bun.file(file).exists()) {
        const before: { came: T; ms: number } = await Bun.file(file).json();
        ms += before.ms;
        return before.came;
      }
      const began = performance.now();
      const came = await work();
      mkdirSync(folder, { recursive: true });
      await Bun.write(`${file}.new`, JSON.stringify({ name, came, ms: performance.now() - began }));
      renameSync(`${file}.new`, file);
      return came;
    },

    /** How long what was kept had taken, so many pieces beside each other; the run that ends adds it to its own time. */
    secondsBefore: (beside: number) => Math.round(ms / 1_000 / beside),

    /** The run is over: the next one begins anew. */
    over(): void {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}
