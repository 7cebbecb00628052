// Posts Telegram updates to a webhook as fast as it answers, or at a rate, and says how it was answered. A process of its
// own, `bun load.ts '{…}'`, over plain sockets: a client that is slower than the server would measure itself.

/** `rate` 0: as fast as answers come. It ends after `seconds`, or after `updates`. Chats are taken all over, in turn. */
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

/** Milliseconds from when an update was due to its answer. `withReply`: those whose answer carried a call. */
export interface Answers {
  perSecond: number;
  p50: number;
  p99: number;
  count: number;
  wrong: number;
  withReply: number;
}

type Connection = { socket: Bun.Socket; due: number; rest: string };

/** Runs it in a process of its own. */
export async function load(what: Load): Promise<Answers> {
  const child = Bun.spawn([process.execPath, import.meta.path, JSON.stringify(what)], { stdout: "pipe" });
  return JSON.parse(await child.stdout.text()) as Answers;
}

function update(n: number, { firstChat, chats, skip = 0, text }: Load): string {
  const id = firstChat + (((n + skip) * 7919) % chats); // a prime: neighbours lie far apart
  const person = `"id":${id},"first_name":"Anna","last_name":"Petrova","username":"anna_${id}"`;
  return `{"update_id":${100_000_000 + n},"message":{"message_id":${n + 1},"from":{${person},"is_bot":false,"language_code":"ru","is_premium":true},"chat":{${person},"type":"private"},"date":1773000000,"text":"${text}","entities":[{"offset":0,"length":${text.length},"type":"bot_command"}]}}`;
}

function request(n: number, what: Load): string {
  const body = update(n, what);
  return `POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1:${what.port}\r\nContent-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: ${what.secret}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Whether the text holds a whole answer, and what is in it. */
function answerIn(text: string): { ok: boolean; reply: boolean } | null {
  const head = text.indexOf("\r\n\r\n");
  if (head < 0) return null;
  const [, length = "0"] = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head)) ?? [];
  if (text.length < head + 4 + Number(length)) return null;
  return { ok: text.startsWith("HTTP/1.1 200"), reply: Number(length) > 2 };
}

async function post(what: Load): Promise<Answers> {
  const took: number[] = [];
  const idle: Connection[] = [];
  const waiting: number[] = [];
  const most = what.updates ?? Number.POSITIVE_INFINITY;
  let [sent, answered, wrong, withReply, dueSoFar] = [0, 0, 0, 0, 0];
  const over = Promise.withResolvers<void>();
  const send = (connection: Connection, due: number) => {
    connection.due = due;
    connection.socket.write(request(sent++, what));
  };
  const took1 = (connection: Connection, data: Buffer) => {
    connection.rest += data.toString("latin1");
    const answer = answerIn(connection.rest);
    if (answer === null) return;
    connection.rest = "";
    const now = performance.now();
    took.push(now - connection.due);
    answered += 1;
    if (!answer.ok) wrong += 1;
    if (answer.reply) withReply += 1;
    if (answered >= most) return over.resolve();
    if (what.rate) {
      const due = waiting.shift();
      if (due === undefined) idle.push(connection);
      else send(connection, due);
    } else if (sent < most) send(connection, now);
  };
  const sockets = await Promise.all(
    Array.from({ length: what.connections }, async () => {
      const connection = { due: 0, rest: "" } as Connection;
      connection.socket = await Bun.connect({
        hostname: "127.0.0.1",
        port: what.port,
        socket: {
          data: (_socket, data) => took1(connection, data),
          close: () => over.reject(new Error("the server has closed a connection")),
        },
      });
      return connection;
    }),
  );
  const began = performance.now();
  if (what.rate) idle.push(...sockets);
  else for (const connection of sockets) if (sent < most) send(connection, performance.now());
  const { rate } = what;
  const pacing =
    rate &&
    setInterval(() => {
      const until = Math.floor(((performance.now() - began) / 1_000) * rate);
      for (; dueSoFar < until; dueSoFar++) {
        const due = began + (dueSoFar / rate) * 1_000;
        const connection = idle.pop();
        if (connection) send(connection, due);
        else waiting.push(due);
      }
    }, 1);
  if (what.seconds !== undefined) setTimeout(over.resolve, what.seconds * 1_000);
  await over.promise;
  const seconds = (performance.now() - began) / 1_000;
  if (pacing) clearInterval(pacing);
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.floor((took.length - 1) * share)] ?? Number.NaN;
  return { perSecond: answered / seconds, p50: at(0.5), p99: at(0.99), count: answered, wrong, withReply };
}

if (import.meta.main) {
  process.stdout.write(JSON.stringify(await post(JSON.parse(process.argv[2] ?? "{}"))));
  process.exit(0);
}
