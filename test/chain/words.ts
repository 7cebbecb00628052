// The result of a rehearsal in words: what people read of it, as Markdown.

import type { Result } from "./rehearsal.ts";
import { type Beat, requestKinds, type Spread } from "./result.ts";

/** A table in Markdown. */
function table(head: string[], rows: (string | number)[][]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Three digits at most, none where there is no value. */
const shown = (value: number | null): string =>
  value === null ? "" : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
const three = ({ middle, p95, worst }: Spread) => [middle, p95, worst].map(shown).join(" / ");

const shownBeat = ({ minute, paid, inLedger, told, requests, oldest, cpu, mb, connections }: Beat) => [
  ...[shown(minute), paid, inLedger, told, ...requestKinds.map((kind) => requests[kind])],
  ...[oldest.webhook, oldest.stopped, oldest.none].map(shown),
  ...[cpu.map(shown).join(", "), mb.map(shown).join(", "), connections],
];

/** The owner's messages that differ in numbers alone are one. */
function ownerSaw(owner: Result["owner"]): string {
  const alike = Map.groupBy(owner, ({ text }) => text.replace(/[\d\u00a0]+/g, "#"));
  return [...alike.values()]
    .map(([first, ...more]) => {
      const often = more.length === 0 ? "" : `, and ${more.length} like it`;
      return `- minute ${shown(first?.minute ?? 0)}${often}: ${first?.text.replaceAll("\n", " / ")}`;
    })
    .join("\n");
}

const counts = (of: Record<string, number>) =>
  Object.entries(of)
    .map(([what, count]) => `- ${count} ${what}`)
    .join("\n");

/** All of it, with tables. */
export function words(result: Result): string {
  const { wanted, lags, refunds, readings, requests, beats, hooks, people } = result;
  const minutes = (ms: number) => shown(ms / 60_000);
  const killed =
    result.killedAt === null
      ? "No replica was killed."
      : `One of two replicas was killed at minute ${minutes(result.killedAt)}.`;
  const most = (of: (beat: Beat) => (number | null)[]) =>
    shown(Math.max(...beats.flatMap((beat) => of(beat).map((value) => value ?? 0))));
  return [
    `# ${wanted.branches} branches, ${result.visits} visits in ${minutes(result.trafficMs)} minutes`,
    `${wanted.perMinute} requests a minute, SYNC_CRON ${wanted.syncCron}. YCLIENTS answers after ${result.answersAfter.yclients} ms, Telegram after ${result.answersAfter.telegram} ms, both within their limits. ${killed} ${result.catchUpMs < wanted.patience * 60_000 ? "All" : "Not all"} was quiet ${minutes(result.catchUpMs)} minutes after the traffic. The first pass before it took ${shown(result.firstPassMs / 1_000)} s with no limit.`,
    `The stand-ins and the traffic took ${shown(result.standInsCpu)} % of a core, and were late by ${shown(result.late)} ms at most.`,
    "## From the payment, in seconds: middle / 95 of 100 / worst",
    table(
      ["branches", "visits", "in the ledger", "", "told", ""],
      lags.map(({ branches, visits, ledger, message }) => [
        ...[branches, visits, ledger.count, three(ledger), message.count, three(message)],
      ]),
    ),
    `From a refund to its correction (${refunds.count}): ${three(refunds)}. Told twice: ${result.toldTwice}.`,
    "## Between two readings of a branch's list, in seconds: middle / 95 of 100 / worst",
    table(
      ["branches", "how many", "readings", "between two"],
      readings.map(({ branches, count, between }) => [branches, count, between.count, three(between)]),
    ),
    "## Requests to YCLIENTS",
    `${requestKinds.map((kind) => `${requests[kind]} ${kind === "refused" ? "refused by 429" : kind}`).join(", ")}. By the metrics of all processes, as far as they were read:`,
    counts(result.apis),
    "The others:",
    counts(result.others),
    "## Minute by minute",
    table(
      [
        ...["minute", "paid", "in the ledger", "told", "pages", "records", "others", "429"],
        ...["oldest reading, s: webhooks", "stopped", "none", "% of a core", "MB", "connections"],
      ],
      beats.map(shownBeat),
    ),
    `At the most ${most(({ cpu }) => cpu)} % of a core in a while, ${most(({ mb }) => mb)} MB, ${Math.max(...beats.map(({ connections }) => connections))} connections.`,
    "## People, in milliseconds: middle / 95 of 100 / worst",
    table(
      ["what", "how often", "waited"],
      [
        ["/balance", people.balance.count, three(people.balance)],
        ["phone and bill, to the screen", people.screen.count, three(people.screen)],
        ["the tap, to what it says", people.spend.count, three(people.spend)],
        ["YCLIENTS's webhooks", hooks.answered.count, three(hooks.answered)],
      ],
    ),
    `Of the webhooks ${hooks.lost} were not taken.`,
    "## What the owner saw",
    ownerSaw(result.owner) || "Nothing.",
    "## In the end",
    `/readyz ${result.readyz.join(", ")}; sync_lag_seconds ${three(result.syncLag)}.`,
    result.verified.map(({ when, said }) => `- verify ${when}: ${said.trim().split("\n")[0]}`).join("\n"),
    "The log, but for what is no trouble:",
    counts(result.log) || "Nothing.",
    result.faults.length === 0
      ? "**Nothing was lost, and nobody was told twice but by the kill.**"
      : result.faults.map((fault) => `- **${fault}**`).join("\n"),
  ].join("\n\n");
}
