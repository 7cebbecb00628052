// The real program as a process of its own, started again when it dies, as a container's restart policy does.

import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError } from "../errors.ts";

/** `starting` until it answers that it is ready; `dead` until it is started again. */
type ProgramState = "starting" | "running" | "dead";
export type Program = ReturnType<typeof startProgram>;

/** How long it stays dead: long enough for a person to see that it is. */
const deadMs = 3_000;

/**
 * Ends the program when our end of its standard input closes without a word: when the demo dies, however it dies, since
 * the kernel closes the pipe then. A word means that the program is over already and its pid may be another's.
 */
const WATCHER = 'read -r over || kill -KILL "$1" 2>/dev/null';

/**
 * Runs `command` with this environment and no other, and again whenever it ends. `address` is where it will answer;
 * `changed` is called whenever its state does. It ends with `stop`, or with this process at the latest.
 */
export function startProgram(
  command: string[],
  settings: Record<string, string>,
  { address, changed }: { address: string; changed: () => void },
) {
  const stopping = new AbortController();
  let state: ProgramState = "starting";
  let deaths = 0;
  let env = settings;
  let isAsked = false;
  let living = spawn();
  const life = live();

  function become(next: ProgramState): void {
    state = next;
    changed();
  }

  function spawn() {
    // A session of its own: Ctrl-C is for the demo, which then ends the program in order.
    const options = {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "inherit",
      detached: true,
      cwd: "/",
    } as const;
    const started = Bun.spawn(command, { ...options, env });
    const watcher = Bun.spawn(["/bin/sh", "-c", WATCHER, "watch", String(started.pid)], {
      ...options,
      stdin: "pipe",
      stderr: "ignore",
      env: { PATH: "/usr/bin:/bin" },
    });
    const over = started.exited.then(async () => {
      watcher.stdin.write("over\n");
      await watcher.stdin.end();
      await watcher.exited;
    });
    return { service: started, over };
  }

  async function live(): Promise<void> {
    while (!stopping.signal.aborted) {
      const born = living;
      void untilReady(born);
      await born.over;
      if (stopping.signal.aborted) return;
      if (!isAsked) {
        deaths += 1;
        become("dead");
        await sleep(deadMs, undefined, { signal: stopping.signal }).catch(() => {});
      }
      isAsked = false;
      if (stopping.signal.aborted) return;
      living = spawn();
      become("starting");
    }
  }

  async function untilReady(born: typeof living): Promise<void> {
    while (born.service.exitCode === null && born.service.signalCode === null && !stopping.signal.aborted) {
      const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
        () => null,
      );
      if (answer?.ok && born === living) return become("running");
      await Bun.sleep(50);
    }
  }

  return {
    get state(): ProgramState {
      return state;
    },
    /** How often it ended without being asked to. */
    get deaths(): number {
      return deaths;
    },
    /** Kills it as a power cut does: no word, no clean end. */
    kill(): void {
      living.service.kill("SIGKILL");
    },
    /** Ends it in order and starts it with these settings, as an owner does who has changed them. */
    startAnew(next: Record<string, string>): void {
      [env, isAsked] = [next, true];
      living.service.kill("SIGTERM");
    },
    /** Resolves when it answers for the first time; throws an `OperatorError` when it ends before that. */
    async ready(signal: AbortSignal): Promise<void> {
      while (state !== "running") {
        signal.throwIfAborted();
        if (deaths > 0) throw new OperatorError("The program could not start: see what it said above.");
        await Bun.sleep(20);
      }
    },
    /** Ends it in order, by force when that takes too long. */
    async stop(): Promise<void> {
      stopping.abort();
      living.service.kill("SIGTERM");
      const force = setTimeout(() => living.service.kill("SIGKILL"), 15_000);
      await life;
      await living.over;
      clearTimeout(force);
    },
  };
}
