// Posts Telegram updates to a webhook as fast as it answers, or at a rate, and says how it was answered. A process of its
// own, `bun load.ts '{…}'`, over plain sockets: a client that is slower than the server would measure itself.

import { noted } from "./machine.ts";
import type { QuickTelegram } from "./telegram.ts";

/** `rate` 0: as fast as answers come. It ends after `seconds` and one answer, or after `updates`. Chats are taken all over, in turn. */
export interface Load {
  port: number;
  secret: string;
  text: string;
  connections: number;
  firstChat: number;
  chats: number;
  /** Where in the chats it begins, so that one load after another does not tire the same ones. */
  skip?: number;
  rate?: number;
  seconds?: number;
  updates?: number;
}

/** Milliseconds from when an update was due to its answer; what is still not answered at the end counts with its age. */
export interface Answers {
  perSecond: number;
  p50: number;
  p99: number;
  count: number;
  wrong: number;
}

/**
 * Runs it in a process of its own. Throws unless every answer is 200 and the person has a message by
 * `telegram`: a bot that slows a chat down says 200 and nothing else, which is quick.
 */
export async function load(what: Load, telegram: QuickTelegram): Promise<Answers> {
  const before = telegram.seen.messages;
  const child = noted(
    Bun.spawn([...first(), process.execPath, import.meta.path, JSON.stringify(what)], {
      ...{ stdout: "pipe", stderr: "pipe" },
    }),
  );
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`the load ended with ${code}: ${err}`);
  const answers = JSON.parse(out) as Answers;
  const { count, wrong } = answers;
  const messages = telegram.seen.messages - before;
  // More of them are no fault: a call may be made for an update whose answer comes after the end.
  if (count === 0 || wrong > 0 || messages < count)
    throw new Error(
      `of ${count} answers to ${what.text} ${wrong} were not 200, and ${messages} messages came`,
    );
  return answers;
}

/** The meter goes before the PostgreSQL it shares a core with, where it may: its own wait is nobody's answer. */
function first(): string[] {
  const words = ["nice", "-n", "-10"];
  if (Bun.which("nice") === null) return [];
  const { exitCode, stderr } = Bun.spawnSync([...words, "true"]);
  return exitCode === 0 && stderr.length === 0 ? words : [];
}

type Connection = { socket: Bun.Socket; due: number; rest: string };

function update(n: number, { firstChat, chats, skip = 0, text }: Load): string {
  const id = firstChat + (((n + skip) * 7919) % chats); // a prime: neighbours lie far apart
  const person = `"id":${id},"first_name":"Anna","last_name":"Petrova","username":"anna_${id}"`;
  return `{"update_id":${100_000_000 + n},"message":{"message_id":${n + 1},"from":{${person},"is_bot":false,"language_code":"ru","is_premium":true},"chat":{${person},"type":"private"},"date":1773000000,"text":"${text}","entities":[{"offset":0,"length":${text.length},"type":"bot_command"}]}}`;
}

function request(n: number, what: Load): string {
  const body = update(n, what);
  return `POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1:${what.port}\r\nContent-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: ${what.secret}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Whether the answer is a 200; null while it is not whole. */
function answerIn(text: string): boolean | null {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return null;
  const [, length = "0"] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head)) ?? [];
  if (text.length < head + 4 + Number(length)) return null;
  return text.startsWith("HTTP/1.1 200");
}

/** Sends what is due by whichever connection is free, and keeps how it was answered. */
class Poster {
  readonly #took: number[] = [];
  /** When updates were due that no connection was free for. */
  readonly #waiting: number[] = [];
  readonly #free: Connection[] = [];
  readonly #busy = new Set<Connection>();
  readonly #over = Promise.withResolvers<void>();
  #given = 0;
  #sent = 0;
  #wrong = 0;
  #late = false;

  constructor(private readonly what: Load) {}

  async run(): Promise<Answers> {
    const { connections, rate, seconds } = this.what;
    this.#free.push(...(await Promise.all(Array.from({ length: connections }, () => this.#connect()))));
    const began = performance.now();
    const pacing = rate ? this.#pace(rate, began) : undefined;
    if (!rate) for (let each = 0; each < connections; each++) this.#due(began);
    if (seconds !== undefined) setTimeout(() => this.#end(), seconds * 1_000);
    await this.#over.promise;
    clearInterval(pacing);
    return this.#summary(began, performance.now());
  }

  /** On a busy machine the first answer may take longer than all of it was to. */
  #end(): void {
    this.#late = true;
    if (this.#took.length > 0) this.#over.resolve();
  }

  async #connect(): Promise<Connection> {
    const connection = { due: 0, rest: "" } as Connection;
    connection.socket = await Bun.connect({
      ...{ hostname: "127.0.0.1", port: this.what.port },
      socket: {
        data: (_socket, data) => this.#heard(connection, data),
        close: () => this.#over.reject(new Error("the server has closed a connection")),
      },
    });
    return connection;
  }

  #pace(rate: number, began: number) {
    return setInterval(() => {
      const soFar = Math.floor(((performance.now() - began) / 1_000) * rate);
      const until = Math.min(Math.max(1, soFar), this.what.updates ?? soFar);
      while (this.#given < until) this.#due(began + ((this.#given + 1) / rate) * 1_000);
    }, 1);
  }

  #due(at: number): void {
    if (this.#given === this.what.updates) return;
    this.#given += 1;
    this.#waiting.push(at);
    this.#send();
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const connection = this.#free.pop();
    if (!connection) return;
    connection.due = this.#waiting.shift() ?? 0;
    this.#busy.add(connection);
    connection.socket.write(request(this.#sent++, this.what));
  }

  #heard(connection: Connection, data: Buffer): void {
    connection.rest += data.toString("latin1");
    const ok = answerIn(connection.rest);
    if (ok === null) return;
    connection.rest = "";
    const now = performance.now();
    this.#took.push(now - connection.due);
    if (!ok) this.#wrong += 1;
    this.#busy.delete(connection);
    this.#free.push(connection);
    if (this.#late || this.#took.length === this.what.updates) this.#over.resolve();
    else if (this.what.rate) this.#send();
    else this.#due(now);
  }

  #summary(began: number, ended: number): Answers {
    const count = this.#took.length;
    const open = [...this.#waiting, ...[...this.#busy].map(({ due }) => due)];
    const took = [...this.#took, ...open.map((due) => ended - due)].sort((a, b) => a - b);
    const at = (share: number) => took[Math.floor((took.length - 1) * share)] ?? Number.NaN;
    const perSecond = (count / (ended - began)) * 1_000;
    return { perSecond, p50: at(0.5), p99: at(0.99), count, wrong: this.#wrong };
  }
}

if (import.meta.main) {
  const what = JSON.parse(process.argv[2] ?? "{}") as Load;
  process.stdout.write(JSON.stringify(await new Poster(what).run()));
  process.exit(0);
}
