// The log: JSON lines on standard error, with secrets and people left out.

import pino from "pino";

export type Log = pino.Logger;

/**
 * A logger that writes at once: a worker thread cannot be loaded from the executable, and what is buffered is lost when
 * the program is killed. Standard output belongs to results.
 */
export function makeLog(level: string, pretty = false): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ["phone", "name", "token", "*.phone", "*.name", "*.token", "req.headers"],
    serializers: { err: plainError },
  };
  return pino(options, pretty ? prettyStream() : pino.destination({ dest: 2, sync: true }));
}

/** Message and place, never the fields that libraries hang on errors: those hold queries and addresses with tokens. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: clean(String(error)) };
  return { type: error.name, message: clean(error.message), stack: clean(error.stack ?? "") };
}

/** A token in an address and anything that looks like a phone. */
export function clean(text: string): string {
  return text
    .replace(/bot\d+:[\w-]+/g, "bot<token>")
    .replace(/:\/\/[^\s/@:]+:[^\s/@]+@/g, "://<login>@")
    .replace(/\+?\d(?:[\s()-]?\d){10,14}(?!\d)/g, "<number>");
}

function prettyStream(): pino.DestinationStream {
  return {
    write(line: string) {
      const { time, level, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
      const details = Object.keys(rest).length ? ` ${JSON.stringify(rest)}` : "";
      process.stderr.write(`${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${msg}${details}\n`);
    },
  };
}
