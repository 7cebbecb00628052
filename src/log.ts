// The log: JSON lines on standard error, with secrets and people left out.

import pino from "pino";

export type Log = pino.Logger;

/**
 * A logger that writes at once: a worker thread cannot be loaded from the executable, and what is buffered is lost when
 * the program is killed. Standard output belongs to results. `to` takes the lines instead, in tests.
 */
export function makeLog(level: string, pretty = false, to?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: cleanFields },
    hooks: {
      logMethod(args, method) {
        const [first, ...rest] = args as unknown[];
        const fault = first instanceof Error ? first : Object(first).err;
        // pino would take the error's own words for the message it lacks, as they are.
        const words = rest.length === 0 && fault instanceof Error ? [fault.message] : rest;
        method.apply(this, [first, ...words].map(cleanValue) as typeof args);
      },
    },
    redact: ["phone", "name", "token", "*.phone", "*.name", "*.token", "req.headers"],
    serializers: { err: plainError },
  };
  return pino(options, to ?? (pretty ? prettyStream() : standardError()));
}

/** What the runtime warns about is a line like any other: it would write words of its own between the lines. */
export function logWarnings(log: Log, from: NodeJS.EventEmitter): void {
  from.removeAllListeners("warning");
  from.on("warning", ({ name, message }: Error) => log.info({ warning: name }, message));
}

/** A full disk or a reader that has gone loses lines, and stops nothing; what waits for room is bounded. */
function standardError(): pino.DestinationStream {
  const stream = pino.destination({ dest: 2, sync: true, maxLength: 1_000_000 });
  stream.on("error", () => {});
  return stream;
}

/** Message and place, never the fields that libraries hang on errors: those hold queries and addresses with tokens. */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: clean(String(error)) };
  return { type: error.name, message: clean(error.message), stack: clean(error.stack ?? "") };
}

/** Tokens, logins in addresses, anything that looks like a phone, and what others quote in letters not theirs: names. */
export function clean(text: string): string {
  return text
    .replace(/"[^"]*[^ -~][^"]*"|'[^']*[^ -~][^']*'|«[^»]*»|“[^”]*”/g, "<quoted>")
    .replace(/\bbot\d+:[\w-]+/g, "bot<token>")
    .replace(/\b\d{6,}:[\w-]{30,}/g, "<token>")
    .replace(/\bBearer [^\s,]+(, ?User [^\s,]+)?/g, "Bearer <token>")
    .replace(/:\/\/[^\s/@:]*:[^\s/]*@/g, "://<login>@")
    .replace(/\+\d(?:[\s()-]{0,3}\d){7,14}(?!\d)|\d(?:[\s()-]{0,3}\d){10,14}(?!\d)/g, "<number>");
}

/**
 * What a service whose words are not known beforehand says of a refusal: cleaned, and without words that begin with a
 * Russian capital inside a sentence, as names do.
 */
export function nameless(text: string): string {
  return clean(text).replace(/(?<=[^\s.!?…:][)\]]?,?\s+)(?=\p{Script=Cyrillic})\p{Lu}[\p{L}-]*/gu, "<name>");
}

/** Numbers are ids and counts; words may be another program's, with anything in them. */
function cleanFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleanValue(value)]));
}

function cleanValue(value: unknown): unknown {
  return typeof value === "string" ? clean(value) : value;
}

function prettyStream(): pino.DestinationStream {
  return {
    write(line: string) {
      const { time, level, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
      const details = Object.keys(rest).length ? ` ${JSON.stringify(rest)}` : "";
      const said = `${String(time).slice(11, 19)} ${String(level).padEnd(5)} ${msg}${details}`;
      process.stderr.write(`${inOneLine(said)}\n`);
    },
  };
}

/** What others said can neither begin a line of its own nor command the terminal. */
function inOneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is made visible
  const unseen = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
  return text.replace(unseen, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
