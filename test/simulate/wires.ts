// The wires between one program and everybody else. All of them cut at once is what a killed program looks like from
// outside: what it had sent has arrived, what it was about to send never does, and what was answered it never hears.

import type { Socket, TCPSocketListener } from "bun";

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
  readonly #refused = new Set<number>();
  readonly #servers: { server: TCPSocketListener<End>; listen: (port: number) => TCPSocketListener<End> }[] =
    [];
  readonly #ends = new Set<End>();

  /** `died` is called once, when a death that was asked for has come. */
  constructor(readonly died: () => void) {}

  get alive(): boolean {
    return this.#alive;
  }

  dieAt(death: Death | null): void {
    this.#death = death && { ...death, message: this.sent + death.message };
  }

  /** A port of this machine that leads to `host:port`. */
  to(hostname: string, port: number, database = false): number {
    const listen = (own: number) =>
      Bun.listen<End>({
        ...{ hostname: "127.0.0.1", port: own },
        socket: { ...handlers, open: (near) => this.#join(near, hostname, port, database) },
      });
    const server = listen(0);
    this.#servers.push({ server, listen });
    return server.port;
  }

  /** The wire with this port leads nowhere: who is there cannot be reached, and refuses at once; or it leads there again. */
  refuse(port: number, refused: boolean): void {
    const one = this.#servers.find(({ server }) => server.port === port);
    if (!one || !this.#alive || this.#refused.has(port) === refused) return;
    if (refused) {
      this.#refused.add(port);
      one.server.stop(true);
    } else {
      this.#refused.delete(port);
      one.server = one.listen(port);
    }
  }

  cut(): void {
    this.#alive = false;
    for (const end of this.#ends) end.close();
    for (const { server } of this.#servers) server.stop(true);
  }

  #join(socket: Socket<End>, hostname: string, port: number, database: boolean): void {
    if (!this.#alive) return void socket.terminate();
    const near = this.#end(socket);
    if (database && this.refusesDatabase) {
      near.came = () => {
        near.send(tooManyClients());
        socket.end();
      };
      return;
    }
    const far = this.#end(null);
    near.closed = () => far.close();
    far.closed = () => near.close();
    let dying = false;
    near.came = (message) => {
      this.sent += 1;
      if (this.#death && this.sent >= this.#death.message) {
        if (this.#death.when === "before") return this.#die();
        dying = true;
      }
      this.#pass(far, message);
    };
    far.came = (answer) => (dying ? this.#die() : this.#pass(near, answer));
    const connected = Bun.connect<End>({ hostname, port, socket: handlers, data: far });
    connected.then((open) => far.open(open)).catch(() => near.close());
  }

  #end(socket: Socket<End> | null): End {
    const end = new End(socket, () => this.#ends.delete(end));
    this.#ends.add(end);
    if (socket) socket.data = end;
    return end;
  }

  #die(): void {
    if (!this.#alive) return;
    this.cut();
    this.died();
  }

  #pass(to: End, bytes: Uint8Array): void {
    const copy = this.delayMs > 0 && Uint8Array.from(bytes); // Bun uses its buffer again
    if (copy) setTimeout(() => to.send(copy), this.delayMs);
    else to.send(bytes);
  }
}

/** Does the work over a wire to the server at `url` that is cut there; whether it came to the cut. What it throws then is no matter. */
export async function cutShort(
  death: Death,
  url: string,
  work: (url: string) => Promise<unknown>,
): Promise<boolean> {
  const wires = new Wires(() => {});
  const { hostname, port } = new URL(url);
  const own = { hostname: "127.0.0.1", port: String(wires.to(hostname, Number(port || 5432))) };
  wires.dieAt(death);
  await work(Object.assign(new URL(url), own).href).catch((error) => {
    if (wires.alive) throw error;
  });
  const died = !wires.alive;
  wires.cut();
  return died;
}

/** One end of a joined wire; what it cannot take at once waits here. */
class End {
  came: (bytes: Uint8Array) => void = () => {};
  closed: () => void = () => {};
  #waiting: Uint8Array[] = [];
  #over = false;

  constructor(
    private socket: Socket<End> | null,
    private readonly gone: () => void,
  ) {}

  /** The far side has answered. */
  open(socket: Socket<End>): void {
    if (this.#over) return void socket.terminate();
    this.socket = socket;
    this.flush();
  }

  send(bytes: Uint8Array): void {
    if (this.#over) return;
    const sent = this.socket && this.#waiting.length === 0 ? this.socket.write(bytes) : 0;
    if (sent < bytes.length) this.#waiting.push(Uint8Array.from(bytes.subarray(Math.max(0, sent))));
  }

  flush(): void {
    for (let first = this.#waiting[0]; first && this.socket; first = this.#waiting[0]) {
      const sent = Math.max(0, this.socket.write(first));
      if (sent < first.length) {
        this.#waiting[0] = first.subarray(sent);
        return;
      }
      this.#waiting.shift();
    }
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.socket?.terminate();
    this.gone();
    this.closed();
  }
}

const handlers = {
  data: (socket: Socket<End>, bytes: Uint8Array) => socket.data.came(bytes),
  drain: (socket: Socket<End>) => socket.data.flush(),
  close: (socket: Socket<End>) => socket.data?.close(),
  error: (socket: Socket<End>) => socket.data?.close(),
};

/** What PostgreSQL says when all its connections are in use (its protocol: an ErrorResponse in answer to the start-up). */
function tooManyClients(): Uint8Array {
  const fields = ["SFATAL", "VFATAL", "C53300", "Msorry, too many clients already", ""].join("\0");
  const body = Buffer.from(`${fields}\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
