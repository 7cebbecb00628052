// The demo as a person starts it (README.md's first command): the day plays to its end, the ledger proves, and nothing is left behind.
import { expect, test } from "bun:test";
import postgres from "postgres";
import { connect } from "../../src/db/connect.ts";
import { installCommands } from "../../src/demo/page/words.ts";
import { networkAddresses } from "../../src/demo/place.ts";
import { play } from "../../src/demo/play.ts";
import { startTelegram } from "../../src/standins/telegram/server.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";
import { testWith } from "../helpers/installed.ts";
import { paperBlock, readPaper } from "../helpers/papers.ts";
import { adminUrl } from "../helpers/preload.ts";
import { program, until } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";
import { readQr } from "../picture/read.ts";
import { databaseOf, startDemo } from "./running.ts";

test("the script plays the whole day, proves the ledger, and drops its database", async () => {
  const demo = startDemo("--script");
  const [text, errors] = await Promise.all([demo.stdout.text(), demo.stderr.text()]);
  expect({ code: await demo.exited, errors }).toEqual({ code: 0, errors: "" });
  expect(text).not.toContain("WRONG");
  expect(soft(text)).toContain("+220 баллов");
  expect(text).toMatch(/seal: 8 rows, 232\.00 points owed, .*\nverify: ok\n$/);
  expect(await databaseOf(demo.pid)).toEqual([]);
});

/** Runs the demo until it says where its page is; `act` gets the address. What it printed, and that it left nothing. */
async function withPage(act: (address: string, demo: ReturnType<typeof startDemo>) => Promise<void>) {
  const demo = startDemo();
  let text = "";
  let acted = false;
  for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
    if (acted || address === undefined) continue;
    acted = true;
    await act(address, demo);
  }
  expect({ code: await demo.exited, errors: await demo.stderr.text() }).toEqual({ code: 0, errors: "" });
  expect(text).toEndWith("leaves nothing behind.\n");
  expect(await databaseOf(demo.pid)).toEqual([]);
}

/** The processes whose environment names this demo's database: the program, and nothing else. */
function programsOf(pid: number): string[] {
  const { stdout } = Bun.spawnSync(["sh", "-c", `grep -las loyalty_demo_${pid} /proc/[0-9]*/environ`]);
  return stdout.toString().split("\n").filter(Boolean);
}

test("the page comes with its parts, a strict policy and nothing from outside; SIGINT leaves nothing", async () => {
  await withPage(async (address, demo) => {
    const answers = await Promise.all(
      ["", "style.css", "page.js", "onest-400.ttf"].map((path) => fetch(address + path)),
    );
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200]);
    expect(answers[0]?.headers.get("content-security-policy")).toStartWith(
      "default-src 'none'; script-src 'self'",
    );
    const [html = "", css = ""] = await Promise.all(answers.slice(0, 2).map((one) => one.text()));
    expect(html + css).not.toMatch(/(src|href)="https?:|url\(['"]?https?:|@import|<script>| on\w+=/);
    expect((await fetch(`${address}do`, { method: "POST", body: "{}" })).status).toBe(405);
    const headers = { "content-type": "application/json" };
    const post = (action: unknown) =>
      fetch(`${address}do`, { method: "POST", headers, body: JSON.stringify(action) });
    expect((await post({ do: "pay", visit: 1 })).status).toBe(400);
    expect((await post({ do: "constructor" })).status).toBe(400);
    const foreign = { headers: { host: "evil.example" } };
    expect((await fetch(address, foreign)).status).toBe(403);
    expect((await fetch(`${address}nothing`)).status).toBe(404);
    demo.kill("SIGINT");
  });
});

test("the page's three commands are the README's, and what they are made of stands in docs/install.md", () => {
  const block = paperBlock("README.md", "sh", "git clone")
    .split("\n")
    .filter((line) => !line.startsWith("#"));
  expect(block.filter(Boolean)).toEqual(installCommands);
  const install = readPaper("docs/install.md").split("\n");
  const parts = installCommands.flatMap((line) => line.split(" && "));
  expect(parts.filter((part) => !install.includes(part))).toEqual([]);
});

const [address] = networkAddresses();
const inNetwork = testWith({ "a network": address ?? null });

inNetwork(
  "--host shows the page in the network, warns of who can open it, and prints the code that opens it",
  async () => {
    const demo = startDemo("--host", address ?? "");
    let text = "";
    let page = "";
    for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (page !== "" || !text.includes("camera:\n")) continue;
      page = /http:\/\/\S+/.exec(text)?.[0] ?? "";
      expect(page).toStartWith(`http://${address}:`);
      expect((await fetch(page)).status).toBe(200);
      expect((await fetch(page, { headers: { host: "evil.example" } })).status).toBe(403);
      const code = await fetch(`${page}qr.svg`);
      expect(code.headers.get("content-type")).toBe("image/svg+xml");
      // Another demo may have that port there: it would refuse a name that is not its own.
      const there = fetch(page.replace(address ?? "", "127.0.0.1"), {
        headers: { host: new URL(page).host },
      });
      expect(["closed", 403]).toContain(await there.then(({ status }) => status).catch(() => "closed"));
      demo.kill("SIGINT");
    }
    expect({ code: await demo.exited, errors: await demo.stderr.text() }).toEqual({ code: 0, errors: "" });
    expect(text).toContain("Anybody in this network can open it too");
    expect(readQr(drawn(text.split("\n").filter((line) => /^[ █▀▄]{20,}$/.test(line))))).toBe(page);
  },
);

/** A code of half blocks, light ones drawn, as a terminal shows it: four pixels for a dot. */
function drawn(lines: string[]) {
  const rows = lines.flatMap((line) =>
    ["▀█", "▄█"].map((light) => [...line].map((one) => light.includes(one))),
  );
  const [width, height] = [(rows[0]?.length ?? 0) * 4, rows.length * 4];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++)
    if (!rows[Math.floor(at / width / 4)]?.[Math.floor((at % width) / 4)]) data.fill(0, at * 4, at * 4 + 3);
  return { width, height, data };
}

test.each([
  { options: ["--script", "--host", "127.0.0.1"], says: "demo --script opens no page: leave --host out." },
  { options: ["--host", "salon.example"], says: "--host takes an address of this machine (" },
])("what cannot be served is a sentence, and nothing was started: $options", async ({ options, says }) => {
  const demo = startDemo(...options);
  const [text, errors] = await Promise.all([demo.stdout.text(), demo.stderr.text()]);
  expect([await demo.exited, text]).toEqual([1, ""]);
  expect(errors).toContain(says);
  expect(errors.trim().split("\n")).toHaveLength(1);
});

test("opened without --host there is no code, and nobody else can open it", async () => {
  await withPage(async (address, demo) => {
    expect((await fetch(`${address}qr.svg`)).status).toBe(404);
    const [own] = networkAddresses();
    const theirs = own && (await fetch(address.replace("127.0.0.1", own)).catch(() => "closed"));
    expect(theirs ?? "closed").toBe("closed");
    demo.kill("SIGINT");
  });
});

test("a demo that is ended while its program is dead leaves nothing", async () => {
  let pid = 0;
  await withPage(async (address, demo) => {
    pid = demo.pid;
    expect(programsOf(pid)).toHaveLength(1);
    const headers = { "content-type": "application/json" };
    await fetch(`${address}do`, { method: "POST", headers, body: JSON.stringify({ do: "kill" }) });
    while (programsOf(pid).length > 0) await Bun.sleep(20);
    demo.kill("SIGINT");
  });
  expect(programsOf(pid)).toEqual([]);
});

test("the executable is the program itself: its demo opens, and what is killed comes back", async () => {
  const demo = Bun.spawn([program(), "demo"], {
    env: { DATABASE_URL: adminUrl },
    ...{ stdout: "pipe", stderr: "pipe" },
  });
  let text = "";
  let killed = false;
  // Read to its end: a demo whose reader goes away ends with 141.
  for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
    if (killed || !address || programsOf(demo.pid).length === 0) continue;
    expect(await (await fetch(`${address}page.js`)).text()).toContain("EventSource");
    const [before] = programsOf(demo.pid);
    const headers = { "content-type": "application/json" };
    await fetch(`${address}do`, { method: "POST", headers, body: JSON.stringify({ do: "kill" }) });
    while (programsOf(demo.pid)[0] === before) await Bun.sleep(50);
    while (programsOf(demo.pid).length === 0) await Bun.sleep(50);
    killed = true;
    demo.kill("SIGINT");
  }
  expect([await demo.exited, await demo.stderr.text()]).toEqual([0, ""]);
  expect(programsOf(demo.pid)).toEqual([]);
  expect(await databaseOf(demo.pid)).toEqual([]);
});

test("a demo that is killed takes its program with it", async () => {
  const demo = startDemo();
  for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream()))
    if (chunk.includes("http:")) break;
  expect(programsOf(demo.pid)).toHaveLength(1);
  demo.kill("SIGKILL");
  await demo.exited;
  await until(() => programsOf(demo.pid).length === 0);
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  await admin.unsafe(`drop database if exists loyalty_demo_${demo.pid} with (force)`);
  await admin.end();
});

test("SIGINT in the middle of the script breaks it off, with exit code 1", async () => {
  const demo = startDemo("--script");
  let text = "";
  let asked = false;
  for await (const chunk of demo.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (!asked && soft(text).includes("+35 баллов")) asked = demo.kill("SIGINT") === undefined;
  }
  expect({ code: await demo.exited, errors: await demo.stderr.text() }).toEqual({ code: 1, errors: "" });
  expect(text).toEndWith("Stopped before the day was over.\n");
  expect(await databaseOf(demo.pid)).toEqual([]);
});

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
  const step = { title: "The bot is to say a", act: () => botSays("b"), hears: { person, words: [/a/] } };
  expect(await play(salon, [step], (text) => void printed.push(text))).toBe(false);
  expect(printed).toEqual([
    "\n── The bot is to say a\n",
    "   Bot: b\n",
    "\nWRONG: Анна was to be told /a/.\n",
  ]);
  await telegram.stop();
});
