// The demo's page over HTTP: its files, what changes as server-sent events, and the actions it asks for.

import regularFont from "@expo-google-fonts/onest/400Regular/Onest_400Regular.ttf" with { type: "file" };
import mediumFont from "@expo-google-fonts/onest/500Medium/Onest_500Medium.ttf" with { type: "file" };
import boldFont from "@expo-google-fonts/onest/700Bold/Onest_700Bold.ttf" with { type: "file" };
import encodeQR from "qr";
import type { Db } from "../db/connect.ts";
import { unpacked } from "../packed.ts";
import { doAction, type Stage } from "./actions.ts";
import { createFeed } from "./feed.ts";
import { bundlePage } from "./page.macro.ts" with { type: "macro" };
import { inAddress, type PagePlace } from "./place.ts";
import { annaInMax, people } from "./salon.ts";

const page = bundlePage();
const files: Record<string, [body: string, type: string]> = {
  "/": [unpacked(page.html), "text/html"],
  "/style.css": [unpacked(page.css), "text/css"],
  "/page.js": [unpacked(page.script), "text/javascript"],
};
/** The face of the card's picture. */
const fonts: Record<string, string> = {
  "/onest-400.ttf": regularFont,
  "/onest-500.ttf": mediumFont,
  "/onest-700.ttf": boldFont,
};

const common = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Actions are small: a message of 4096 characters is the longest. */
const bodyLimit = 64 * 1024;

/** Serves the page on this port of the place, or on a free one when it is taken. */
export function servePage(
  stage: Omit<Stage, "place">,
  db: Db,
  port: number,
  place: PagePlace,
  command: string,
) {
  const listen = (port: number) =>
    Bun.serve({
      ...{ hostname: place.host, port, development: false, maxRequestBodySize: bodyLimit },
      reusePort: false, // outside development Bun would share the port with another demo, request by request
      idleTimeout: 0, // a page that nothing happens on is no idle connection
      fetch: (request) => answer(door, request),
    });
  let server: ReturnType<typeof listen>;
  try {
    server = listen(port);
  } catch {
    server = listen(0);
  }
  const [name = inAddress(place.host)] = place.names;
  const address = `http://${name}:${server.port}/`;
  const open = place.shared ? address : null;
  const full = { ...stage, place: { id: crypto.randomUUID(), open, command } };
  const feed = createFeed(full, db);
  const door: Door = { stage: full, feed, hosts: place.names.map((one) => `${one}:${server.port}`) };
  return {
    address,
    /** Tells the page that the program lives, or does not. */
    refresh: feed.refresh,
    async stop(): Promise<void> {
      await feed.stop();
      await server.stop(true);
    },
  };
}

/** `hosts` are the names by which a browser may ask for it. */
interface Door {
  stage: Stage;
  feed: ReturnType<typeof createFeed>;
  hosts: string[];
}

async function answer({ stage, feed, hosts }: Door, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  // A name of somebody else's that leads here (DNS rebinding) opens nothing.
  const host = request.headers.get("host") ?? "";
  if (!hosts.includes(host)) return new Response("", { status: 403 });
  if (pathname === "/do") return action(stage, feed, request);
  if (request.method !== "GET") return new Response("", { status: 405 });
  if (pathname === "/events") return feed.open();
  const file = Object.hasOwn(files, pathname) ? files[pathname] : undefined;
  if (pathname === "/qr.svg" && stage.place.open !== null) return code(stage.place.open);
  if (file) {
    const headers = { ...common, "content-type": `${file[1]}; charset=utf-8` };
    return new Response(file[0], { headers: { ...headers, "content-security-policy": policy } });
  }
  const font = Object.hasOwn(fonts, pathname) ? fonts[pathname] : undefined;
  if (font) return new Response(Bun.file(font), { headers: { ...common, "content-type": "font/ttf" } });
  const upload = /^\/file\/([\w-]+)$/.exec(pathname)?.[1];
  return upload === undefined ? new Response("", { status: 404 }) : sent(stage, upload);
}

/** JSON alone: a form of another site's cannot send that type. */
async function action(stage: Stage, feed: Door["feed"], request: Request): Promise<Response> {
  const json = request.headers.get("content-type")?.startsWith("application/json") ?? false;
  if (request.method !== "POST" || !json) return new Response("", { status: 405 });
  const asked = await request.json().catch(() => null);
  const fault = await doAction(stage, asked);
  await feed.refresh();
  return fault === null ? new Response(null, { status: 204 }) : Response.json({ fault }, { status: 400 });
}

/** The page's own address for a phone's camera: dark on light in every theme. */
function code(address: string): Response {
  const svg = encodeQR(address, "svg", { border: 3, ecc: "medium" });
  return new Response(svg.replace("<svg ", '<svg style="background:#fff" '), {
    headers: {
      ...common,
      "content-type": "image/svg+xml",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}

/** A picture or a file that the bot sent to one of the chats. Only a PNG or a JPEG is shown as what it is. */
function sent({ telegram, max }: Stage, id: string): Response {
  const messages = [
    ...Object.values(people).flatMap(({ id }) => telegram.messages(id)),
    ...max.messages(annaInMax.id),
  ];
  const found = messages.flatMap(({ photo, document }) => [photo, document]).find((one) => one?.id === id);
  if (!found) return new Response("", { status: 404 });
  const picture = pictureType(found.bytes);
  const name = encodeURIComponent(found.name);
  return new Response(found.bytes, {
    headers: {
      ...common,
      "content-type": picture ?? "application/octet-stream",
      "content-security-policy": "default-src 'none'; sandbox",
      ...(!picture && { "content-disposition": `attachment; filename*=UTF-8''${name}` }),
    },
  });
}

function pictureType([first, second]: Uint8Array): string | null {
  if (first === 0x89 && second === 0x50) return "image/png";
  return first === 0xff && second === 0xd8 ? "image/jpeg" : null;
}
