/** The seed of the random tests: a new one each run, or FC_SEED. A failure prints it, and what it shrank to. */
import fc from "fast-check";

const given = Number.parseInt(process.env.FC_SEED ?? "", 10);

/** Where the random streams of this run begin. */
export const seed = Number.isSafeInteger(given) ? given : Math.floor(Math.random() * 2 ** 31);

/** Parameters of `fc.assert` for so many runs; `offset` gives streams that run side by side seeds of their own. */
export function runs<T>(numRuns: number, offset = 0): fc.Parameters<T> {
  return {
    numRuns,
    seed: seed + offset,
    reporter: (details) => {
      if (!details.failed) return;
      throw new Error(`FC_SEED=${seed} brings this back.\n${fc.defaultReportMessage(details) ?? ""}`);
    },
  };
}
