// The executable on a role that owns nothing: whatever the program does it can do, and an upgrade needs no hand.
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oldDatabase } from "../helpers/old-program.ts";
import { BRANCH, until, world } from "../helpers/program.ts";
import { twoRoles } from "../helpers/two-roles.ts";

test("serve migrates as the owner and works as the lesser role: visits, messages, till, forgetting", async () => {
  await using w = await world({ empty: true });
  await using roles = await twoRoles(w.database);
  const service = await w.serve({ ...roles.env, ...w.publicUrl, DIGEST_AT: "off" });
  const [olga, anna] = [
    w.telegram.person({ id: 901, firstName: "Ольга" }),
    w.telegram.person({ id: 501, firstName: "Анна", phone: "+79001234567" }),
  ];
  await until(() => w.telegram.webhook.url !== "");
  await olga.start();
  await anna.start();
  await anna.tap("Согласен, отправить мой номер");
  const first = w.pay(3500);
  await anna.waitForMessage("35 баллов");
  w.journal.noShow(w.pay(1000));
  await olga.say("/credit 89001234567 50 за отзыв");
  await olga.tap("Начислить 50");
  await anna.waitForMessage("50");
  await olga.say("89001234567 1000");
  for (const text of ["/today", "/why 89001234567", "/stats", "/export", "4567"]) await olga.say(text);
  for (const text of ["/balance", "/card", "/history", "/mydata"]) await anna.say(text);
  expect((await w.run(["check"], roles.env)).out).toMatch(/^ok {4}role {18}a lesser one/m);
  await anna.say("/forget");
  await anna.tap("Удалить навсегда");
  await until(async () => (await w.sql`select from clients where forgotten_at is not null`).length === 1);
  w.journal.refund(first);
  await until(async () => (await w.ledger()).some((row) => row.kind === "correction"));
  expect((await service.stop()).code).toBe(0);
  expect(service.text).not.toMatch(/permission denied|must be owner|a failure nobody|a webhook failed/);
  expect([...(await w.sql`select distinct tableowner from pg_tables where schemaname = 'public'`)]).toEqual([
    { tableowner: roles.owner },
  ]);
});

test("every command works as the lesser role, import too", async () => {
  await using w = await world({ empty: true });
  await using roles = await twoRoles(w.database);
  await using old = await oldDatabase(BRANCH);
  const client = await old.client({ yclients: 31, phone: "+79001234567", points: 12, telegram: 501 });
  await old.award(client, 700, 35);
  const anna = w.telegram.person({ id: 501, firstName: "Анна", phone: "+79001234567" });
  anna.chat.started = true;
  w.telegram.person({ id: 901, firstName: "Ольга" }).chat.started = true;
  w.pay(3500);
  const unset = { ...roles.env, PROGRAM_START: "" };
  const folder = mkdtempSync(join(tmpdir(), "loyalty-roles-"));
  const list = join(folder, "list.csv");
  writeFileSync(list, "+79001234567;5\n");
  for (const command of [
    ["import", "--from", old.url, "--dry-run"],
    ["import", "--from", old.url],
    ["import", "--csv", list],
    ["import", "--take-back", "1"],
    ["migrate"],
    ["sync", "--dry-run"],
    ["sync", "--since", "2026-01-01"],
    ["sync"],
    ["notify"],
    ["verify"],
    ["export"],
    ["check"],
    ["webhook", "set"],
  ]) {
    const more = command[0] === "webhook" ? { PUBLIC_URL: "https://bot.example.ru" } : {};
    const { code, err } = await w.run(command, { ...unset, ...more });
    expect([command[0], code, code === 0 ? "" : err]).toEqual([command[0], 0, ""]);
  }
  rmSync(folder, { recursive: true, force: true });
  expect(await w.ledger()).toHaveLength(5);
});

test("without the owner's address it serves a migrated database, and says who has to migrate another", async () => {
  await using w = await world({ empty: true });
  await using roles = await twoRoles(w.database);
  const alone = { DATABASE_URL: roles.programUrl };
  for (const command of ["migrate", "serve", "sync"]) {
    const { code, err } = await w.run([command], alone);
    expect([command, code, err]).toEqual([
      command,
      1,
      `The database cannot be migrated: the role may not make tables: grant create on schema public to "${roles.program}", as \
the schema's owner; or name the role that owns the tables in MIGRATE_DATABASE_URL.\n`,
    ]);
  }
  expect((await w.run(["migrate"], roles.env)).code).toBe(0);
  expect((await w.run(["migrate"], alone)).out).toBe("nothing to apply: the database is up to date\n");
  const service = await w.serve(alone);
  expect((await service.stop()).code).toBe(0);
});
