// How long transactions wait for a connection of the pool.

import type { Db } from "./connect.ts";

/** Told of each transaction: how many milliseconds it waited, and then that it is over. */
export interface WaitWatch {
  begun(waitedMs: number): void;
  ended(): void;
}

/**
 * Watches the transactions of a pool. The wait is from asking until the first statement may go: a free connection, and
 * BEGIN answered. Single queries are not seen: postgres.js sends them down busy connections, behind others.
 */
export function watchWaits(db: Db, watch: WaitWatch): void {
  const begin: (...args: unknown[]) => Promise<unknown> = db.begin.bind(db) as never;
  const watched = (...args: unknown[]) => {
    const asked = performance.now();
    const work = args.pop() as (tx: unknown) => unknown;
    return begin(...args, async (tx: unknown) => {
      watch.begun(performance.now() - asked);
      try {
        return await work(tx);
      } finally {
        watch.ended();
      }
    });
  };
  Object.assign(db, { begin: watched });
}
