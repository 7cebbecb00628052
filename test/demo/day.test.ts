// The demo's salon is open whatever the hour outside, by its own clock, and its page is for this machine unless asked.
import { expect, test } from "bun:test";
import { placeOf } from "../../src/demo/place.ts";
import { companyAt, openJournal } from "../../src/demo/salon.ts";
import { openChain } from "../../src/demo/settling.ts";
import { journalView } from "../../src/demo/views.ts";
import { dayOf, isTimeZone, wallTime } from "../../src/rules/time.ts";
import { Journal } from "../../src/standins/yclients/journal.ts";

const hours = Array.from(
  { length: 48 },
  (_, half) => Date.UTC(2026, half % 2 ? 6 : 0, 15) + half * 1_800_000,
);

test("at any hour of any season it is the afternoon in the salon, and its visits are of 10:00 to 20:00", () => {
  for (const now of hours.map((at) => new Date(at))) {
    const company = companyAt(now);
    expect(isTimeZone(company.timeZone)).toBe(true);
    expect(wallTime(now, company.timeZone).slice(11, 13)).toBe("14");
    const journal = new Journal({ now: () => now });
    journal.addCompany(company);
    openJournal(journal, company, now);
    const times = journal.records(company.id).map(({ datetime }) => datetime.slice(0, 16));
    const today = dayOf(now, company.timeZone);
    expect(times.filter((at) => at.startsWith(today))).toHaveLength(5);
    expect(times.filter((at) => at.slice(11) < "10:00" || at.slice(11) > "20:00")).toEqual([]);
    const chain = openChain(journal, company, () => now);
    expect(journalView({ journal, company, chain }, now)).toHaveLength(6);
  }
});

test("without --host the page is for this machine alone; with it, by the machine's own addresses alone", () => {
  const own = ["192.168.1.20", "fd00::7"];
  expect(placeOf(undefined, own)).toEqual({
    host: "127.0.0.1",
    names: ["127.0.0.1", "localhost"],
    shared: false,
  });
  expect(placeOf("127.0.0.1", own).shared).toBe(false);
  expect(placeOf("::1", own)).toEqual({ host: "::1", names: ["[::1]", "localhost"], shared: false });
  expect(placeOf(" 192.168.1.20 ", own)).toEqual({
    host: "192.168.1.20",
    names: ["192.168.1.20"],
    shared: true,
  });
  expect(placeOf("[fd00::7]", own)).toEqual({ host: "fd00::7", names: ["[fd00::7]"], shared: true });
  expect(placeOf("0.0.0.0", own)).toEqual({
    host: "0.0.0.0",
    names: ["192.168.1.20", "[fd00::7]", "127.0.0.1", "localhost"],
    shared: true,
  });
  expect(placeOf("0.0.0.0", []).shared).toBe(false);
});

test.each([
  "",
  "192.168.1.21",
  "salon.example",
  "http://192.168.1.20",
  "192.168.1.20:80",
  "0",
  "192.168.1.20/24",
])("--host %p is refused with what the machine has", (host) => {
  const wrong = `--host takes an address of this machine (it has 192.168.1.20, and 0.0.0.0 is all of them): "${host}" is none.`;
  expect(() => placeOf(host, ["192.168.1.20"])).toThrow(wrong);
  expect(() => placeOf(host, [])).toThrow("it is in no network now");
});
