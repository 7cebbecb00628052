/** A soak: the executable under steady load for SOAK_MINUTES, its memory looked at every ten seconds; SOAK_JSON keeps it. */
import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { stampOf } from "../../src/standins/yclients/record.ts";
import { BRANCH, until, world } from "../helpers/program.ts";

const minutes = Number(process.env.SOAK_MINUTES ?? 0);
const people = 60;

test.skipIf(minutes === 0)(
  "under load for an hour memory stays flat, everything is told, the ledger is sound",
  async () => {
    await using w = await world();
    for (let ago = 3_600; ago > 0; ago--) paidEarlier(w, ago);
    const hints = "hints-of-the-soak-hints-of-the-soak";
    const env = { ...w.publicUrl, YCLIENTS_WEBHOOK_SECRET: hints, LOG_LEVEL: "warn" };
    const service = await w.serve(env);
    w.yclients.webhook(`http://127.0.0.1:${w.port}/yclients/webhook/${hints}`, { times: 2 });
    const persons = Array.from({ length: people }, (_, index) =>
      w.telegram.person({ id: 1_000 + index, firstName: "Клиент", phone: phoneOf(index) }),
    );
    const admin = w.telegram.person({ id: 901, firstName: "Ольга" });
    await admin.start();
    for (const person of persons) {
      await person.start();
      await person.shareContact();
    }
    const memory: number[] = [];
    const visits: number[] = [];
    let updates = 0;
    const end = performance.now() + minutes * 60_000;
    for (let second = 0; performance.now() < end; second++) {
      const tick = Bun.sleep(1_000);
      for (let each = 0; each < 10; each++) {
        void persons[(second * 7 + each) % people]?.say(each % 3 === 0 ? "/history" : "/balance");
        updates += 1;
      }
      const client = { id: 40_000 + (second % people), name: "Клиент", phone: phoneOf(second % people) };
      visits.push(w.pay(500 + (second % 50) * 10, client));
      if (second % 10 === 9) w.journal.refund(visits.at(-7) ?? 0);
      if (second % 20 === 19) {
        await admin.say(`/credit ${phoneOf(second % people)} ${1 + (second % 9)} спасибо`);
        await admin.tap("Начислить");
      }
      if (second % 10 === 0) memory.push(residentOf(service.pid));
      await tick;
    }
    await w.telegram.idle();
    const untold = () => w.sql`select from bonuslog where not is_telegram_notified`;
    await until(async () => (await untold()).length === 0, 120_000);
    expect((await service.stop()).code).toBe(0);
    const { code, out } = await w.run(["verify"]);
    expect(code, out).toBe(0);
    const [rows] = await w.sql<{ count: number }[]>`select count(*)::int as count from bonuslog`;
    // The first tenth warms up; then the medians of the first and the last third are compared.
    const warm = memory.slice(Math.ceil(memory.length / 10));
    const third = Math.ceil(warm.length / 3);
    const [first, last] = [median(warm.slice(0, third)), median(warm.slice(-third))];
    const result = {
      minutes,
      updates,
      visits: visits.length,
      rows: rows?.count,
      first,
      last,
      most: Math.max(...memory),
      /** MiB, every ten seconds. */
      memory,
    };
    if (process.env.SOAK_JSON) writeFileSync(process.env.SOAK_JSON, JSON.stringify(result));
    expect(last / first).toBeLessThan(1.1);
    expect(w.journal.records(BRANCH).length).toBe(3_600 + visits.length);
  },
  minutes * 60_000 + 300_000,
);

/**
 * A pass reads what changed in the last hour again: with an hour behind it, the first minutes are like the last. The
 * journal's clock is the machine's, so the stamp is written over.
 */
function paidEarlier({ journal, pay }: Awaited<ReturnType<typeof world>>, seconds: number): void {
  const id = pay(500, { id: 40_000 + (seconds % people), name: "Клиент", phone: phoneOf(seconds % people) });
  const at = new Date(Date.now() - seconds * 1_000);
  journal.put({ ...journal.record(id), last_change_date: stampOf(at, "Europe/Moscow") });
}

const phoneOf = (index: number) => `+7900${String(1_000_000 + index * 1_117).padStart(7, "0")}`;
const median = (of: number[]) => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;

/** Resident memory in MiB. */
function residentOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
