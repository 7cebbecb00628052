// A server from before PostgreSQL 14: the earlier program's may be one, and is read; ours may not, and that is said.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, createServer, type Server } from "node:net";
import { sentence } from "../../src/cli/commands.ts";
import { connect as connectTo } from "../../src/db/connect.ts";
import { readOldProgram } from "../../src/import/python.store.ts";
import { type OldDatabase, oldDatabase } from "../helpers/old-program.ts";

/** What came after PostgreSQL 12 and a connection may ask for when it begins. */
const unknown = ["idle_session_timeout", "transaction_timeout"];

let old: OldDatabase;
let server: Server;
let url: string;

/** In front of a server of today, as one of then: it refuses a connection that begins with what it does not know. */
beforeAll(async () => {
  old = await oldDatabase(4242);
  const { hostname, port } = new URL(old.url);
  server = createServer((client) => {
    client.on("error", () => {});
    client.once("data", (startup) => {
      const name = unknown.find((one) => startup.includes(`${one}\0`));
      if (name !== undefined) return void client.end(refusalOf(name));
      const behind = connect(Number(port || 5432), hostname);
      behind.on("error", () => client.destroy());
      client.on("close", () => behind.destroy());
      behind.write(startup);
      client.pipe(behind).pipe(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const front = new URL(old.url);
  front.host = `127.0.0.1:${Object(server.address()).port}`;
  url = String(front);
});
afterAll(async () => {
  server.close();
  await old.drop();
});

function refusalOf(name: string): Buffer {
  const fields = `SFATAL\0VFATAL\0C42704\0Munrecognized configuration parameter "${name}"\0\0`;
  const head = Buffer.from("E\0\0\0\0", "latin1");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, Buffer.from(fields, "latin1")]);
}

test("the earlier program's database is read on a server of its time", async () => {
  await old.client({ yclients: 31, phone: "+79001234567", points: 12 });
  const points: unknown[] = [];
  await readOldProgram(url, "another", async (program) => {
    for await (const some of program.clients()) points.push(...some.map((client) => client.points));
  });
  expect(points).toEqual([1_200]);
});

test("of a server that is too old for the program itself that is said, with the remedy", async () => {
  const db = connectTo(url, { max: 1 });
  const failure = await db`select 1`.then(() => null, sentence);
  await db.end();
  expect(failure).toBe("PostgreSQL is too old: upgrade the server to PostgreSQL 14 or newer.");
});
