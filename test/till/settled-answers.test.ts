// What a spend that pays in the journal says, to whom and when: at the till, to the owner who is asked, and to nobody else's cost.

import { expect, test } from "bun:test";
import { pino } from "pino";
import { poll } from "../../src/channels/telegram/polling.ts";
import { until } from "../helpers/program.ts";
import { settlingTill } from "../helpers/settling-till.ts";
import { ask, last } from "../helpers/till-salon.ts";

const BILL = "89001234567 3500";

test("where the bot polls, whoever waits for the journal holds up nobody else", async () => {
  await using till = await settlingTill();
  await till.book(3500);
  await ask(till.olga, BILL);
  till.telegram.webhook.set("", {});
  const stop = new AbortController();
  const polled = poll({
    ...{ api: till.channel.api, handle: till.handle, signal: stop.signal, log: pino({ level: "silent" }) },
    allowedUpdates: ["message", "callback_query"],
  });
  till.loyal.yclients.faults.always({ delayMs: 100 });
  void till.olga.tap("Списать 340");
  await until(() => till.loyal.yclients.requests.length > 0);
  void till.marina.say("89001234567");
  await until(() => till.said(602).length > 0);
  expect(last(till.olga)).toContain("→ к оплате 3 160 ₽");
  await until(() => last(till.olga).startsWith("✅ Списано 340."));
  stop.abort();
  await polled;
});
