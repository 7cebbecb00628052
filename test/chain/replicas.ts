// The programs of the chain, and the door before them that hands what comes in to one after the other.

import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../src/standins/postgres/postgres.ts";
import { cpuMs, memoryMb, noted } from "../bench/machine.ts";

export type Env = Record<string, string>;

/** What was seen of a replica: percent of a core since the sight before, and resident memory. */
export interface Sight {
  at: number;
  replica: number;
  cpu: number;
  mb: number;
}

/** One of several programs on one database; one that was killed may be started again at its place. */
export class Replica {
  readonly port = freePort();
  /** The log of each of its processes. */
  readonly logs: string[] = [];
  #child: Bun.Subprocess;
  #seen = { at: performance.now(), cpuMs: 0 };
  /** The last reading of the metrics of each process. */
  readonly #metrics = new Map<number, string>();

  constructor(
    private readonly number: number,
    private readonly path: string,
    private readonly env: Env,
    private readonly folder: string,
  ) {
    this.#child = this.#spawn();
  }

  #spawn(): Bun.Subprocess {
    const log = join(this.folder, `replica-${this.number}-${this.logs.length + 1}.log`);
    this.logs.push(log);
    this.#seen = { at: performance.now(), cpuMs: 0 };
    return noted(
      Bun.spawn([this.path], {
        env: { PATH: process.env.PATH ?? "", ...this.env, PORT: String(this.port) },
        ...{ cwd: tmpdir(), stdin: "ignore", stdout: "ignore", stderr: Bun.file(log) },
      }),
    );
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves once it is ready; throws where it ended instead. */
  async ready(): Promise<void> {
    while ((await this.readyz()) !== 200) {
      if (this.#child.exitCode !== null) throw new Error(`a replica ended: ${await this.#said()}`);
      await Bun.sleep(50);
    }
  }

  /** What /readyz answers; 0: nothing. */
  readyz(): Promise<number> {
    return fetch(`${this.address}/readyz`).then(
      ({ status }) => status,
      () => 0,
    );
  }

  #said(): Promise<string> {
    return Bun.file(this.logs.at(-1) ?? "").text();
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  again(): Promise<void> {
    this.#child = this.#spawn();
    return this.ready();
  }

  /** Null where it does not run. */
  sight(): Sight | null {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return null;
    const now = { at: performance.now(), cpuMs: cpuMs(this.#child.pid) };
    const { at, cpuMs: before } = this.#seen;
    this.#seen = now;
    const cpu = (100 * (now.cpuMs - before)) / Math.max(1, now.at - at);
    return { at: Date.now(), replica: this.number, cpu, mb: memoryMb(this.#child.pid) };
  }

  /** Reads its metrics, as who watches it does. */
  async scrape(token: string): Promise<void> {
    const { pid } = this.#child;
    const headers = { authorization: `Bearer ${token}` };
    const text = await fetch(`${this.address}/metrics`, { headers }).then(
      (response) => response.text(),
      () => null,
    );
    if (text !== null) this.#metrics.set(pid, text);
  }

  /** The metrics of each of its processes, as they were read last. */
  get metrics(): string[] {
    return [...this.#metrics.values()];
  }

  /** Ends it as a deployment does; whether it ended by itself within ten seconds. */
  async stop(): Promise<boolean> {
    this.#child.kill("SIGTERM");
    const ended = await Promise.race([
      this.#child.exited.then(() => true),
      Bun.sleep(10_000).then(() => false),
    ]);
    if (!ended) await this.kill();
    return ended;
  }
}

const handedOn = ["content-type", "x-telegram-bot-api-secret-token"];

/** Who comes to `url` is handed to the replicas in turn; where one does not listen, to the next one, and else answered 502. */
export function openDoor(replicas: readonly Pick<Replica, "address">[]) {
  let turn = 0;
  const server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, idleTimeout: 120 },
    async fetch(request) {
      const { method } = request;
      const { pathname } = new URL(request.url);
      const body = method === "POST" ? await request.arrayBuffer() : null;
      const headers = handedOn.flatMap((name) => {
        const value = request.headers.get(name);
        return value === null ? [] : [[name, value] as [string, string]];
      });
      for (let tried = 0; tried < replicas.length; tried++) {
        const replica = replicas[turn++ % replicas.length];
        try {
          const answer = await fetch(`${replica?.address}${pathname}`, { method, headers, body });
          return new Response(await answer.text(), { status: answer.status });
        } catch (error) {
          // What has been sent may have been done, and is not done again.
          if (Object(error).code !== "ECONNREFUSED") break;
        }
      }
      return new Response(null, { status: 502 });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}
