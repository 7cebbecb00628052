// Shares out reading among two transactions that see the same, which are two processes of the server: the caller's own, and
// one on a connection beside its pool.

import { beside, type Db, inTransaction, type Tx } from "../db/connect.ts";
import { exportedSnapshot, holdToProve } from "./proofs.store.ts";

/** Has a task done by whichever transaction is free. It may be begun anew: what it finds, it returns. */
export type Sharing = <T>(task: (tx: Tx) => Promise<T>) => Promise<T>;

interface Job {
  run(tx: Tx): Promise<void>;
}

/**
 * Does the work, whose tasks are shared out. The second transaction is never waited for: it takes tasks once it is there, and
 * where it cannot come or breaks, the first one does them all, so that two such works at once never wait for each other. It
 * is one a task: behind PgBouncer, whoever waits for a connection has it next. Throws what the first one does.
 */
export async function byTwoHands<T>(db: Db | null, tx: Tx, work: (share: Sharing) => Promise<T>): Promise<T> {
  const waiting: Job[] = [];
  let over = false;
  let change = Promise.withResolvers<void>();
  const changed = () => {
    change.resolve();
    change = Promise.withResolvers();
  };
  const snapshot = db && (await exportedSnapshot(tx));
  const second = db && (snapshot === null ? null : beside(db));

  const help = async (second: Db) => {
    while (!over) {
      if (waiting.length === 0) await change.promise;
      else
        await inTransaction(second, async (other) => {
          await holdToProve(other, snapshot);
          const job = waiting.shift();
          if (!job) return; // the first one has taken it
          await job.run(other).catch((error) => {
            waiting.unshift(job);
            changed();
            throw error;
          });
        });
    }
  };

  const done = work(
    (task) =>
      new Promise((resolve) => {
        waiting.push({ run: async (one) => resolve(await task(one)) });
        changed();
      }),
  ).finally(() => {
    over = true;
    changed();
  });
  done.catch(() => {}); // thrown below, once the first one is through with what it does
  try {
    if (second) help(second).catch(() => {}); // what it leaves, the first one does
    while (!over) {
      const job = waiting.shift();
      await (job ? job.run(tx) : change.promise);
    }
    return await done;
  } finally {
    over = true;
    changed();
    await second?.end({ timeout: 0 });
  }
}
