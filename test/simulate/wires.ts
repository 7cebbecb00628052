// The wires between one program and everybody else. All of them cut at once is what a killed program looks like from
// outside: what it had sent has arrived, what it was about to send never does, and what was answered it never hears.

import { connect, createServer, type Server, type Socket } from "node:net";

/** The program dies as its `message`-th message from now on is about to leave, or when the answer to it comes in. */
export interface Death {
  message: number;
  when: "before" | "after";
}

export class Wires {
  /** Messages that have left the program, to PostgreSQL and to both APIs. */
  sent = 0;
  /** Milliseconds that every message waits. */
  delayMs = 0;
  /** PostgreSQL takes no new connections: as with all of them in use. */
  refusesDatabase = false;
  #death: Death | null = null;
  #alive = true;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** `died` is called once, when a death that was asked for has come. */
  constructor(readonly died: () => void) {}

  get alive(): boolean {
    return this.#alive;
  }

  dieAt(death: Death | null): void {
    this.#death = death && { ...death, message: this.sent + death.message };
  }

  /** A port of this machine that leads to `host:port`. */
  async to(host: string, port: number, database = false): Promise<number> {
    const server = createServer((near) => this.#join(near, host, port, database));
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as { port: number }).port;
  }

  cut(): void {
    this.#alive = false;
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }

  #join(near: Socket, host: string, port: number, database: boolean): void {
    if (!this.#alive) return void near.destroy();
    if (database && this.refusesDatabase) return void near.once("data", () => near.end(tooManyClients()));
    const far = connect(port, host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on("error", () => one.destroy());
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    let dying = false;
    near.on("data", (message) => {
      this.sent += 1;
      if (this.#death && this.sent >= this.#death.message) {
        if (this.#death.when === "before") return this.#die();
        dying = true;
      }
      this.#pass(far, message);
    });
    far.on("data", (answer) => (dying ? this.#die() : this.#pass(near, answer)));
  }

  #die(): void {
    if (!this.#alive) return;
    this.cut();
    this.died();
  }

  #pass(to: Socket, bytes: Uint8Array | string): void {
    const write = () => {
      if (!to.destroyed) to.write(bytes);
    };
    if (this.delayMs > 0) setTimeout(write, this.delayMs);
    else write();
  }
}

/** What PostgreSQL says when all its connections are in use (its protocol: an ErrorResponse in answer to the start-up). */
function tooManyClients(): Uint8Array {
  const fields = ["SFATAL", "VFATAL", "C53300", "Msorry, too many clients already", ""].join("\0");
  const body = Buffer.from(`${fields}\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
