// Words of people and of the journal in places that could run them: Telegram's HTML, a spreadsheet, the log.
import { expect, test } from "bun:test";
import { exportLedger } from "../../src/ledger/export.ts";
import { makeLog } from "../../src/log.ts";
import { give } from "../helpers/salon-bot.ts";
import { tellingSalon } from "../helpers/telling-salon.ts";
import { ask, last, PHONE, type TillSalon, tillSalon, visit } from "../helpers/till-salon.ts";

const EVIL = `<b>Ж</b><a href="https://evil.example">&lt;"'</a>`;

/** Every word stands as it was written, nothing of it is markup, and Telegram has refused nothing. */
function expectPlain(salon: TillSalon, times: number): void {
  const shown = [...[501, 601, 700].flatMap((id) => salon.telegram.messages(id))].filter(
    (one) => one.from === "bot",
  );
  expect(shown.filter(({ text }) => text.includes(EVIL)).length).toBeGreaterThanOrEqual(times);
  const links = shown
    .flatMap(({ entities }) => entities)
    .filter((one) => JSON.stringify(one).includes("evil.example"));
  expect(links).toEqual([]);
  // Cut in two, the words would be markup that is not closed, or escapes that are shown.
  expect(shown.filter(({ text }) => /&(amp|lt|gt|quot);/.test(text.replaceAll(EVIL, "")))).toEqual([]);
  expect(salon.log.filter((line) => /parse entities|could not be handled/.test(line))).toEqual([]);
}

test("names of clients, admins and the salon and reasons are words in every screen of the till and of the client", async () => {
  await using salon = await tillSalon(
    { title: () => EVIL, legalName: EVIL, secondAdminAbove: 100_00 },
    34_000,
  );
  const { sql, telegram, anna } = salon;
  telegram.limits.perSecond = 1e6;
  await sql`update companies set title = ${EVIL}`;
  await sql`update clients set name = ${EVIL} where phone = ${PHONE}`;
  await visit(salon, { record: 11, at: "2026-03-12T10:00:00Z", price: 3500, paid: 0, decision: "not_paid" });
  await sql`insert into yclients_clients (yclients_client_id, client_id, name) select 77, id, ${EVIL} from clients where phone = ${PHONE}`;
  await sql`update visits set yclients_client_id = 77`;
  await give(salon, "+79007654321");
  const irina = telegram.person({ id: 700, firstName: "Ирина" });
  Object.assign(irina.user, { first_name: EVIL });
  Object.assign(salon.olga.user, { first_name: EVIL });
  Object.assign(anna.user, { first_name: EVIL });
  await irina.start();
  const { olga } = salon;
  for (const words of ["89001234567", "4567", "89001234567 3500", "/why 89001234567", "/today"])
    await olga.say(words);
  for (const key of ["11", "13:00"]) await olga.tap(key).catch(() => {});
  await ask(olga, "89001234567", "История");
  for (const [words, key] of [
    [`/credit 89001234567 5 ${EVIL}`, "Начислить 5"],
    [`/debit 89001234567 5 ${EVIL}`, "Снять 5"],
    ["89001234567 70", "Списать 69"],
  ] as const) {
    await ask(olga, words, key, "Отменить до");
  }
  await ask(olga, `/credit 89001234567 500 ${EVIL}`, "Начислить 500");
  await irina.tap("Подтвердить");
  await ask(olga, "/move 89001234567 89007654321 7", "Перенести 7");
  await anna.start();
  await anna.tap("Согласен");
  for (const words of ["/start", "/balance", "/history", "/why", "/mydata", "/contacts", "/forget"])
    await anna.say(words);
  await irina.say("/stats");
  await telegram.idle();
  expect(last(irina)).not.toBe("");
  expectPlain(salon, 20);
});

test("a salon's name and a reason are words in what clients are told of", async () => {
  await using salon = await tellingSalon();
  await salon.sql`
    insert into companies (company_id, title, time_zone) values (11, ${EVIL}, 'Europe/Moscow')
    on conflict (company_id) do update set title = excluded.title`;
  await salon.till("credit", 10_000, { reason: EVIL });
  await salon.till("debit", 100, { reason: EVIL });
  await salon.till("spend", 100, { bill: 100_000 });
  await salon.wake();
  await salon.tell();
  const shown = salon.telegram.messages(501);
  expect(shown.map(({ text }) => text).join("\n")).toContain(`Причина: ${EVIL}`);
  expect(JSON.stringify(shown.flatMap(({ entities }) => entities))).not.toContain("evil");
  expect(await salon.untold()).toEqual([]);
});

test("a reason that a spreadsheet would run is text in both kinds of export, and one of several lines is never stored", async () => {
  await using salon = await tillSalon({}, 34_000);
  const { olga, sql, db } = salon;
  const formulas = [
    "=1+1",
    "+1+cmd",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("https://evil.example";"x")',
    "\t=1+1",
    "\r=1+1",
    "чай\n=1+1",
  ];
  for (const formula of formulas) await ask(olga, `/credit 89001234567 1 ${formula}`, "Начислить 1");
  const reasons = await sql`select reason from bonuslog where id > 1 order by id`;
  expect(reasons.map(({ reason }) => reason)).toEqual([...formulas.slice(0, 5), "=1+1", "=1+1", "чай =1+1"]);
  for (const reason of ["\t=1", "\r=1", "a\n=1"])
    await expect(
      sql`insert into bonuslog (client_id, kind, points, actor, key, reason) values (1, 'credit', 1, 'admin:1', 'x', ${reason})`.execute(),
    ).rejects.toThrow("reason_is_one_line");
  for (const excel of [false, true]) {
    const chunks: string[] = [];
    await exportLedger(db, { timeZone: "Europe/Moscow", excel }, (chunk) => void chunks.push(chunk));
    const [, ...lines] = chunks.join("").trimEnd().split("\r\n");
    expect(lines).toHaveLength(9);
    // Cells as a spreadsheet splits them: quoted ones whole.
    const cells = lines.flatMap((line) => line.match(/"(?:[^"]|"")*"|[^;,"]+/g) ?? []);
    const run = cells
      .map((cell) => cell.replace(/^"/, ""))
      .filter((cell) => /^[=+@\t\r]|^-(?!\d+([.,]\d+)?$)/.test(cell));
    expect(run).toEqual([]);
    expect(lines.join("\n")).toContain("'=1+1");
  }
});

test("what others say cannot begin a line of the log, nor paint a terminal", async () => {
  const lines: string[] = [];
  const forged = 'x\n{"level":"error","msg":"forged"}\r\n12:00:00 error forged\u001b[31m\u009b2J\u2028end';
  const log = makeLog("info", false, { write: (line) => void lines.push(line) });
  log.warn({ error: forged, err: new Error(forged) }, forged);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.match(/\n/g)).toHaveLength(1);
  const script = `import { makeLog } from "${import.meta.dir}/../../src/log.ts";
    const words = ${JSON.stringify(forged)};
    makeLog("info", true).warn({ error: words, err: new Error(words) }, words);`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "pipe" });
  const [text] = await Promise.all([child.stderr.text(), child.exited]);
  expect(text.match(/\n/g)).toHaveLength(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
  expect(text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
});
