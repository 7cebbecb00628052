// Proves settings and outside parties: a check asks one of them and gives lines; a check that fails hides no other.

import { withTimeout } from "../jobs/retry.ts";

/**
 * One line. `says` has no full stop, and no token, phone or name; `remedy` is what to do, and no failure is without one.
 * `info` is a fact to know; a warning is no failure.
 */
export type CheckLine = Said &
  ({ state: "FAIL"; remedy: string } | { state: "ok" | "info" | "warn"; remedy?: string });

interface Said {
  about: string;
  says: string;
  /** What owners must act on, or null: it is known to be well. An alarm that no line names stays as it is. */
  alarm?: { about: string; detail: string | null };
}

export interface Check {
  /** Said of when it could not be asked at all. */
  about: string;
  /** Ends its own requests when the signal comes. */
  ask: (signal: AbortSignal) => Promise<CheckLine[]>;
}

/** What a failure of a check means: a sentence and a remedy. */
export type Explain = (error: unknown) => { says: string; remedy: string };

/**
 * Asks all at once and gives each one's lines in the order of the checks, or a line that says why there are none; each has
 * so many milliseconds.
 */
export async function* runChecks(checks: Check[], ms: number, explain: Explain): AsyncGenerator<CheckLine[]> {
  const answers = checks.map((check) => linesOf(check, ms, explain));
  for (const answer of answers) yield await answer;
}

/**
 * The first check of a party, and those that ask the same party further: where the first has failed they would fail for
 * the same reason, and say nothing.
 */
export function inTurn(first: Check, others: Check[]): { first: Check; others: Check[] } {
  const failed = Promise.withResolvers<boolean>();
  const ask: Check["ask"] = async (signal) => {
    signal.addEventListener("abort", () => failed.resolve(true)); // its time is over, or all was said long before
    const lines = first.ask(signal);
    lines.then(
      (said) => failed.resolve(said.some(({ state }) => state === "FAIL")),
      () => failed.resolve(true),
    );
    return lines;
  };
  const after = (check: Check): Check => ({
    about: check.about,
    ask: async (signal) => {
      const lines = check.ask(signal);
      lines.catch(() => {}); // said below, or not at all
      return (await failed.promise) ? [] : lines;
    },
  });
  return { first: { about: first.about, ask }, others: others.map(after) };
}

async function linesOf(check: Check, ms: number, explain: Explain): Promise<CheckLine[]> {
  try {
    return await withTimeout(ms, check.ask);
  } catch (error) {
    return [{ state: "FAIL", about: check.about, ...explain(error) }];
  }
}

/** Two clocks side by side; what differs by more than the answer's way is worth a word. */
export function clockLine(party: string, theirs: Date | null, ours: Date): CheckLine {
  const about = `clock of ${party}`;
  if (theirs === null) return { state: "info", about, says: "not said" };
  const apart = Math.round((ours.getTime() - theirs.getTime()) / 1000);
  const says =
    apart === 0 ? "the same as here" : `${span(Math.abs(apart))} ${apart > 0 ? "behind" : "ahead of"} ours`;
  if (Math.abs(apart) <= 5) return { state: "ok", about, says };
  const remedy = "set this machine's clock: timedatectl set-ntp true";
  return { state: Math.abs(apart) > 60 ? "FAIL" : "warn", about, says, remedy };
}

/** A span of time in words, to the largest unit: `3 minutes`. */
export function span(seconds: number): string {
  const [size, unit] =
    seconds < 120
      ? [1, "second"]
      : seconds < 7_200
        ? [60, "minute"]
        : seconds < 172_800
          ? [3_600, "hour"]
          : [86_400, "day"];
  const count = Math.round(seconds / Number(size));
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** What a fact says when nothing is wrong, or what is; `alarm` is raised with the detail, or ended. */
export function lineOf(
  about: string,
  wrong: { says: string; remedy: string; detail?: string } | null,
  well: string,
  alarm?: string,
): CheckLine {
  const raised = alarm === undefined ? {} : { alarm: { about: alarm, detail: wrong?.detail ?? null } };
  return wrong
    ? { state: "FAIL", about, says: wrong.says, remedy: wrong.remedy, ...raised }
    : { state: "ok", about, says: well, ...raised };
}
