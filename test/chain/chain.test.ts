// A rehearsal in small: that it plays all there is to play and loses nothing; and that it would say so if something were lost.
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshDatabase } from "../helpers/db.ts";
import { longTest } from "../helpers/installed.ts";
import { freePort, program } from "../helpers/program.ts";
import type { Happened } from "./day.ts";
import { plan } from "./plan.ts";
import { rehearse } from "./rehearsal.ts";
import { openDoor } from "./replicas.ts";
import { faultsOf, type InLedger, spreadOf } from "./result.ts";
import { words } from "./words.ts";

longTest(
  "a small chain loses nothing of its day, though a replica is killed in it, and all of it is measured",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "loyalty-chain-test-"));
    const database = await freshDatabase();
    const { url, sql } = database;
    const ground = { url, sql, program: program(), folder, say: () => {} };
    const result = await rehearse(
      {
        ...{ branches: 10, visits: 1_500, minutes: 0.2, linked: 30, seed: 7, kill: true, settle: 1 },
        ...{ syncCron: "*/4 * * * * *", perMinute: 1_200, patience: 2 },
        limits: { perMinute: 0, perSecond: 0 }, // a slow machine meets them by chance, and then a minute passes
      },
      ground,
    );
    await database.drop();
    rmSync(folder, { recursive: true });
    expect(result.faults).toEqual([]);
    const { lags, hooks, people, killedAt, verified, beats, requests } = result;
    expect(lags.reduce((sum, { ledger }) => sum + ledger.count, 0)).toBeWithin(45, result.visits + 1);
    expect(lags.map(({ branches }) => branches)).toContain("quiet, webhooks that stopped, after that");
    expect(beats.at(-1)?.paid).toBe(result.visits);
    for (const seen of [killedAt, hooks.answered.count, people.balance.count, people.spend.count])
      expect(seen).toBeGreaterThan(0);
    expect(requests.pages).toBeGreaterThanOrEqual(5); // no webhook tells of anything in five of them
    expect(verified.map(({ when, code }) => [when, code])).toEqual([
      ["beside the traffic", 0],
      ["in the end", 0],
    ]);
    expect(words(result)).toContain("**Nothing was lost");
    expect(words(result)).not.toMatch(/NaN|undefined|Infinity/);
  },
  180_000,
);

const size = { branches: 100, visits: 60, minutes: 60, linked: 20, seed: 3 };

test("one branch in ten has half of the visits, half of them have webhooks, and noon is busier than morning", () => {
  const { branches, visits, lasts } = plan(size);
  expect(visits).toHaveLength(6_000);
  const share = (fits: (visit: (typeof visits)[number]) => boolean) =>
    visits.filter(fits).length / visits.length;
  expect(branches.filter(({ busy }) => busy)).toHaveLength(10);
  expect(share(({ branch }) => branch.busy)).toBeWithin(0.45, 0.55);
  expect(share(({ linked }) => linked)).toBeWithin(0.17, 0.23);
  expect(Object.fromEntries(Map.groupBy(branches, ({ hooks }) => hooks).entries())).toMatchObject({
    webhook: { length: 50 },
    stopped: { length: 4 },
    none: { length: 46 },
  });
  const third = (at: number) => share(({ paid }) => Math.floor((3 * paid) / lasts) === at);
  expect(third(1) / third(0)).toBeWithin(1.4, 3);
  for (const { booked, paid, refunded } of visits) {
    expect(booked ?? 0).toBeWithin(0, paid + 0.001);
    expect(refunded ?? lasts - 1).toBeWithin(0, lasts);
  }
});

test("fewer minutes have as many visits a minute", () => {
  expect(plan({ ...size, minutes: 6 }).visits).toHaveLength(600);
});

const visit: Happened = {
  ...{
    branch: { id: 1, busy: false, hooks: "none" },
    client: 0,
    linked: true,
    kopecks: 200_000,
    booked: null,
  },
  ...{ paid: 0, refunded: null, record: 1, paidAt: 1_000, refundedAt: null, toldAt: [2_000] },
};
const row: InLedger = { awardedAt: 1_500, correctedAt: null, awarded: 2_000, sum: 2_000 };
const waited = { balance: [], screen: [], spend: [5], unanswered: 0 };
const sound: Parameters<typeof faultsOf>[2] = { killedAt: null, spends: 1, waited };

test.each<[string, Partial<Happened>, Partial<InLedger> | null, Partial<typeof sound>, string[]]>([
  ["nothing, where all is well", {}, {}, {}, []],
  ["a lost award", {}, null, {}, ["1 payments have no award"]],
  ["a wrong sum", {}, { awarded: 1_000 }, {}, ["1 awards are of another sum than one percent"]],
  ["points that went", {}, { correctedAt: 3_000 }, {}, ["1 awards were corrected with no refund"]],
  ["points of a refund", { refundedAt: 3_000 }, {}, {}, ["1 refunds have left points"]],
  ["a refund that was never awarded", { refundedAt: 3_000 }, null, {}, []],
  ["who was not told", { toldAt: [] }, {}, {}, ["1 linked clients were told nothing"]],
  [
    "who was told twice",
    { toldAt: [2_000, 9_000] },
    {},
    {},
    ["1 linked clients were told more than once, and not by the kill"],
  ],
  ["nothing of what the kill repeats", { toldAt: [2_000, 9_000] }, {}, { killedAt: 2_100 }, []],
  [
    "a spend that is not there",
    {},
    {},
    { spends: 0 },
    ["1 spends that an admin saw are not in the ledger, or those there were not seen"],
  ],
  ["who waits for ever", {}, {}, { waited: { ...waited, unanswered: 2 } }, ["2 people had no answer"]],
])("a rehearsal says %s", (_, happened, inLedger, more, said) => {
  const ledger = new Map(inLedger === null ? [] : [[1, { ...row, ...inLedger }]]);
  expect(faultsOf([{ ...visit, ...happened }], ledger, { ...sound, ...more })).toEqual(said);
});

test("the middle, the twentieth from the top of a hundred and the worst are of what there was", () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  expect(spreadOf(hundred)).toEqual({ count: 100, middle: 50, p95: 95, worst: 100 });
  expect(spreadOf([])).toEqual({ count: 0, middle: null, p95: null, worst: null });
});

test("what is asked wrongly is a sentence, and what there is to ask for", async () => {
  const command = [process.execPath, join(import.meta.dir, "main.ts"), "--minutes", "0"];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" });
  const [said, code] = await Promise.all([child.stdout.text(), child.exited]);
  expect(code).toBe(2);
  expect(said).toStartWith("--minutes is to be a number above 0, not 0.\n");
  expect(said).toContain("--branches N");
});

test("who comes while a replica is down is handed to the other one", async () => {
  const echo = (text: string) => new Response(`taken: ${text}`, { status: 201 });
  const up = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (request) => request.text().then(echo) });
  const down = { address: `http://127.0.0.1:${freePort()}` };
  const door = openDoor([down, { address: up.url.origin }]);
  const say = async (body: string) => {
    const answer = await fetch(`${door.url}/hook`, { method: "POST", body });
    return [answer.status, await answer.text()];
  };
  expect([await say("one"), await say("two")]).toEqual([
    [201, "taken: one"],
    [201, "taken: two"],
  ]);
  await up.stop(true);
  expect((await fetch(door.url)).status).toBe(502);
  await door.stop();
});
