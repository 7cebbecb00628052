// What is done at the till is told at once, on a service whose timetable would tell it next year.
import { expect, test } from "bun:test";
import { pino } from "pino";
import { serve } from "../../src/app/service.ts";
import { readConfig } from "../../src/config/config.ts";
import { linkTo } from "../helpers/accounts.ts";
import { deployment } from "../helpers/checked.ts";
import { freePort, until } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";

const never = "0 0 0 1 1 *";

/** Anna's card holds 340 points and is linked; her visit has settled and is due, and Olga is at the till. */
async function shop() {
  const made = await deployment();
  const env = {
    ...made.env,
    HOST: "127.0.0.1",
    PORT: String(freePort()),
    DIGEST_AT: "off",
    NOTIFY_CRON: never,
  };
  const config = readConfig({ ...env, SYNC_CRON: never, OWNER_IDS: "902" }, { secretsFolder: "/dev/null" });
  const anna = made.telegram.person({ id: 501, firstName: "Анна", phone: "+79001234567" });
  anna.chat.started = true;
  await linkTo(made.sql, 501, "+79001234567");
  await made.sql`
    insert into bonuslog (client_id, kind, points, actor, key, is_telegram_notified)
    select id, 'credit', 340, 'admin:1', 'before', true from clients`;
  const service = await serve(config, pino({ level: "silent" }));
  const olga = made.telegram.person({ id: 901, firstName: "Ольга" });
  const said = () => made.telegram.messages(501).map((one) => soft(one.text));
  return {
    sql: made.sql,
    say: (text: string) => olga.say(text),
    /** Taps a button as soon as it is there. */
    tap: async (label: string) => {
      const labels = () => (olga.lastMessage()?.inline ?? []).flat().map(({ text }) => soft(text));
      await until(() => labels().some((text) => text.startsWith(label)));
      await olga.tap(label);
    },
    told: async (count: number) => {
      await until(() => said().length === count);
      return said().at(-1) ?? "";
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      await made[Symbol.asyncDispose]();
    },
  };
}

test("a spend, its undo and a credit are told without the timetable, each at once", async () => {
  await using salon = await shop();
  const { say, tap, told } = salon;
  await say("89001234567 3500");
  await tap("Списать 340");
  expect(await told(1)).toContain("Списано 340 баллов на кассе");
  await tap("Отменить до");
  expect(await told(2)).toContain("Списание отменено, вернули 340 баллов.");
  await say("/credit 89001234567 10 за ожидание");
  await tap("Начислить 10");
  expect(await told(3)).toContain("10 баллов. Причина: за ожидание.");
});

test("a visit that is due waits for the timetable, though something is told at once", async () => {
  await using salon = await shop();
  const { say, tap, told, sql } = salon;
  await sql`
    insert into bonuslog (client_id, kind, record_id, points, actor, key)
    select id, 'award', 7, 35, 'sync', 'visit:7' from clients`;
  await sql`insert into notices (client_id, about, due_at) select id, 'visits', now() from clients`;
  await say("/credit 89001234567 10 за ожидание");
  await tap("Начислить 10");
  await told(1);
  await Bun.sleep(300);
  expect(await sql`select about from notices`).toEqual([{ about: "visits" }] as never);
});
