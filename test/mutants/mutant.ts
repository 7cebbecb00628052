/** A deliberate fault: one place of the program, put wrong. */

/** `fault` says what is wrong with it. `find` stands in `file` exactly once; `tests` are those that must notice. */
export interface Mutant {
  fault: string;
  file: string;
  find: string;
  put: string;
  tests: string[];
}

/** The two parts of a change, either of which may be missing. */
const marks = /(?=\[-|\{\+)(?:\[-([\s\S]*?)-\])?(?:\{\+([\s\S]*?)\+\})?/;

/**
 * Faults in one file, each under its name as `git diff --word-diff` would show it: what stands in the file with
 * `[-what goes-]{+what comes+}` in it. `file` is in src unless it is SQL, `tests` are in test.
 */
export function mutantsIn(file: string, tests: string[], faults: Record<string, string>): Mutant[] {
  return Object.entries(faults).map(([fault, change]) => {
    const [before = "", gone = "", come = "", after = "", ...more] = change.split(marks);
    if (gone === come || more.length > 0) throw new Error(`"${fault}" is not one change: ${change}`);
    return {
      ...{ fault, find: before + gone + after, put: before + come + after },
      file: file.endsWith(".sql") ? file : `src/${file}`,
      tests: tests.map((name) => `test/${name}.test.ts`),
    };
  });
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
