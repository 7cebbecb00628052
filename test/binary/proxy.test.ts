// A proxy in the environment: public addresses are asked through it, what listens on this machine never is.
import { expect, test } from "bun:test";
import { until, world } from "../helpers/program.ts";

/** A proxy that answers everything itself, and remembers what it was asked. */
function proxy() {
  const asked: string[] = [];
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket, data) {
        asked.push(data.toString().split("\r\n")[0] ?? "");
        socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      },
    },
  });
  return { asked, url: `http://127.0.0.1:${server.port}`, [Symbol.dispose]: () => server.stop(true) };
}

const names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

test("health asks the program itself, whatever proxy the environment names, and wherever the program listens", async () => {
  await using w = await world();
  using somewhere = proxy();
  for (const hostname of ["127.0.0.1", "::1", "localhost"]) {
    const other = Bun.serve({ hostname, port: 0, fetch: () => new Response("") });
    const env = { HOST: hostname, PORT: String(other.port) };
    for (const name of names)
      expect([hostname, name, (await w.run(["health"], { ...env, [name]: somewhere.url })).code]).toEqual([
        ...[hostname, name, 0],
      ]);
    await other.stop(true);
  }
  expect(somewhere.asked).toEqual([]);
});

test("a Bot API server and an API of this machine are asked without it, and so is all of serve's", async () => {
  await using w = await world();
  using somewhere = proxy();
  const env = Object.fromEntries(names.map((name) => [name, somewhere.url]));
  const service = await w.serve({ ...env, NO_PROXY: "proxy.example", no_proxy: "other.example" });
  w.pay(3500);
  await until(async () => (await w.sql`select from bonuslog`).length === 1);
  expect((await w.run(["health"], env)).code).toBe(0);
  expect((await service.stop()).code).toBe(0);
  expect(somewhere.asked).toEqual([]);
});

test("what is elsewhere is asked through it, but for NO_PROXY", async () => {
  await using w = await world();
  using somewhere = proxy();
  const elsewhere = { TELEGRAM_API_ROOT: "https://api.telegram.invalid", HTTPS_PROXY: somewhere.url };
  await w.run(["webhook", "info"], elsewhere);
  expect(somewhere.asked).toContain("CONNECT api.telegram.invalid:443 HTTP/1.1");
  const before = somewhere.asked.length;
  await w.run(["webhook", "info"], { ...elsewhere, NO_PROXY: ".telegram.invalid" });
  await w.run(["webhook", "info"], { ...elsewhere, no_proxy: "api.telegram.invalid" });
  expect(somewhere.asked).toHaveLength(before);
});
