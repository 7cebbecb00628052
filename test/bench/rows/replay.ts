// Row: an hour's overlap read again, every record of it known already; beside the first pass over the same records.

import { feed } from "../feed.ts";
import { pass } from "../pass.ts";
import { median, type Row, shown } from "../row.ts";

export const replay: Row = {
  name: "replay",
  minutes: 1,
  async measure(stage, sizes) {
    const [first, again]: [number[], number[]] = [[], []];
    for (let round = 0; round < sizes.rounds; round++) {
      await using database = await stage.database();
      await using journal = feed(sizes.records);
      first.push(sizes.records / (await pass(stage, database, journal)).seconds);
      journal.changed = sizes.records;
      const known = await pass(stage, database, journal);
      if (known.records !== sizes.records || known.awards !== 0) throw new Error("it was no replay");
      again.push(sizes.records / known.seconds);
    }
    const ratio = median(again) / median(first);
    return [
      {
        what: `replay of ${shown(sizes.records)} known records`,
        ours: `${shown(median(again))}/s`,
        beside: `first pass: ${shown(median(first))}/s`,
        // An hour's overlap is a page at most. A known record is read, judged and looked up like a new one, and its time of reading is
        // stored, on which the order of answers hangs: only the row of the ledger is saved.
        ...{ ratio, aim: "shown", met: null },
      },
    ];
  },
};
