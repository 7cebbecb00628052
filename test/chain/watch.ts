// What is looked at while the chain runs: the replicas, the database's connections, the metrics, and in the end the logs.

import type postgres from "postgres";
import type { Replica, Sight } from "./replicas.ts";

export const metricsToken = "metrics-of-the-chain";

/** Looks at the replicas and the database every so often, and reads the metrics as a monitoring does. */
export function watching(sql: postgres.Sql, replicas: readonly Replica[], everyMs: number) {
  const seen: { sights: Sight[]; connections: { at: number; count: number }[] } = {
    sights: [],
    connections: [],
  };
  const stopping = new AbortController();
  const scrape = async () =>
    void (await Promise.all(replicas.map((replica) => replica.scrape(metricsToken))));
  const round = async () => {
    while (!stopping.signal.aborted) {
      for (const replica of replicas) seen.sights.push(...[replica.sight() ?? []].flat());
      const [row] = await sql<{ count: number }[]>`
        select count(*)::int as count from pg_stat_activity
        where datname = current_database() and application_name like 'loyalty%'`;
      seen.connections.push({ at: Date.now(), count: row?.count ?? 0 });
      if (seen.connections.length % 3 === 0) await scrape();
      await Bun.sleep(everyMs);
    }
  };
  const rounds = round();
  rounds.catch(() => {}); // whoever stops it hears of it
  return {
    seen,
    scrape,
    stop: () => {
      stopping.abort();
      return rounds;
    },
  };
}

/** How often each of them stands there, the most frequent first. */
export function countBy(words: string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
}

/** What stands in the brackets of the line, in all of the texts. */
export const numbersOf = (texts: string[], line: RegExp) =>
  texts.flatMap((text) => [...text.matchAll(line)].map(([, value]) => Number(value)));

/** Answers of the outside parties by what they were, over all processes. */
export function sumsOf(texts: string[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const text of texts)
    for (const [, api, outcome, count] of text.matchAll(
      /^loyalty_api_requests_total\{api="(\w+)",outcome="(\w+)"\} (\d+)$/gm,
    ))
      sums.set(`${api} ${outcome}`, (sums.get(`${api} ${outcome}`) ?? 0) + Number(count));
  return Object.fromEntries(sums);
}

/** What a log warns of, each line as its words alone. */
export function wordsOf(log: string): string[] {
  return log.split("\n").flatMap((line) => {
    const { level, msg, job, error } = readLine(line);
    if (level === undefined || level === "info") return [];
    const why = error === undefined ? "" : `: ${error.replace(/\d+/g, "N").slice(0, 150)}`;
    return [`${level} ${job ?? ""} ${msg?.replace(/\d+/g, "N")}${why}`];
  });
}

function readLine(line: string): { level?: string; msg?: string; job?: string; error?: string } {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
