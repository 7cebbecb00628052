// The executable with three tokens and no ids: the line that it prints, two replicas, a restart, and what `check` says.
import { expect, test } from "bun:test";
import { replica } from "../helpers/crowd.ts";
import { freePort, type Service, until, world } from "../helpers/program.ts";
import { soft } from "../helpers/soft.ts";

const nobody = { ADMINS_IDS: "", OWNER_IDS: "" };
const linksIn = (service: Service) =>
  [...service.text.matchAll(/\?start=(staff_[\w-]+)/g)].map((one) => one[1] ?? "");

test("without ids serve prints one link, on no line of the log; its first opener is the owner, and a restart prints none", async () => {
  await using w = await world({ empty: true });
  expect((await w.run(["check"], nobody)).out).toContain(
    "warn  owner                 nobody yet → open the link that serve prints",
  );
  const service = await w.serve(nobody);
  await until(() => linksIn(service).length > 0);
  const line = service.text.split("\n").find((one) => one.includes("?start=staff_")) ?? "";
  expect(line).toStartWith(
    "There is no owner yet. Whoever opens this link first becomes the owner (once, within an hour",
  );
  const anna = await w.anna();
  await anna.say("/balance");
  expect((await anna.waitForMessage("На карте")).text).toContain("баллов пока нет");
  const irina = w.telegram.person({ id: 700, firstName: "Ирина" });
  const before = linksIn(service);
  await irina.say(`/start ${before[0]}`);
  await irina.waitForMessage("Вы владелец.");
  await irina.say("/staff");
  expect(soft((await irina.waitForMessage("Кто работает с ботом")).text)).toContain("Ирина, id 700");
  // At level debug too, what was opened stands nowhere but in that line.
  expect(service.text.split(before[0] ?? "none")).toHaveLength(2);
  expect(linksIn(service)).toEqual(before);
  expect((await service.stop()).code).toBe(0);
  expect((await w.run(["check"], nobody)).out).toContain("ok    owner 700");
  const again = await w.serve(nobody);
  await irina.say("/stats");
  await irina.waitForMessage("Сводка");
  expect(linksIn(again)).toEqual([]);
});

test("of two replicas the link printed last is the one that works, whichever of them it comes to", async () => {
  await using w = await world();
  const env = { ...w.env, ...nobody };
  await using one = await replica(w, freePort(), env);
  await until(() => linksIn(one).length > 0);
  await using two = await replica(w, freePort(), env);
  await until(() => linksIn(two).length > 0);
  const irina = w.telegram.person({ id: 700, firstName: "Ирина" });
  await irina.say(`/start ${linksIn(one)[0]}`);
  await irina.waitForMessage("Эта ссылка не действует");
  await irina.say(`/start ${linksIn(two)[0]}`);
  await irina.waitForMessage("Вы владелец.");
});

test("a start ends the link before it where Telegram is away too: what opens it may come before the next one is printed", async () => {
  await using w = await world();
  const first = await w.serve(nobody);
  await until(() => linksIn(first).length > 0);
  const links = () => w.sql`select from staff_links`;
  expect(await links()).toHaveLength(1);
  expect((await first.stop()).code).toBe(0);
  const second = await w.serve({ ...nobody, TELEGRAM_API_ROOT: "http://127.0.0.1:1" });
  await until(() => second.text.includes("Telegram cannot be reached"));
  expect(await links()).toHaveLength(0);
  expect((await second.stop()).code).toBe(0);
});
