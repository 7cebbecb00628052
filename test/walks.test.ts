/** Holds that what people do in a chat is tried in both messengers, or says in its name why it is Telegram's alone. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The rooms in which people do something in a chat. */
const rooms = ["cards", "chat", "client", "friends", "gifts", "levels", "owners", "settlements", "till"];

/** A salon in one messenger, as the helpers open it. Where the memory's messenger stands beside it, both are there at once. */
const opens = /helpers\/(?:salon-bot|till-salon|past|settling-till)\.ts"/;
const atOnce = /helpers\/memory-channel\.ts"/;

/** What somebody does in a chat. */
const deed =
  /\.(?:say|tap|tapAgain|start|edit|shareContact|forwardContact|block|unblock|sendPhoto|sendSticker)\(|\b(?:ask|tap)\(/;

/** Why it can be of Telegram alone. */
const reason = /\(Telegram alone: [^)]+\)/;

interface Tried {
  file: string;
  by: string;
  name: string;
  body: string;
}

/** The tests of a file: by which function each is declared, and what stands in it up to the next one. */
function testsOf(file: string, text: string): Tried[] {
  const declared = /^ *(test(?:\.each|\.skipIf)?|onEither|onBoth)\(/gm;
  const starts = [...text.matchAll(declared)];
  return starts.map((start, at) => {
    const body = text.slice(start.index, starts[at + 1]?.index);
    return {
      file,
      by: start[1] ?? "",
      name: /["`]((?:[^"`\\]|\\.)*)["`], (?:async )?\(|"((?:[^"\\]|\\.)*)"/.exec(body)?.[0] ?? "",
      body,
    };
  });
}

const tried = rooms.flatMap((room) => {
  const folder = join(import.meta.dir, room);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => ({ file: `${room}/${name}`, text: readFileSync(join(folder, name), "utf8") }))
    .filter(({ text }) => opens.test(text) && !atOnce.test(text))
    .flatMap(({ file, text }) => testsOf(file, text));
});

test("whoever does something in a chat does it in both messengers, or the name says why not", () => {
  const silent = tried.filter(
    ({ by, body }) => by.startsWith("test") && deed.test(body) && !reason.test(body),
  );
  expect(silent.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

test("what is of both messengers gives no reason why it is not", () => {
  expect(tried.filter(({ by, body }) => by.startsWith("on") && reason.test(body))).toEqual([]);
});

test("each room in which people do something has a walk that is played in both each time", () => {
  const roomsOf = (by: string) =>
    new Set(tried.filter((one) => one.by === by).map(({ file }) => file.split("/")[0]));
  expect(roomsOf("onEither").size).toBeGreaterThan(6);
  expect(roomsOf("onBoth")).toEqual(roomsOf("onEither"));
});
