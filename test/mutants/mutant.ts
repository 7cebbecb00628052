/** A deliberate fault: one place of the program, put wrong. */

/** `fault` says what is wrong with it. `find` stands in `file` exactly once; `tests` are those that must notice. */
export interface Mutant {
  fault: string;
  file: string;
  find: string;
  put: string;
  tests: string[];
}

/** Faults in one file, each `[find, put]` under its name. `file` is in src unless it is SQL, `tests` are in test. */
export function mutantsIn(
  file: string,
  tests: string[],
  faults: Record<string, [find: string, put: string]>,
): Mutant[] {
  return Object.entries(faults).map(([fault, [find, put]]) => ({
    ...{ fault, find, put },
    file: file.endsWith(".sql") ? file : `src/${file}`,
    tests: tests.map((name) => `test/${name}.test.ts`),
  }));
}

/** The text with the fault in it. Throws when `find` is not there exactly once: such a mutant would test nothing. */
export function spoilt(text: string, { fault, file, find, put }: Mutant): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `"${fault}": ${find} must be in ${file} once, and is there ${text.split(find).length - 1} times`,
    );
  return `${before}${put}${after}`;
}
