// The demo as a person starts it, from source, on the tests' own PostgreSQL.
import { join } from "node:path";
import postgres from "postgres";
import { adminUrl } from "../helpers/preload.ts";

const main = join(import.meta.dir, "../../src/main.ts");

export function startDemo(...options: string[]) {
  return Bun.spawn([process.execPath, main, "demo", ...options], {
    env: { PATH: process.env.PATH, DATABASE_URL: adminUrl },
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** The database that a demo of this pid has made, while it is there. */
export async function databaseOf(pid: number): Promise<unknown[]> {
  const admin = postgres(adminUrl, { max: 1 });
  try {
    return [...(await admin`select datname from pg_database where datname = ${`loyalty_demo_${pid}`}`)];
  } finally {
    await admin.end();
  }
}

/** Starts it and waits for the address of its page. */
export async function openDemo() {
  const demo = startDemo();
  // A run that is broken off reaches no `afterAll`.
  process.on("exit", () => void demo.kill("SIGINT"));
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const read = async () => {
    let text = "";
    for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
      if (address) resolve(address);
    }
    reject(new Error(`the demo did not start: ${text}`));
  };
  void read();
  const address = await promise;
  /** Its exit code, once it has ended in order. */
  const end = (): Promise<number> => {
    demo.kill("SIGINT");
    return demo.exited;
  };
  return { address, end };
}
