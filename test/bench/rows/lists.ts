// Row: a list of balances from another programme brought in, and the ledger handed out as a file, as a CSV and as the workbook.

import { join } from "node:path";
import { tool } from "../pgbench.ts";
import { type Row, shown } from "../row.ts";
import { phoneOf } from "../salon.ts";
import { ran, settings } from "../stage.ts";

export const lists: Row = {
  name: "lists",
  minutes: 1,
  async measure(stage, sizes) {
    await using database = await stage.database();
    const env = settings(database, { telegram: "http://127.0.0.1:9" });
    const file = join(stage.folder, "balances.csv");
    const line = (_: unknown, at: number) => `${phoneOf(at + 1)};Анна;${1 + (at % 900)},50;`;
    const lines = Array.from({ length: sizes.lines }, line);
    await Bun.write(file, ["Телефон;Имя;Баллы;Причина", ...lines].join("\n"));
    const program = stage.executable();
    const brought = await ran([program, "import", "--csv", file], env);
    if (!brought.out.includes("verify: ok")) throw new Error(`the list was not imported: ${brought.out}`);
    const csv = await ran([program, "export"], env);
    const workbook = await ran([program, "export", "--xlsx"], env);
    const psql = tool("psql");
    const copy = "copy (select * from bonuslog order by id) to stdout csv";
    const copied = psql === null ? null : await ran([psql, "-qX", database.url, "-c", copy]);
    const many = shown(sizes.lines);
    return [
      {
        what: `a list of ${many} balances brought in, proved to the end`,
        ours: `${shown(brought.seconds, " s")}, at most ${shown(brought.mostMb, " MB")}`,
        ...{ beside: "", ratio: null, aim: "at most 20 s", met: brought.seconds <= 20, once: true },
        why: "All in one transaction, each row with its card, its link of the chain and its lot; then verify, which makes every hash anew.",
      },
      {
        what: `export of ${many} rows`,
        ours: `CSV ${shown(csv.seconds, " s")}, at most ${shown(csv.mostMb, " MB")}; workbook ${shown(workbook.seconds, " s")}, at most ${shown(workbook.mostMb, " MB")}`,
        beside: copied ? `\\copy: ${shown(copied.seconds, " s")}` : "\\copy: no psql here",
        ratio: copied && csv.seconds / copied.seconds,
        ...{ aim: "shown", met: null, once: true },
      },
    ];
  },
};
