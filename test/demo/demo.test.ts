// The demo as a person starts it: the day plays to its end, the ledger proves, and nothing is left behind.
import { expect, test } from "bun:test";
import { join } from "node:path";
import postgres from "postgres";
import { connect } from "../../src/db/connect.ts";
import { Journal } from "../../src/demo/journal.ts";
import { play } from "../../src/demo/play.ts";
import { startTelegram } from "../../src/demo/telegram.ts";
import { adminUrl } from "../helpers/preload.ts";
import { soft } from "../helpers/soft.ts";

const main = join(import.meta.dir, "../../src/main.ts");

function startDemo(...options: string[]) {
  return Bun.spawn([process.execPath, main, "demo", ...options], {
    env: { PATH: process.env.PATH, DATABASE_URL: adminUrl },
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function databaseOf(pid: number): Promise<unknown[]> {
  const admin = postgres(adminUrl, { max: 1 });
  try {
    return [...(await admin`select datname from pg_database where datname = ${`loyalty_demo_${pid}`}`)];
  } finally {
    await admin.end();
  }
}

test("the script plays the whole day, proves the ledger, and drops its database", async () => {
  const demo = startDemo("--script");
  const [text, errors] = await Promise.all([demo.stdout.text(), demo.stderr.text()]);
  expect({ code: await demo.exited, errors }).toEqual({ code: 0, errors: "" });
  expect(text).not.toContain("WRONG");
  expect(soft(text)).toContain("+220 баллов");
  expect(text).toMatch(/seal: 8 rows, 232\.00 points owed, .*\nverify: ok\n$/);
  expect(await databaseOf(demo.pid)).toEqual([]);
}, 120_000);

test("the page shows the three lists, and SIGINT in the middle of the day leaves nothing", async () => {
  const demo = startDemo();
  let text = "";
  let page = "";
  for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
    if (page !== "" || address === undefined || !soft(text).includes("+35 баллов")) continue;
    page = await (await fetch(address)).text();
    demo.kill("SIGINT");
  }
  expect({ code: await demo.exited, errors: await demo.stderr.text() }).toEqual({ code: 0, errors: "" });
  expect(text).toEndWith("Stopped before the day was over.\n");
  for (const words of [
    "<h2>Journal</h2>",
    "<h2>Chat of Анна</h2>",
    "<h2>Ledger</h2>",
    "+35 баллов",
    "verify: ok",
  ])
    expect(soft(page)).toContain(words);
  expect(page).not.toMatch(/(src|href)="http/);
  expect(await databaseOf(demo.pid)).toEqual([]);
}, 120_000);

test("another message than the expected one ends the day with a sentence", async () => {
  const telegram = startTelegram({ token: "1:a" });
  const person = telegram.person({ id: 501, firstName: "Анна" });
  const printed: string[] = [];
  const salon = {
    company: { id: 1, title: "Салон", timeZone: "Europe/Moscow" },
    journal: new Journal(),
    telegram,
    db: connect(adminUrl, { max: 1 }), // opens nothing before a query, and there is none
    signal: new AbortController().signal,
  };
  const botSays = (text: string) =>
    fetch(`${telegram.url}/bot1:a/sendMessage`, {
      method: "POST",
      body: JSON.stringify({ chat_id: 501, text }),
    });
  void person.start(); // nobody takes it: there is no bot
  const step = {
    title: "The bot is to say a",
    act: () => botSays("b"),
    hears: { person, words: [/a/] },
  };
  expect(await play(salon, [step], (text) => void printed.push(text))).toBe(false);
  expect(printed).toEqual([
    "\n── The bot is to say a\n",
    "   Bot: b\n",
    "\nWRONG: Анна was to be told /a/.\n",
  ]);
  await telegram.stop();
});
