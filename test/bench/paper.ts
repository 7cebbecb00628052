// The paper part of the results: what limits a salon, a chain and 100 000 branches, worked out from the run's own figures
// and from the limits of the two APIs, and in which order things give way.

import { connections } from "../../src/app/parts.ts";
import { type Line, shown } from "./row.ts";

/**
 * YCLIENTS: 200 requests a minute and 5 a second from one address, of which the program takes 150 a minute. Telegram: 30
 * messages a second a bot.
 */
const [yclientsLimit, yclientsASecond, yclientsBudget, telegramLimit] = [200, 5, 150, 30];
/** Of a branch, taken to be busy: visits a day, hours it is open, how much busier its peak is, questions for each visit. */
const [visits, hours, peak, questions] = [100, 13, 3, 3];
const [recordsAPage, machineGb] = [200, 24];

const perSecond = (branches: number) => (branches * visits * peak) / (hours * 3_600);
const perMinute = (branches: number) => perSecond(branches) * 60;

interface Limit {
  name: string;
  need: (branches: number) => number;
  most: number;
  of: string;
}

const names = ["updates", "records", "spends", "told", "idle", "memory", "verified", "rowBytes"] as const;
type Figures = Record<(typeof names)[number], number>;

/** In short for each size, and the limits behind it. Nothing where a row was left out: then there is no figure. */
export function paper(lines: Line[]): { short: string; limits: string } {
  const found = new Map(lines.flatMap(({ figures = {} }) => Object.entries(figures)));
  if (names.some((name) => !found.has(name))) return { short: "", limits: "" };
  const figures = Object.fromEntries(names.map((name) => [name, found.get(name) ?? 0])) as Figures;
  const { table, said } = shares(figures);
  const limits = [
    "## On paper: what gives way, and when",
    `Taken: a branch has ${visits} visits a day in ${hours} hours, ${peak} times as many at its peak; each makes a row of the ledger, a message and ${questions} questions to the bot. Every limit but those of the two APIs is a figure of the table above, so it is this machine's, with its cores and its disk.`,
    table,
    years(figures),
    apart(figures),
  ].join("\n\n");
  return { short: `## In short\n\n${said}`, limits };
}

function limits({ updates, records, spends }: Figures): Limit[] {
  const row = "the ledger's one writer";
  return [
    {
      ...{
        name: "YCLIENTS: requests a minute, a pass a minute for each branch",
        need: (branches) => branches,
      },
      ...{
        most: yclientsBudget,
        of: `${yclientsBudget} an address, by default, of YCLIENTS's ${yclientsLimit}`,
      },
    },
    {
      name: "YCLIENTS: requests a minute, were each visit's webhook a read of its own",
      ...{ need: perMinute, most: yclientsBudget, of: `the same ${yclientsBudget}` },
    },
    {
      name: "Telegram: messages a second, told and answered",
      need: (branches) => perSecond(branches) * (1 + questions),
      ...{ most: telegramLimit, of: `${telegramLimit} a bot` },
    },
    {
      ...{ name: `${row}: rows a second, each in a transaction of its own`, need: perSecond },
      ...{ most: spends, of: `${shown(spends)} measured (spends)` },
    },
    {
      ...{ name: `${row}: rows a second, in full pages`, need: perSecond },
      ...{ most: records, of: `${shown(records)} measured (first pass)` },
    },
    {
      ...{ name: "the bot: questions a second", need: (branches) => perSecond(branches) * questions },
      ...{ most: updates, of: `${shown(updates)} measured, a core` },
    },
  ];
}

/** What each size asks of each limit, the first to give way first. */
function shares(figures: Figures): { table: string; said: string } {
  const sizes = [1, 1_000, 100_000];
  const sorted = limits(figures).toSorted((a, b) => b.need(1) / b.most - a.need(1) / a.most);
  const cells = sorted.map(({ name, need, most, of }) => [
    ...[name, of],
    ...sizes.map((branches) => `${shown(need(branches))}: ${percent(need(branches) / most)}`),
  ]);
  const head = [
    "what, the first to give way first",
    "limit",
    "a salon",
    "1 000 branches",
    "100 000 branches",
  ];
  const table = [head, head.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
  const over = (branches: number) =>
    sorted.filter(({ need, most }) => need(branches) > most).map(({ name }) => name.split(":")[0]);
  const said = [
    `A salon: ${over(1).length === 0 ? "nothing gives way" : over(1).join(", ")}. A year of its visits is read by the first pass in ${shown(Math.ceil((visits * 365) / recordsAPage / yclientsBudget))} minutes, at the budget of ${yclientsBudget} requests a minute.`,
    `A chain of 1 000 branches: first to give way is ${[...new Set(over(1_000))].join(", then ") || "nothing"}. From one address a branch is read every ${shown(1_000 / yclientsBudget)} minutes in the mean instead of every one, which loses nothing: a page carries ${recordsAPage} changes. The single reads of its webhooks, ${shown(Math.round(perMinute(1_000)))} a minute at the peak, would not fit into that budget, nor by themselves: so the branch where most waits is read first, and a page answers several at once. More addresses, or a limit agreed with YCLIENTS, help; more replicas behind one address do not.`,
    `100 000 branches in one ledger: first to give way is ${[...new Set(over(100_000))].join(", then ") || "nothing"}. From one address a round takes ${shown(100_000 / yclientsBudget / 60)} hours; ${shown(Math.ceil(100_000 / yclientsBudget))} addresses would be needed for a minute. A day's messages take ${shown((100_000 * visits) / figures.told / 86_400)} days to tell. So this is several ledgers, by region or brand, with a bot each.`,
  ];
  return { table, said: said.map((line) => `- ${line}`).join("\n") };
}

/** What time adds. */
function years({ verified, rowBytes }: Figures): string {
  const rows = 1_000 * visits * 365;
  return `A year of 1 000 branches is ${shown(rows)} rows, ${shown((rows * rowBytes) / 1e9)} GB with their visits and indexes, and ${shown(rows / verified / 60)} minutes of \`verify\`. Balance and history hardly feel it: they read one card's rows.`;
}

/** The other way to serve 100 000 branches: every salon has a deployment of its own, on machines that are shared. */
function apart({ memory, idle }: Figures): string {
  const fits = [
    [`YCLIENTS's ${yclientsLimit} a minute an address, a pass a minute each`, yclientsLimit],
    [`${machineGb} GB of memory, ${shown(memory)} MB each after many updates`, (machineGb * 1_000) / memory],
    [`a core, ${shown(idle)} % each at rest`, 100 / idle],
    [
      `1 000 connections to PostgreSQL, at most ${connections} each; a PgBouncer lifts it`,
      1_000 / connections,
    ],
  ] as const;
  const lines = fits
    .toSorted(([, a], [, b]) => a - b)
    .map(([name, many]) => `- ${name}: ${shown(Math.floor(many))}`);
  const machines = (fit: number) => shown(Math.ceil(100_000 / fit));
  const least = Math.min(...fits.map(([, many]) => Math.floor(many)));
  return [
    "100 000 salons with a deployment each, on shared machines with an address each, and PostgreSQL elsewhere:",
    `Without a change of settings ${yclientsASecond} fit on one machine, so ${machines(yclientsASecond)} machines: by default all of them ask YCLIENTS at second 0 of the minute, each with a budget of its own, and an address has ${yclientsASecond} requests a second.`,
    "Where `SYNC_CRON` gives every second of the minute to as many of them, so many fit on one by",
    lines.join("\n"),
    `The least of them decides: ${machines(least)} machines. Ledger and Telegram are each salon's own then, and never give way.`,
  ].join("\n\n");
}

function percent(share: number): string {
  return share < 0.001 ? "below 0.1 %" : `${shown(share * 100)} %`;
}
