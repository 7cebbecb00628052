// The executable with points that end: what its start keeps of the settings, and what owners and clients read of it.
import { expect, test } from "bun:test";
import { until, world } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";

test("switched on, then off: owners hear of it once each, and clients read it in /help", async () => {
  await using w = await world();
  const irina = w.telegram.person({ id: 700, firstName: "Ирина" });
  irina.chat.started = true;
  const said = () =>
    w.telegram
      .messages(700)
      .map(({ text }) => soft(text))
      .filter((text) => text.startsWith("Срок баллов"));
  const owner = { OWNER_IDS: "700", NOTIFY_CRON: "* * * * * *" };
  const first = await w.serve({ ...owner, POINTS_LIVE: "12 months" });
  await until(() => said().length > 0);
  expect(said()[0]).toStartWith("Срок баллов: 12 месяцев, до конца последнего из них, действует с ");
  const anna = await w.anna();
  await anna.say("/help");
  expect(soft((await anna.waitForMessage("Потратить")).text)).toContain("Баллы можно тратить 12 месяцев");
  expect((await first.stop()).code).toBe(0);
  await (await w.serve({ ...owner, POINTS_LIVE: "12 months" })).stop();
  expect(said()).toHaveLength(1);
  await w.serve(owner);
  await until(() => said().length > 1);
  expect(said()[1]).toContain("отсчёт стоит");
});
