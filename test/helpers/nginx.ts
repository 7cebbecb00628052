/** nginx with docs/nginx.conf in front of programs on ports of this machine, or with docs/relay.conf before a Bot API. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { selfSigned } from "./certificate.ts";
import { whereIs } from "./installed.ts";
import { ownServer } from "./own-server.ts";
import { filledIn, readPaper } from "./papers.ts";
import { freePort } from "./program.ts";

export type Nginx = Awaited<ReturnType<typeof startNginx>>;

/** nginx with a site of ours, named `localhost` with a certificate of our own making, on two ports of this machine. */
async function startSite(paper: string, name: string, places: (folder: string) => Record<string, string>) {
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
      selfSigned(folder, "localhost");
      const own = {
        "listen 80;": `listen 127.0.0.1:${http};`,
        "listen [::]:80;": "",
        "listen 443 ssl;": `listen 127.0.0.1:${https} ssl;`,
        "listen [::]:443 ssl;": "",
        [`/etc/letsencrypt/live/${name}/fullchain.pem`]: `${folder}/server.crt`,
        [`/etc/letsencrypt/live/${name}/privkey.pem`]: `${folder}/server.key`,
        [name]: "localhost",
        "/var/www/html": `${folder}/www`,
      };
      return { main: main(folder), site: filledIn(readPaper(paper), { ...places(folder), ...own }) };
    },
  );
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`https://127.0.0.1:${https}${path}`, { ...init, tls: { rejectUnauthorized: false } });
  return { ...server, ask, http, https };
}

/** `replicas` (ports) are its upstream; with one second's patience with slow callers. */
export async function startNginx(replicas: number[]) {
  const server = await startSite("docs/nginx.conf", "bot.example.ru", (folder) => ({
    "server 127.0.0.1:8000 max_fails=1 fail_timeout=2s;": replicas
      .map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=2s;`)
      .join("\n"),
    "/var/log/nginx/": `${folder}/`,
    "client_header_timeout 10s": "client_header_timeout 1s",
    "client_body_timeout   10s": "client_body_timeout 1s",
  }));
  // The stand-in for Telegram trusts no certificate of our own making: it posts here, and we pass it on by TLS.
  const relay = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) =>
      server.ask(new URL(request.url).pathname, {
        method: request.method,
        headers: request.headers,
        body: await request.text(),
      }),
  });
  return {
    ...server,
    publicUrl: { PUBLIC_URL: `http://127.0.0.1:${relay.port}` },
    async [Symbol.asyncDispose]() {
      await relay.stop(true);
      await server[Symbol.asyncDispose]();
    },
  };
}

interface RelayParts {
  digest: string;
  /** The port where the Bot API listens, and the certificate that proves it. */
  api: number;
  apiCertificate: string;
  /** Where the way back leads, and the certificate there. */
  back?: { port: number };
  /** The only address that is let in. */
  onlyFor?: string;
}

/** The relay, which takes `api` for api.telegram.org. */
export async function startRelay({ digest, api, apiCertificate, back, onlyFor }: RelayParts) {
  const passed = back
    ? {
        "#back ": "",
        "https://bot.example.ru": `https://127.0.0.1:${back.port}`,
        "bot.example.ru": "api.telegram.org",
      }
    : {};
  return startSite("docs/relay.conf", "relay.example.com", (folder) => {
    writeFileSync(join(folder, "roots.pem"), apiCertificate);
    return {
      "server api.telegram.org:443;": `server 127.0.0.1:${api};`,
      "/etc/ssl/certs/ca-certificates.crt": `${folder}/roots.pem`,
      "TOKEN-DIGEST": digest,
      ...passed,
      ...(onlyFor && { "# allow 203.0.113.7;": `allow ${onlyFor};` }),
    };
  });
}
