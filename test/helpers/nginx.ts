/** nginx with docs/nginx.conf, in front of programs on ports of this machine. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { selfSigned } from "./certificate.ts";
import { whereIs } from "./installed.ts";
import { ownServer } from "./own-server.ts";
import { filledIn, readPaper } from "./papers.ts";
import { freePort } from "./program.ts";

export type Nginx = Awaited<ReturnType<typeof startNginx>>;

/** The same site, with `replicas` (ports) for its upstream, and one second's patience with slow callers. */
export async function startNginx(replicas: number[]) {
  const [http, https] = [freePort(), freePort()];
  const main = (folder: string) => `
    daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log info;
    events {}
    http {
      access_log ${folder}/access.log;
      ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((one) => `${one}_temp_path ${folder}/temp/${one};`).join(" ")}
      include ${folder}/site;
    }`;
  const server = await ownServer(
    [whereIs("nginx") ?? "", "-p", "FOLDER", "-e", "FOLDER/error.log", "-c", "FOLDER/main"],
    https,
    (folder) => {
      mkdirSync(join(folder, "www/.well-known/acme-challenge"), { recursive: true });
      selfSigned(folder);
      return {
        main: main(folder),
        site: filledIn(readPaper("docs/nginx.conf"), {
          "server 127.0.0.1:8000 max_fails=1 fail_timeout=2s;": replicas
            .map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=2s;`)
            .join("\n"),
          "listen 80;": `listen 127.0.0.1:${http};`,
          "listen [::]:80;": "",
          "listen 443 ssl;": `listen 127.0.0.1:${https} ssl;`,
          "listen [::]:443 ssl;": "",
          "/etc/letsencrypt/live/bot.example.ru/fullchain.pem": `${folder}/server.crt`,
          "/etc/letsencrypt/live/bot.example.ru/privkey.pem": `${folder}/server.key`,
          "bot.example.ru": "localhost",
          "/var/log/nginx/": `${folder}/`,
          "/var/www/html": `${folder}/www`,
          "client_header_timeout 10s": "client_header_timeout 1s",
          "client_body_timeout   10s": "client_body_timeout 1s",
        }),
      };
    },
  );
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`https://127.0.0.1:${https}${path}`, { ...init, tls: { rejectUnauthorized: false } });
  // The stand-in for Telegram trusts no certificate of our own making: it posts here, and we pass it on by TLS.
  const relay = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) =>
      ask(new URL(request.url).pathname, {
        method: request.method,
        headers: request.headers,
        body: await request.text(),
      }),
  });
  return {
    ...server,
    ask,
    http,
    https,
    publicUrl: { PUBLIC_URL: `http://127.0.0.1:${relay.port}` },
    async [Symbol.asyncDispose]() {
      await relay.stop(true);
      await server[Symbol.asyncDispose]();
    },
  };
}
