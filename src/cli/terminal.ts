// Questions on a terminal: a line each, and what is hidden is shown nowhere, whenever it was typed.

import { createInterface } from "node:readline";
import { Writable } from "node:stream";

export interface Questions {
  /** The line typed in answer; null when whoever was asked has left (Ctrl-C, Ctrl-D). */
  ask(question: string, how?: { hidden: boolean }): Promise<string | null>;
  /** Gives the terminal back as it was. */
  [Symbol.dispose](): void;
}

/**
 * Takes the terminal over until it is disposed of. It echoes nothing by itself meanwhile: readline writes what is typed,
 * and only while a question that hides nothing waits for its answer.
 */
export function openQuestions(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Questions {
  let echoes = false;
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (echoes) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: echo, terminal: true, historySize: 0 });
  const typed: string[] = [];
  let waiting: ((line: string | null) => void) | null = null;
  let left = false;
  const answer = (line: string | null) => {
    echoes = false;
    waiting?.(line);
    waiting = null;
  };
  lines.on("line", (line) => (waiting ? answer(line) : typed.push(line)));
  lines.on("SIGINT", () => lines.close());
  // Ctrl-Z gives the terminal back, and in a container stops nothing: what is typed next would be shown.
  lines.on("SIGTSTP", () => {});
  lines.on("close", () => {
    left = true;
    if (waiting) output.write("\n");
    answer(null);
  });
  return {
    async ask(question, { hidden } = { hidden: false }) {
      output.write(question);
      const line =
        typed.shift() ??
        (left
          ? null
          : await new Promise<string | null>((resolve) => {
              waiting = resolve;
              echoes = !hidden;
            }));
      if (hidden && line !== null) output.write("\n");
      return line;
    },
    [Symbol.dispose]: () => lines.close(),
  };
}
